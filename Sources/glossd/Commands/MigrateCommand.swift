import ArgumentParser
import GlossServer

/// Brings the data to this version's schema.
struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate", abstract: "Bring the data of a stopped server to this version.",
        discussion: """
            A server does so by itself when it starts. There is no way back to an older version: \
            make a copy first (glossd backup).
            """)
    @OptionGroup var common: CommonOptions
    @OptionGroup var dry: DryRunOption

    func run() async throws {
        let migration = try await Migration.run(
            dataDirectory: try common.configuration().dataDirectory, isDryRun: dry.isOn)
        if common.json { return Output.data(migration.json) }
        if migration.from == migration.to {
            Output.data("Schema \(migration.to): nothing to do.")
        } else {
            let verb = migration.isDone ? "Brought" : "Would bring"
            Output.data("\(verb) the data from schema \(migration.from) to \(migration.to).")
        }
    }
}

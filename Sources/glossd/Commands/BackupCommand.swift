import ArgumentParser
import Glibc
import GlossServer

/// Copies the store.
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Write a consistent copy of everything to a new file.")
    @OptionGroup var common: CommonOptions
    @Argument(help: "The file; must not exist. Default: glossd-SECONDS.db in this directory.")
    var file: String?

    func run() async throws {
        var path = file ?? "glossd-\(time(nil)).db"
        if !path.hasPrefix("/") { path = "\(try Self.workingDirectory())/\(path)" }
        try await common.perform(AdminRequest(.backup, path: path)) { report in
            Output.data(report.backup ?? path)
        }
    }

    private static func workingDirectory() throws(ServerError) -> String {
        guard let path = getcwd(nil, 0) else {
            throw ServerError(.io, "The current directory is gone.")
        }
        defer { free(path) }
        return String(cString: path)
    }
}

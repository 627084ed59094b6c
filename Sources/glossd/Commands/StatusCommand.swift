import ArgumentParser
import GlossServer

/// Says how the server is.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Say how the server is.")
    @OptionGroup var common: CommonOptions

    func run() async throws {
        try await common.perform(AdminRequest(.status)) { report in
            guard let status = report.status else { return }
            Output.table(
                ["glossd \(status.version)", status.running ? "running" : "stopped"],
                [
                    ["address", status.address], ["key", status.fingerprint],
                    ["connections", "\(status.connections)"],
                    ["documents in memory", "\(status.documentsInMemory)"],
                    ["users", "\(status.users)"], ["libraries", "\(status.libraries)"],
                ])
        }
    }
}

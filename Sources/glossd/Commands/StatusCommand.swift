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
                    ["logged in", "\(status.connections)"],
                    ["documents in memory", "\(status.documentsInMemory)"],
                    ["users", "\(status.users)"], ["libraries", "\(status.libraries)"],
                ] + Self.vitals(status))
        }
    }

    /// What only a running server can say.
    private static func vitals(_ status: AdminReport.Status) -> [[String]] {
        let rows: [(String, String?)] = [
            ("up", status.uptime.map { "\($0) s" }),
            ("ready", status.uptime.map { _ in status.problem ?? "yes" }),
            ("metrics", status.http.map { "http://\($0)/metrics" }),
            ("connections", status.openConnections.map(String.init)),
            ("changes received", status.changesReceived.map(String.init)),
            ("changes sent", status.changesSent.map(String.init)),
            ("pushes refused", status.pushesRefused.map(String.init)),
            ("bytes waiting", status.bytesWaiting.map(String.init)),
            ("database", status.databaseBytes.map { "\($0 / 1_024) KiB" }),
            ("write-ahead log", status.walBytes.map { "\($0 / 1_024) KiB" }),
            ("disk free", status.diskFree.map { "\($0 / 1_048_576) MiB" }),
        ]
        return rows.compactMap { name, value in value.map { [name, $0] } }
    }
}

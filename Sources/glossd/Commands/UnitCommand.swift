import ArgumentParser
import Glibc
import GlossServer

/// Prints a systemd unit.
struct UnitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unit", abstract: "Print a systemd unit that runs the server with few rights.",
        discussion: """
            EXAMPLES
              glossd unit > /etc/systemd/system/glossd.service
              systemctl daemon-reload && systemctl enable --now glossd

            The data is in /var/lib/glossd then; the first invitation is in its file first-invite. \
            The other commands need --data /var/lib/glossd and the right to read it.
            """)
    @OptionGroup var common: CommonOptions
    @Option(help: "The user to run as; else systemd makes one up.") var user: String?

    func run() throws {
        let resolved = try common.sources().resolve()
        let file = try resolved.file.map { path throws(ServerError) in
            try BackupCommand.absolute(path)
        }
        let unit = ServiceUnit(
            program: try Self.program(), configuration: file, user: user,
            connections: resolved.configuration.connections,
            drainSeconds: resolved.configuration.drainSeconds)
        Output.data(unit.text)
    }

    /// Where this program is.
    private static func program() throws(ServerError) -> String {
        guard let path = realpath("/proc/self/exe", nil) else {
            throw ServerError(.io, "The path of this program is not known.")
        }
        defer { free(path) }
        return String(cString: path)
    }
}

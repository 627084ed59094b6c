import ArgumentParser
import GlossServer

/// Prints what changed access.
struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Print what changed who may do what, and who did it.",
        discussion: """
            The file is audit.jsonl in the data directory. It holds invitations made, used and run \
            out, roles, devices cut off, libraries, keys, and refused logins, a minute's worth a \
            line. “uid” is the system's user id of whoever ran glossd.
            """)
    @OptionGroup var common: CommonOptions
    @Option(help: ArgumentHelp("Only the last entries.", valueName: "count")) var last: Int?

    func run() throws {
        let directory = try common.configuration().dataDirectory
        var entries = try Administration.audit(dataDirectory: directory)
        if let last { entries = Array(entries.suffix(max(0, last))) }
        if common.json {
            for entry in entries { Output.data(entry.json) }
            return
        }
        let rows = entries.map { [$0.time, $0.by.description, $0.event.rawValue, $0.details] }
        Output.table(["TIME", "BY", "WHAT", ""], rows)
    }
}

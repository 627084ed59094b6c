import ArgumentParser
import GlossServer

/// Compacts documents.
struct CompactCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compact", abstract: "Keep the changes of documents in fewer bytes.",
        discussion: """
            A running server does this by itself for documents that have grown. Nothing is lost: each \
            change is compared, byte for byte, before it is replaced. The database file does not get \
            shorter by it; the room is used again.

            EXAMPLES
              glossd compact -n       say what there is to be gained
            """)

    @OptionGroup var common: CommonOptions

    @Option(help: "One library only.")
    var library: String?

    @OptionGroup var dry: DryRunOption

    func run() async throws {
        let request = AdminRequest(.compact, library: library, dry: dry.request)
        let report = try await common.perform(request) { report in
            let done = (report.compactions ?? []).filter { $0.failure == nil }
            for entry in report.compactions ?? [] {
                if let failure = entry.failure { Output.message("glossd: \(failure)") }
            }
            guard !done.isEmpty else { return Output.message("Nothing to be gained.") }
            Output.table(
                ["DOCUMENT", "CHANGES", "BYTES BEFORE", dry.isOn ? "WOULD BE" : "NOW"],
                done.map { [$0.id, "\($0.changes)", "\($0.before)", "\($0.after)"] })
        }
        if report.compactions?.contains(where: { $0.failure != nil }) == true {
            throw ExitCode(ExitStatus.damaged.rawValue)
        }
    }
}

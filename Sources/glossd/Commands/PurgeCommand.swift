import ArgumentParser
import Glibc
import GlossServer

/// Purges an article.
struct PurgeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "purge", abstract: "Remove an article with all its notes, for good.",
        discussion: """
            Text, notes and history go from the server's database. Clients are told that the article \
            is gone; what they have of it stays with them. Nobody can make an article with its id \
            again. Copies made with glossd backup still hold it: after one of them was restored, purge \
            again.

            EXAMPLES
              glossd purge river -n       say what would go
            """)

    @OptionGroup var common: CommonOptions

    @Argument(help: "The article's id or its name, as glossd document list has them.")
    var document: String

    @Flag(help: "Do not ask.")
    var yes = false

    @OptionGroup var dry: DryRunOption

    func run() async throws {
        if dry.isOn {
            try await common.perform(AdminRequest(.purge, name: document, dry: true)) { report in
                if let purge = report.purge { Self.show(purge, "would go") }
            }
            return
        }
        if !yes { try await confirm() }
        let report = try await common.perform(AdminRequest(.purge, name: document)) { report in
            guard let purge = report.purge else { return }
            Self.show(purge, "gone")
        }
        if let reason = report.purge?.unreclaimed {
            throw ServerError(
                .io,
                "It is purged, but its text may still stand in unused parts of the database file: "
                    + "\(reason) Then run the same command again.")
        }
    }

    /// Asks whoever sits at the terminal.
    private func confirm() async throws {
        let directory = try common.configuration().dataDirectory
        let plan = try await Administration.perform(
            AdminRequest(.purge, name: document, dry: true), dataDirectory: directory)
        guard let purge = plan.purge, !purge.purged else { return }
        guard isatty(STDIN_FILENO) == 1 else {
            throw ServerError(
                .invalid, "Nobody is there to ask. To purge without a question, add --yes.")
        }
        Self.show(purge, "would go")
        Output.message("Purge \(purge.name ?? purge.id) for good? Nothing brings it back. [y/N]")
        guard let answer = readLine(), ["y", "yes"].contains(answer.lowercased()) else {
            Output.message("Nothing was purged.")
            throw ExitCode.success
        }
    }

    private static func show(_ purge: AdminReport.Purge, _ word: String) {
        if purge.documents.isEmpty {
            return Output.message("\(purge.id) was purged before.")
        }
        let name = purge.name.map { " “\($0)”" } ?? ""
        Output.message("\(word)\(name) of \(purge.library ?? "no library"):")
        Output.table(
            ["DOCUMENT", "KIND", "CHANGES", "BYTES"],
            purge.documents.map { [$0.id, $0.kind, "\($0.changes)", "\($0.bytes)"] })
    }
}

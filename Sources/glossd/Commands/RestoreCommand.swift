import ArgumentParser
import GlossServer

/// Makes data of a copy.
struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Put a copy into a new data directory.",
        discussion: """
            The copy is verified first, and nothing that is there is ever overwritten. The server's \
            key is not in a copy: put the old server-key.pem beside it, or everybody has to join \
            again with a new invitation.

            What the copy lacks, each client gives back with its next sync, of anybody's changes. Who \
            joined after the copy was made joins again, with their library, by a new invitation.
            """)
    @OptionGroup var common: CommonOptions
    @Argument(help: "The copy, from glossd backup.") var file: String
    @Option(help: ArgumentHelp("A directory that is empty or not there.", valueName: "dir"))
    var to: String
    @OptionGroup var dry: DryRunOption

    func run() async throws {
        let report = try await Backups.restore(file, to: to, isDryRun: dry.isOn)
        if common.json { return Output.data(report.json) }
        let verb = dry.isOn ? "Would restore" : "Restored"
        Output.data(
            "\(verb) \(report.documents) documents with \(report.changes) changes to \(to).")
        Output.message("The newest change in it was received \(report.lastChangeText).")
        if dry.isOn { return dry.tell() }
        Output.message(
            "What came later, clients give back with their next sync; who joined "
                + "later needs a new invitation.")
        Output.message(
            "Now put the old server-key.pem into \(to), mode 0600, then: glossd serve --data \(to)")
    }
}

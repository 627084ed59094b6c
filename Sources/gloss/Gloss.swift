import ArgumentParser
import GlossClient

/// The command-line client.
@main
struct Gloss: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gloss",
        abstract: "Annotate and correct articles together, online or off.",
        discussion: """
            EXAMPLES
              gloss init && gloss add river.txt
              gloss note river "not to contain" -m "or confine?"
              gloss sync

            Everything but sync and who works without a network.
            """,
        version: GlossVersion.current,
        groupedSubcommands: [
            CommandGroup(
                name: "Start", subcommands: [InitCommand.self, JoinCommand.self, DemoCommand.self]),
            CommandGroup(
                name: "Read",
                subcommands: [
                    StatusCommand.self, InboxCommand.self, ListCommand.self, ShowCommand.self,
                    NotesCommand.self, ThreadCommand.self, ReadyCommand.self, LogCommand.self,
                    DiffCommand.self, BlameCommand.self, ExportCommand.self,
                ]),
            CommandGroup(
                name: "Write",
                subcommands: [
                    AddCommand.self, NoteCommand.self, AttachCommand.self, ReplyCommand.self,
                    SuggestCommand.self,
                    CheckCommand.self, AcceptCommand.self, RejectCommand.self, EditCommand.self,
                    TagCommand.self,
                    DoneCommand.self, ReopenCommand.self, RemoveCommand.self, RenameCommand.self,
                    ArchiveCommand.self, ForgetCommand.self,
                ]),
            CommandGroup(
                name: "Sync and conflicts",
                subcommands: [
                    SyncCommand.self, WhoCommand.self, OutboxCommand.self, ConflictsCommand.self,
                    ExplainCommand.self, ResolveCommand.self, UndoCommand.self, RedoCommand.self,
                    HistoryCommand.self,
                ]),
        ])

    mutating func run() async throws {
        throw CleanExit.helpRequest(self)
    }

    static func main() async {
        await CommandRunner(Array(CommandLine.arguments.dropFirst())).run()
    }
}

import ArgumentParser
import GlossClient
import GlossCore

/// `gloss undo`: takes a command back.
struct UndoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "undo", abstract: "Take a command back, whole: the last one, or one you name.",
        discussion: """
            With a number from gloss history it takes that command back, whatever came after it. \
            What somebody has written over since stays, and is listed.

            What was never offered to a server is removed, so that no server ever gets it; a redo \
            brings it back from this device. Otherwise the opposite is written, and everybody sees \
            that after the next sync.

            EXAMPLES
              gloss undo
              gloss undo 12
              gloss undo 12 -n     what that would come to
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var dry: DryRunOption
    @Argument(help: "The number of the command in gloss history; the last one by default.")
    var number: Int?

    func run() async throws {
        try await global.step("undone", "Nothing to undo.", number, dry) { library in
            try number.map { try library.undo($0) } ?? library.undo().map { .done($0) }
        }
    }
}

/// `gloss redo`: brings a command back.
struct RedoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "redo",
        abstract: "Bring back what was undone: the last such command, or one you name.",
        discussion: """
            Work that was removed before it was sent comes back as it was, unless you have worked on \
            the same article since.

            EXAMPLES
              gloss redo
              gloss redo 12        the command 12 of gloss history, whatever came after it
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var dry: DryRunOption
    @Argument(help: "The number of the command in gloss history; what was undone last by default.")
    var number: Int?

    func run() async throws {
        try await global.step("redone", "Nothing to redo.", number, dry) { library in
            try number.map { try library.redo($0) } ?? library.redo().map { .done($0) }
        }
    }
}

/// `gloss history`: the commands of this device.
struct HistoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "The commands of this device, and what they did.",
        discussion: """
            EXAMPLES
              gloss history
              gloss history show 12
              gloss undo 12
            """,
        subcommands: [HistoryListCommand.self, HistoryShowCommand.self],
        defaultSubcommand: HistoryListCommand.self)
}

/// `gloss history list`, or without a word.
struct HistoryListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "The commands of this device, the newest first.")

    @OptionGroup var global: GlobalOptions
    @Option(name: [.customShort("n"), .long], help: "At most so many.") var limit = 20

    func run() async throws {
        try await global.run { console in
            var table = TextTable([.init(isRight: true), .init(), .init(), .init(isFlexible: true)])
            for entry in try console.library().history(limit: limit) {
                console.json("history_entry", JSONViews.command(entry))
                table.add([
                    StyledText("\(entry.number)"),
                    StyledText(console.render.time(entry.time), .dim),
                    StyledText(entry.isUndone ? "undone" : ""),
                    StyledText(SafeText.line(entry.command)),
                ])
            }
            console.lines(table.lines(console.render))
        }
    }
}

/// `gloss history show`: what one command did.
struct HistoryShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "What a command did, and how far it has come.",
        discussion: """
            Each change it made: text word by word, and what became of notes; whether the server has \
            it; and which command took it back.

            EXAMPLES
              gloss history show 12
            """)

    @OptionGroup var global: GlobalOptions
    @Argument(help: "The number of the command in gloss history.") var number: Int

    func run() async throws {
        try await global.run { console in
            let detail = try console.library().command(number)
            if console.isJSON {
                return console.json("history_entry", JSONViews.command(detail))
            }
            console.page(CommandRenderer(detail, console.render).lines())
        }
    }
}

import ArgumentParser
import GlossClient
import GlossCore

/// `gloss resolve`: answers.
struct ResolveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resolve", abstract: "Answer conflicts: one, several at once, or all in turn.",
        discussion: """
            An answer settles exactly the versions you saw. It is an edit like others: it works \
            offline, is sent with the next sync, and can be undone.

            EXAMPLES
              gloss resolve                                walk through them
              gloss resolve xkq --take B --why "shorter"
              gloss resolve xkq --take mine
              gloss resolve xkq -m "Is confine the right word? Kennan used it."
              gloss resolve xkq --edit                     in your editor, side by side
              gloss resolve --all --kind text --take merged
              gloss resolve --all --article river --take newest -n

            Your own words (-m, --edit, -F) stand in place of all that the card shows as merged: of \
            the text whole sentences, or, of long ones, the words around the place.
            """, aliases: ["res"])

    @OptionGroup var global: GlobalOptions
    @OptionGroup var dry: DryRunOption
    @Argument(help: "The conflict.") var id: String?
    @Option(
        help:
            "A letter, mine, theirs, a person's name, what a device of yours is called, newest, base, both, merged, keep, withdraw, loose or done."
    )
    var take: String?
    @Option(
        name: [.short, .customLong("message")], parsing: .unconditional, help: "Your own words.")
    var message: String?
    @Flag(help: "Your own words, in your editor.") var edit = false
    @Option(
        name: [.customShort("F"), .long], parsing: .unconditional,
        help: "Your own words, from a file, or from standard input for -.")
    var file: String?
    @Option(parsing: .unconditional, help: "Why; the others see it.") var why: String?
    @Flag(help: "All open ones, with --take; those that it does not answer stay open.")
    var all = false
    @Option(help: "Only those of this kind.") var kind: ConflictKind?
    @Option(help: "Only those of this article.") var article: String?

    mutating func validate() throws {
        let answers = [take != nil, message != nil, edit, file != nil].count { $0 }
        guard answers <= 1 else {
            throw ValidationError("Give one answer: --take, -m, --edit or -F.")
        }
        if all, take == nil { throw ValidationError("Say which: gloss resolve --all --take WORD") }
        if id == nil, !all, answers > 0 || why != nil {
            throw ValidationError("Name a conflict, or --all.")
        }
        if id != nil, all || kind != nil || article != nil {
            throw ValidationError("Name one conflict, or choose with --all, --kind and --article.")
        }
    }

    func run() async throws {
        try await global.run(dry) { console in
            let library = try console.library()
            if let id { return try answer(library.conflict(id), library, console) }
            let article = try article.map { try library.article(named: $0).id }
            let open = try library.conflicts(in: article)
                .filter { kind == nil || $0.conflict.kind == kind }
            guard !open.isEmpty else { return console.say("No open conflicts.") }
            guard let take else {
                return try walk(open, library, console)
            }
            try ConflictBatch(open, take: take).settle(why: why, library, console)
        }
    }

    private func walk(
        _ conflicts: [ConflictView], _ library: Library, _ console: Console
    ) throws {
        guard console.prompter.canAsk else {
            throw CommandError(
                .usage, "needs_answer", "there is no terminal to ask for an answer",
                tries: conflicts.count == 1
                    ? conflicts[0].answers
                    : ["gloss resolve ID --take WORD", "gloss resolve --all --take WORD"])
        }
        var walk = ResolveWalk(conflicts, library, console)
        if try walk.run() > 0 { console.undoHint() }
    }

    private func answer(
        _ conflict: ConflictView, _ library: Library, _ console: Console
    ) throws {
        let choice: ConflictChoice
        var draft: Editor.Draft?
        if let message {
            choice = .words(message)
        } else if let take {
            choice = try conflict.choice(named: take)
        } else if edit || file != nil {
            guard let written = try console.words(answering: conflict, file: file) else {
                throw CommandError(
                    .failed, "cancelled", "no answer was written; \(conflict.shortID) is open",
                    tries: conflict.answers)
            }
            choice = .words(written.text)
            draft = written.draft
        } else {
            return try walk([conflict], library, console)
        }
        do {
            let shown = try library.resolve(
                conflict, choice, why: why, command: console.historyLine)
            console.discard(draft)
            try console.settled(conflict, take ?? "edit", shown)
            if case .words = choice, let words = conflict.replacedWords {
                let verb = console.isDryRun ? "would stand" : "stand"
                console.say("Your words \(verb) in place of “\(words)”.")
            }
            console.undoHint()
        } catch {
            if let draft { console.say("What you wrote is in \(draft.path); -F takes it.") }
            throw error
        }
    }
}

public import ArgumentParser
import GlossClient
public import GlossCore

/// `gloss conflicts`: the open questions.
struct ConflictsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "conflicts",
        abstract: "The open questions, or one of them with everything said.",
        discussion: """
            Nothing is ever blocked by a conflict: reading, writing and syncing go on. gloss status and \
            sync say of text that was merged that it is worth a look, and of all others that they need \
            you: they have no answer until somebody gives one.

            EXAMPLES
              gloss conflicts
              gloss conflicts river --mine
              gloss conflicts --kind verdict
              gloss conflicts --settled
              gloss conflicts show xkq

            KINDS
              value        a field has several values
              delete/edit  withdrawn here, edited or answered there
              verdict      accepted and rejected, in two wordings, or two that overlap
              text         edits of the same words; as merged unless you say otherwise
              anchor       the words under a note are gone or rewritten
              resolution   several people settled one of these differently
            """)

    @OptionGroup var global: GlobalOptions
    @Argument(help: "Only of this article; or: show ID.") var words: [String] = []
    @Option(help: "Only of this kind.") var kind: ConflictKind?
    @Flag(help: "Only those that have a version of yours.") var mine = false
    @Flag(help: "Those that were answered: by whom, how, when and why.") var settled = false
    @Flag(name: .customLong("exit-code"), help: "Exit with 3 if any are open.")
    var exitCode = false

    func run() async throws {
        try await global.run { console in
            let library = try console.library()
            if words.first == "show" {
                guard words.count == 2 else { throw ValidationError("gloss conflicts show ID") }
                return try ConflictText.show(words[1], library, console)
            }
            guard words.count <= 1 else { throw ValidationError("Name one article.") }
            let article = try words.first.map { try library.article(named: $0).id }
            if settled { return try listSettled(article, library, console) }
            let conflicts = try library.conflicts(in: article).filter { isWanted($0) }
            for conflict in conflicts { console.json("conflict", JSONViews.conflict(conflict)) }
            console.lines(ListRenderer(console.render).conflicts(conflicts.map(\.row)))
            if conflicts.isEmpty {
                console.say("No open conflicts.")
            } else {
                console.say(
                    "\(ConflictText.count(conflicts)). Nothing is blocked: reading, writing and syncing go on."
                )
                console.hint("gloss resolve")
            }
            if exitCode, !conflicts.isEmpty { throw ExitCode(ExitStatus.questionsOpen.rawValue) }
        }
    }

    private func isWanted(_ conflict: ConflictView) -> Bool {
        (kind == nil || conflict.conflict.kind == kind) && (!mine || conflict.isMine)
    }

    private func listSettled(
        _ article: DocumentID?, _ library: Library, _ console: Console
    ) throws {
        let settled = try library.settledConflicts(in: article).filter { isWanted($0.question) }
        for conflict in settled {
            console.json("settled_conflict", JSONViews.settled(conflict))
        }
        console.lines(ListRenderer(console.render).conflicts(settled.map(\.row)))
        if settled.isEmpty { return console.say("No conflict was settled yet.") }
        console.hint("gloss conflicts show \(settled[0].question.shortID)")
    }
}

extension ConflictKind: ExpressibleByArgument {}

/// `gloss explain`: one conflict with everything said.
struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Explain a conflict: who said what, when, on which device, and why.",
        discussion: """
            The same as gloss conflicts show. One that was settled says by whom, and how.

            EXAMPLE
              gloss explain xkq
            """)

    @OptionGroup var global: GlobalOptions
    @Argument(help: "The conflict.") var id: String

    func run() async throws {
        try await global.run { console in
            try ConflictText.show(id, try console.library(), console)
        }
    }
}

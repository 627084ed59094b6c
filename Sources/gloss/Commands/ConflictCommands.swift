public import ArgumentParser
import GlossClient
public import GlossCore

/// `gloss conflicts`: the open questions.
struct ConflictsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "conflicts",
        abstract: "The open questions, or one of them with everything said.",
        discussion: """
            Nothing is ever blocked by a conflict: reading, writing and syncing go on.

            EXAMPLES
              gloss conflicts
              gloss conflicts river
              gloss conflicts --kind verdict
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
    @Flag(name: .customLong("exit-code"), help: "Exit with 3 if any are open.")
    var exitCode = false

    func run() async throws {
        try await global.run { console in
            let library = try console.library()
            if words.first == "show" {
                guard words.count == 2 else { throw ValidationError("gloss conflicts show ID") }
                return show(try library.conflict(words[1]), console)
            }
            guard words.count <= 1 else { throw ValidationError("Name one article.") }
            let article = try words.first.map { try library.article(named: $0).id }
            let conflicts = try library.conflicts(in: article)
                .filter { kind == nil || $0.conflict.kind == kind }
            for conflict in conflicts { console.json("conflict", JSONViews.conflict(conflict)) }
            console.lines(ListRenderer(console.render).conflicts(conflicts.map(\.row)))
            if conflicts.isEmpty {
                console.say("No open conflicts.")
            } else {
                console.say(
                    "\(conflicts.count) open. Nothing is blocked: reading, writing and syncing go on."
                )
                console.hint("gloss resolve")
            }
            if exitCode, !conflicts.isEmpty { throw ExitCode(ExitStatus.questionsOpen.rawValue) }
        }
    }

    private func show(_ conflict: ConflictView, _ console: Console) {
        console.json("conflict", JSONViews.conflict(conflict))
        console.lines(ConflictCardRenderer(console.render).lines(conflict.card()))
        console.hint(
            "gloss resolve \(conflict.shortID) --take \(conflict.choices.joined(separator: "|"))")
    }
}

extension ConflictKind: ExpressibleByArgument {}

/// `gloss resolve`: answers.
struct ResolveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resolve", abstract: "Answer conflicts: one, or all in turn.",
        discussion: """
            An answer settles exactly the versions you saw. It is an edit like others: it works \
            offline, is sent with the next sync, and can be undone.

            EXAMPLES
              gloss resolve                                walk through them
              gloss resolve xkq --take B --why "shorter"
              gloss resolve xkq --take mine
              gloss resolve xkq -m "Is confine the right word? Kennan used it."
            """, aliases: ["res"])

    @OptionGroup var global: GlobalOptions
    @OptionGroup var dry: DryRunOption
    @Argument(help: "The conflict.") var id: String?
    @Option(
        help:
            "A letter, mine, theirs, a person's name, base, both, merged, keep, withdraw, loose or done."
    )
    var take: String?
    @Option(
        name: [.short, .customLong("message")], parsing: .unconditional, help: "Your own words.")
    var message: String?
    @Option(parsing: .unconditional, help: "Why; the others see it.") var why: String?

    func run() async throws {
        try await global.run(dry) { console in
            let library = try console.library()
            guard let id else { return try ResolveWalk(library: library, console: console).run() }
            let conflict = try library.conflict(id)
            let choice: ConflictChoice
            if let message {
                choice = .words(message)
            } else if let take {
                choice = try Choices.choice(take, for: conflict)
            } else {
                return try ResolveWalk(library: library, console: console).run(only: conflict)
            }
            let shown = try library.resolve(
                conflict, choice, why: why, command: console.historyLine)
            try console.result(
                "resolved",
                [
                    OutputMember("id", .string(conflict.shortID)),
                    OutputMember("take", .string(take ?? "edit")),
                    OutputMember("shown", .string(shown)),
                ], text: "settled  \(conflict.shortID)  \(take ?? "your words")")
            console.undoHint()
        }
    }
}

/// What people call the choices.
enum Choices {
    /// The choice that a word means for a conflict.
    static func choice(_ word: String, for conflict: ConflictView) throws -> ConflictChoice {
        let letters = conflict.versions.map(\.letter)
        if let letter = letters.first(where: { $0 == word.uppercased() }) { return .letter(letter) }
        switch word {
        case "base": return .base
        case "merged": return .merged
        case "both": return .both
        case "keep": return .keep
        case "withdraw": return .withdraw
        case "loose": return .loose
        case "done": return .done
        case "mine", "me":
            return .letter(try only(conflict, word) { $0.isMine })
        case "theirs":
            guard let other = other(in: conflict) else {
                throw CommandError(
                    .usage, "ambiguous",
                    "“theirs” needs exactly one other person in \(conflict.shortID)",
                    tries: conflict.answers)
            }
            return .letter(try only(conflict, word) { $0.user == other && !$0.isMine })
        default:
            return .letter(try only(conflict, word) { $0.user == word })
        }
    }

    /// The one other person whose version it is, if there is exactly one.
    static func other(in conflict: ConflictView) -> String? {
        let others = conflict.versions.flatMap(\.authors).filter { !$0.isMine }.map(\.user)
        return others.allSatisfy { $0 == others.first } ? others.first : nil
    }

    private static func only(
        _ conflict: ConflictView, _ word: String, _ isWanted: (Attribution) -> Bool
    ) throws -> String {
        let found = conflict.versions.filter { $0.authors.contains(where: isWanted) }
        guard found.count == 1 else {
            throw CommandError(
                .noMatch, found.isEmpty ? "no_match" : "ambiguous",
                found.isEmpty
                    ? "No version of \(conflict.shortID) is “\(word)”"
                    : "Several versions of \(conflict.shortID) are “\(word)”",
                tries: conflict.answers)
        }
        return found[0].letter
    }
}

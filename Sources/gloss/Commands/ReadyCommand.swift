import ArgumentParser
import GlossClient

/// `gloss ready`: what keeps an article from being ready.
struct ReadyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ready", abstract: "List what of an article still stands open.",
        discussion: """
            Conflicts, suggestions that nobody has decided on, checks, and questions: notes that \
            are not done. Highlights without words ask nothing. Checks are claims, quotes and facts \
            that nobody has confirmed, unless they are done, and all whose words have changed since \
            they were checked, done or not. Words that an accepted suggestion corrected, here or in \
            another article, are listed where they stand (again): correct them, or say that they \
            are right there: gloss note ARTICLE WORDS --bare -t stet. Private notes do not count. Exits \
            with 0 if nothing is left, with 3 if something is.

            EXAMPLES
              gloss ready river
              gloss ready river --quiet && gloss export river -o river.txt
            """)

    @OptionGroup var global: GlobalOptions
    @Argument(help: "The article.") var article: String

    func run() async throws {
        try await global.run { console in
            let library = try console.library()
            let (view, open) = try library.openMatters(of: library.article(named: article).id)
            for conflict in open.conflicts {
                console.json("conflict", JSONViews.conflict(conflict))
            }
            for note in open.suggestions + open.checks + open.questions {
                console.json("note", JSONViews.note(note, in: view))
            }
            for phrase in open.returned { console.json("returned", JSONViews.returned(phrase)) }
            console.json(
                "ready",
                [
                    OutputMember("article", .string(view.name)),
                    OutputMember("ready", .bool(open.isEmpty)),
                    OutputMember("conflicts", .integer(open.conflicts.count)),
                    OutputMember("suggestions", .integer(open.suggestions.count)),
                    OutputMember("checks", .integer(open.checks.count)),
                    OutputMember("questions", .integer(open.questions.count)),
                    OutputMember("returned", .integer(open.returned.count)),
                ])
            let list = ListRenderer(console.render)
            console.lines(list.conflicts(open.conflicts.map(\.row)))
            console.lines(list.notes(view.rows(open.suggestions)))
            console.lines(list.notes(view.rows(open.checks)))
            console.lines(list.notes(view.rows(open.questions)))
            console.lines(list.returnedPhrases(open.returned))
            guard !open.isEmpty else { return console.say("\(view.name) is ready.") }
            console.say("\(view.name) is not ready: \(Self.summary(open)).")
            console.hint(Self.next(open, view.name))
            throw ExitCode(ExitStatus.questionsOpen.rawValue)
        }
    }

    private static func next(_ open: OpenMatters, _ article: String) -> String {
        if !open.conflicts.isEmpty { return "gloss resolve" }
        if open.suggestions.isEmpty, let check = open.checks.first {
            return "gloss thread \(check.shortID)"
        }
        let isOnlyReturned = open.suggestions.isEmpty && open.questions.isEmpty
        let correction = isOnlyReturned ? open.returned.first?.suggestion : nil
        return correction ?? "gloss notes \(article) --open"
    }

    /// `1 conflict, 2 suggestions`.
    private static func summary(_ open: OpenMatters) -> String {
        let counts = [
            ("conflict", open.conflicts.count), ("suggestion", open.suggestions.count),
            ("check", open.checks.count), ("question", open.questions.count),
            ("corrected phrase", open.returned.count),
        ]
        return counts.filter { $0.1 > 0 }
            .map { "\($0.1) \($0.0)\($0.1 == 1 ? "" : "s")" }.joined(separator: ", ")
    }
}

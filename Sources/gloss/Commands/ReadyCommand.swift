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
            they were checked, done or not. Exits with 0 if nothing is left, with 3 if something is.

            EXAMPLES
              gloss ready river
              gloss ready river --quiet && gloss export river -o river.txt
            """)

    @OptionGroup var global: GlobalOptions
    @Argument(help: "The article.") var article: String

    func run() async throws {
        try await global.run { console in
            let library = try console.library()
            let view = try library.view(library.article(named: article).id)
            let open = view.openMatters
            for conflict in open.conflicts {
                console.json("conflict", JSONViews.conflict(conflict))
            }
            for note in open.suggestions + open.checks + open.questions {
                console.json("note", JSONViews.note(note, in: view))
            }
            console.json(
                "ready",
                [
                    OutputMember("article", .string(view.name)),
                    OutputMember("ready", .bool(open.isEmpty)),
                    OutputMember("conflicts", .integer(open.conflicts.count)),
                    OutputMember("suggestions", .integer(open.suggestions.count)),
                    OutputMember("checks", .integer(open.checks.count)),
                    OutputMember("questions", .integer(open.questions.count)),
                ])
            let list = ListRenderer(console.render)
            console.lines(list.conflicts(open.conflicts.map(\.row)))
            console.lines(list.notes(view.rows(open.suggestions)))
            console.lines(list.notes(view.rows(open.checks)))
            console.lines(list.notes(view.rows(open.questions)))
            guard !open.isEmpty else { return console.say("\(view.name) is ready.") }
            console.say("\(view.name) is not ready: \(Self.summary(open)).")
            console.hint(Self.next(open, view.name))
            throw ExitCode(ExitStatus.questionsOpen.rawValue)
        }
    }

    private static func next(_ open: OpenMatters, _ article: String) -> String {
        if !open.conflicts.isEmpty { return "gloss resolve" }
        guard open.suggestions.isEmpty, let check = open.checks.first else {
            return "gloss notes \(article) --open"
        }
        return "gloss thread \(check.shortID)"
    }

    /// `1 conflict, 2 suggestions`.
    private static func summary(_ open: OpenMatters) -> String {
        let counts = [
            ("conflict", open.conflicts.count), ("suggestion", open.suggestions.count),
            ("check", open.checks.count), ("question", open.questions.count),
        ]
        return counts.filter { $0.1 > 0 }
            .map { "\($0.1) \($0.0)\($0.1 == 1 ? "" : "s")" }.joined(separator: ", ")
    }
}

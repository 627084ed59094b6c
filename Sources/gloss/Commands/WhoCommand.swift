import ArgumentParser
import GlossClient

/// `gloss who`: who is here, and where they read.
struct WhoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "who", abstract: "Ask the server who is here, and where they read.",
        discussion: """
            Here is who stays connected: with gloss sync --watch, in the article they last worked on or \
            looked at with gloss show. Nobody sees that you ask, and nothing is sent or taken in.

            Exit codes: 0 also if nobody is here; 4 no such article; 6 server out of reach; 7 not \
            signed in or not allowed; 8 the server does not tell; 64 there is no server.

            EXAMPLES
              gloss who
              gloss who river --json
            """)

    @OptionGroup var global: GlobalOptions
    @Argument(help: "Only in this article.") var article: String?

    func run() async throws {
        try await global.run { console in
            let library = try console.library()
            let article = try article.map { try library.article(named: $0).id }
            let visitors = try await console.untilInterrupted {
                try await library.visitors(in: article)
            }
            var table = TextTable([.init(), .init(), .init(isFlexible: true)])
            for visitor in visitors {
                console.json("visitor", JSONViews.visitor(visitor))
                let place =
                    visitor.articleName + (visitor.paragraph.map { " p\($0)" } ?? "")
                    + (visitor.words.map { "  “\($0)”" } ?? "")
                table.add([
                    StyledText(SafeText.line(visitor.isMine ? "you" : visitor.user), .bold),
                    StyledText(SafeText.line(visitor.device)), StyledText(SafeText.line(place)),
                ])
            }
            console.lines(table.lines(console.render))
            if visitors.isEmpty { console.say("Nobody is here.") }
        }
    }
}

extension JSONViews {
    /// Somebody who is here.
    static func visitor(_ visitor: Visitor) -> [OutputMember] {
        [
            OutputMember("user", .string(visitor.user)),
            OutputMember("device", .string(visitor.device)),
            OutputMember("mine", .bool(visitor.isMine)),
            OutputMember("article", .string(visitor.articleName)),
            OutputMember("paragraph", .optional(visitor.paragraph)),
            OutputMember("words", .optional(visitor.words)),
        ]
    }
}

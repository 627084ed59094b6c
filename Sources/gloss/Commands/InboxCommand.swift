import ArgumentParser
import GlossClient

/// `gloss inbox`: what others did.
struct InboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inbox",
        abstract: "What others did since you looked, and checks that became stale.",
        discussion: """
            Over all articles: notes, replies, suggestions, decisions, checks, edits of the text, \
            and conflicts that somebody settled by another version than yours. An article counts as \
            looked at when gloss show has shown the whole of it on this device, or with --seen.

            EXAMPLES
              gloss inbox
              gloss inbox river
              gloss inbox --seen       list it, and begin anew from here
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var dry: DryRunOption
    @Argument(help: "Only of this article.") var article: String?
    @Flag(help: "Note that you have seen what is listed.") var seen = false

    func run() async throws {
        try await global.run(seen ? dry : nil) { console in
            let library = try console.library()
            let inboxes = try library.inbox(article.map { try library.article(named: $0).id })
            for inbox in inboxes {
                for entry in JSONViews.inbox(inbox) { console.json("inbox", entry) }
            }
            if !console.isJSON { console.page(InboxRenderer(console.render).lines(inboxes)) }
            if inboxes.isEmpty { return console.say("Nothing new.") }
            guard seen else {
                return console.hint("gloss inbox \(article.map { $0 + " " } ?? "")--seen")
            }
            for inbox in inboxes { try library.markRead(inbox.mark) }
        }
    }
}

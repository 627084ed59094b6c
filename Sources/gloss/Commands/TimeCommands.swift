import ArgumentParser
import GlossClient
import GlossCore

/// `gloss diff`: what has changed, text and notes together.
struct DiffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "What has changed in an article and its notes.",
        discussion: """
            Text word by word, and notes: new, withdrawn, edited, answered, closed, reopened, \
            accepted, rejected, checked, tagged, moved to other words, loose since their words are \
            gone, or with a check that became stale.

            EXAMPLES
              gloss diff river                     since you looked at it on this device
              gloss diff river --since yesterday
              gloss diff river --since "2 hours ago"
              gloss diff river --since xkq         after a change, as gloss log names it

            A time is when the server received a change, or when it was made until then; a day or \
            minute counts from its beginning. last-read is where gloss show last showed the whole \
            article here, or gloss inbox --seen listed it; this mark stays on this device.
            """)

    @OptionGroup var global: GlobalOptions
    @Argument(help: "The article.") var article: String
    @Option(parsing: .unconditional, help: "A time, a change, or last-read.")
    var since = "last-read"

    func run() async throws {
        try await global.run { console in
            let library = try console.library()
            let found = try library.article(named: article)
            let difference = try library.difference(
                of: found.id, since: since == "last-read" ? .lastRead : .since(since),
                offset: LocalClock.utcOffset
            ) { "gloss diff \(article) --since \($0)" }
            if console.isJSON { return console.json("diff", JSONViews.difference(difference)) }
            let lines = DifferenceRenderer(difference, console.render).lines()
            if lines.isEmpty { return console.say("Nothing has changed in \(found.name) since.") }
            console.page(lines)
        }
    }
}

/// `gloss blame`: who wrote what.
struct BlameCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "blame",
        abstract: "Who wrote words of an article, who changed, decided about or checked them.",
        discussion: """
            Each line names the change that put the words there; a word belongs to the last change \
            in it. Words in the place of others say who had written those. Behind the text stand \
            rejections of suggestions, and checks, with the words they were given on.

            EXAMPLES
              gloss blame river
              gloss blame river "eighteen hundred"
              gloss blame river --at p3
              gloss blame river --deleted   words that went without others in their place
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var target: TargetOptions
    @Flag(help: "What was deleted and not replaced, who deleted it, and who had written it.")
    var deleted = false

    func run() async throws {
        try await global.run { console in
            let library = try console.library()
            let view = try library.view(library.article(named: target.article).id)
            let range = try target.range(in: view, command: console.commandLine)
            if deleted { return try list(library.deletions(in: view, range), in: view, console) }
            let blame = try library.blame(view, range)
            if console.isJSON {
                for stretch in blame.stretches {
                    console.json("blame", JSONViews.stretch(stretch, in: blame))
                }
                for judgement in blame.judgements {
                    let (thing, members) = JSONViews.judgement(judgement, in: blame)
                    console.json(thing, members)
                }
                return
            }
            let lines = BlameRenderer(blame, console.render).lines()
            if lines.isEmpty { return console.say("\(view.name) has no text.") }
            console.page(lines)
        }
    }

    private func list(
        _ deletions: [BlameView.Deletion], in view: ArticleView, _ console: Console
    ) throws {
        for deletion in deletions {
            console.json("deletion", JSONViews.deletion(deletion, in: view))
        }
        if console.isJSON { return }
        if deletions.isEmpty {
            return console.say("Nothing was deleted from \(view.name) for good.")
        }
        console.page(DeletionRenderer(deletions, in: view, console.render).lines())
    }
}

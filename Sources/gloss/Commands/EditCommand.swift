import ArgumentParser
import GlossClient
import GlossCore

/// `gloss edit`: the text of an article, or one's own words.
struct EditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "edit", abstract: "Change the text of an article, or of a note.",
        discussion: """
            Opens your editor ($GLOSS_EDITOR, $VISUAL, $EDITOR). What you change is compared word by \
            word with the version you opened, so that other people's notes stay on their words and \
            their edits meanwhile are merged with yours.

            EXAMPLES
              gloss edit river
              gloss edit river -F corrected.txt -m "typos"
              gloss edit kmt -m "Is confine the right word?"
              gloss edit river --resume        go on with what an editor left behind
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var dry: DryRunOption
    @Argument(help: "An article, a note or a reply.") var name: String
    @Option(
        name: [.short, .customLong("message")], parsing: .unconditional,
        help: "For an article: why. For a note: its new text.")
    var message: String?
    @Option(
        name: [.customShort("F"), .customLong("file")],
        help: "Take the new text from this file; - is standard input.", completion: .file())
    var file: String?
    @Flag(help: "Go on with the draft of an article that is kept.") var resume = false
    @Flag(help: "Throw the draft of an article away.") var discard = false

    func run() async throws {
        try await global.run(dry) { console in
            let library = try console.library()
            do {
                try editArticle(try library.article(named: name), library, console)
            } catch let error as ClientError where error.code == .noMatch {
                guard let note = try? library.note(name) else { throw error }
                try editNote(note, library, console)
            }
        }
    }

    private func editArticle(
        _ article: ArticleSummary, _ library: Library, _ console: Console
    ) throws {
        let kept = try draft(of: article.id, library, console)
        if discard { return try discard(kept, library, console) }
        let view = try library.view(article.id)
        var opened = (text: view.text, version: view.version)
        var start = view.text
        if let kept, resume {
            if let base = try library.base(of: kept) {
                opened = (base, kept.version)
            } else {
                console.say(
                    "The text it was written on was undone or refused since: it is compared with the text as it is."
                )
            }
            start = kept.text
        } else if let kept {
            throw CommandError(
                .stale, "draft",
                "a draft of \(article.name) from \(console.render.time(kept.time)) waits",
                tries: [
                    "gloss edit \(name) --resume", "gloss edit \(name) --discard",
                ])
        }
        let resumed = resume ? kept : nil
        let (text, opening, draft) = try edited(
            start, of: article, at: opened.version, resuming: resumed, library, console)
        let edits = MoveFinder.marked(
            WordDiff.edits(from: opened.text, to: text), in: Array(opened.text.unicodeScalars))
        guard !edits.isEmpty else {
            console.discard(draft)
            if let opening { try library.settle(opening, keeping: nil) }
            if let resumed { try library.drop(resumed) }
            return console.say("Nothing changed.")
        }
        let written = try opening.map { try library.settle($0, keeping: text) } ?? resumed
        console.discard(draft)
        _ = try library.edit(
            article.id, edits, at: opened.version, from: written, message: message,
            command: console.historyLine)
        try console.result(
            "edited",
            [
                OutputMember("id", .string(article.id.description)),
                OutputMember("name", .string(article.name)),
                OutputMember("places", .integer(edits.count)),
            ],
            text: "edited  \(article.name)  in \(edits.count) place\(edits.count == 1 ? "" : "s")")
        console.undoHint()
    }

    private func editNote(
        _ note: NoteReference, _ library: Library, _ console: Console
    ) throws {
        let view = try library.view(note.article)
        let bodies = view.notes.flatMap { [($0.id, $0.body)] + $0.replies.map { ($0.id, $0.body) } }
        let former = bodies.first { $0.0 == note.id }?.1 ?? ""
        var draft: Editor.Draft?
        let text: String
        if let message {
            text = message
        } else {
            (text, draft) = try console.edited(former, file: file, name: "note-\(name)")
        }
        let (changed, settled) = try library.settling([note]) {
            try library.set(
                .body, to: .text(text.trimmed), of: [note], command: console.historyLine)
        }
        console.discard(draft)
        guard !changed.isEmpty else { return console.say("Nothing changed.") }
        try console.result(
            "edited", [OutputMember("id", .string(name))] + JSONViews.alsoSettled(settled),
            text: "edited  \(name)")
        console.alsoSettled(settled)
        console.undoHint()
    }
}

import ArgumentParser
import GlossClient
import GlossCore

/// `gloss notes`: a list of notes.
struct NotesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "notes", abstract: "List notes.",
        discussion: """
            EXAMPLES
              gloss notes river --open
              gloss notes --by mira --tag fact-check
              gloss notes --kind claim --unchecked
              gloss notes river --stale        checks whose words have changed since
              gloss notes --private            what you keep to yourself
              gloss notes river --lines        for editors: path:line:col: text
            """)

    @OptionGroup var global: GlobalOptions
    @Argument(help: "Only of this article.") var article: String?
    @Option(help: "Only by this person; me for your own.") var by: String?
    @Option(help: "Only with this tag.") var tag: String?
    @Option(help: "Only of this kind: note, suggestion, claim, quote, fact or another.")
    var kind: String?
    @Flag(help: "Only what asks for a check and has none.") var unchecked = false
    @Flag(help: "Only what was checked on other words than stand there now.") var stale = false
    @Flag(help: "Only what is not dealt with.") var open = false
    @Flag(help: "Only what is dealt with.") var done = false
    @Flag(help: "Only those whose words are gone.") var loose = false
    @OptionGroup var readers: ReaderOptions
    @Flag(help: "One line each, as editors read them.") var lines = false

    func run() async throws {
        try await global.run { console in
            let library = try console.library()
            let articles =
                try article.map { [try library.article(named: $0)] } ?? library.articles()
            var rows: [NoteRow] = []
            let ours = ["note", "suggestion", "claim", "quote", "fact"]
            var kinds = Set(ours)
            for article in articles {
                let view = readers.chosen(of: try library.view(article.id))
                kinds.formUnion(view.notes.map(\.kind.rawValue))
                let notes = view.notes.filter { isWanted($0) }
                rows += view.rows(notes)
                for note in notes {
                    console.json("note", JSONViews.note(note, in: view))
                    if lines, !console.isJSON { console.line(Self.editorLine(note, in: view)) }
                }
            }
            if let kind, !kinds.contains(kind) {
                let near = NearestName.suggestions(for: kind, among: kinds.sorted()).first
                throw CommandError(
                    .usage, "no_kind",
                    "there is no kind “\(kind)”; there are \(ours.joined(separator: ", "))",
                    tries: ["gloss notes --kind \(near ?? "note")"])
            }
            if !lines { console.lines(ListRenderer(console.render).notes(rows)) }
            if rows.isEmpty { console.say("No notes.") }
        }
    }

    private func isWanted(_ note: NoteView) -> Bool {
        let isOpen = !note.isDone && (note.decision ?? .open) == .open
        if let by, by == "me" ? !note.author.isMine : note.author.user != by { return false }
        if let tag, !note.tags.contains(tag) { return false }
        if let kind, note.kind.rawValue != kind { return false }
        if unchecked, note.check?.state != .unchecked { return false }
        if stale, note.check?.state != .stale { return false }
        if open, !isOpen { return false }
        if done, isOpen { return false }
        if loose, !note.rendered.isLoose { return false }
        return true
    }

    /// `name:line:column: id @user: text`, with lines and columns from 1.
    private static func editorLine(_ note: NoteView, in view: ArticleView) -> String {
        let offset = note.placement.ranges.first?.lowerBound ?? 0
        let before = view.scalars[..<min(offset, view.scalars.count)]
        let line = before.count { $0 == "\n" } + 1
        let column = before.reversed().prefix { $0 != "\n" }.count + 1
        let check = note.check.map { "\(note.kind.rawValue), \($0.word)" }
        let mark = note.isPrivate ? "private" : nil
        let text = [mark, check, note.body.replacing("\n", with: " ")].compactMap { $0 }
            .filter { !$0.isEmpty }.joined(separator: ": ")
        return "\(view.name):\(line):\(column): \(note.shortID) @\(note.author.user): \(text)"
    }
}

/// `gloss thread`: one note with its answers.
struct ThreadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "thread", abstract: "Show one note with its replies and its place.")

    @OptionGroup var global: GlobalOptions
    @Argument(help: "The note.") var id: String

    func run() async throws {
        try await global.run { console in
            let library = try console.library()
            let reference = try library.note(id)
            let view = try library.view(reference.article)
            let note = view.notes.first { note in
                note.id == reference.id || note.replies.contains { $0.id == reference.id }
            }
            guard let note else {
                throw try Self.gone(id, reference, in: view, library, console)
            }
            if console.isJSON { return console.json("note", JSONViews.note(note, in: view)) }
            console.lines(ThreadText.lines(note, in: view, console.render))
        }
    }

    /// Says who withdrew a note, and where the words of a suggestion are that was accepted.
    private static func gone(
        _ id: String, _ note: NoteReference, in view: ArticleView, _ library: Library,
        _ console: Console
    ) throws -> CommandError {
        let isGone = try library.withdrawal(of: note) != nil
        // A reply stands and falls with what it answers.
        if !isGone, let answered = try library.annotation(answeredBy: note) {
            let error = try gone(answered.name, answered.reference, in: view, library, console)
            return CommandError(
                error.status, error.name,
                "\(id) answers a note that is not there: "
                    + error.message, details: error.details, tries: error.tries)
        }
        var message = "note \(id) is withdrawn"
        var tries = ["gloss log \(view.name)", "gloss reopen \(id)"]
        var details: [String] = []
        if let withdrawal = try library.withdrawal(of: note) {
            let time = console.render.time(withdrawal.author.time)
            message = "note \(id) was withdrawn by \(withdrawal.author.user), \(time)"
            if let why = withdrawal.why { details.append("why: “\(why)”") }
            for author in withdrawal.acceptedBy {
                details.append("its words are in the text: \(author.user) accepted it")
                tries.append("gloss reject \(id)")
            }
        }
        return CommandError(.noMatch, "no_match", message, details: details, tries: tries)
    }
}

/// `gloss log`: who did what, when.
struct LogCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log", abstract: "Who did what, when.",
        discussion: """
            Changes of text and notes together, the newest first, under the names that \
            gloss show --at and gloss diff --since take.

            EXAMPLES
              gloss log river
              gloss log river --limit 5
              gloss log wnk            what became of a note, suggestion or reply
            """)

    @OptionGroup var global: GlobalOptions
    @Argument(help: "Only of this article, note, suggestion or reply.") var subject: String?
    @Option(name: [.customShort("n"), .long], help: "At most so many, the newest.") var limit = 50

    func run() async throws {
        try await global.run { console in
            let library = try console.library()
            var table = TextTable(
                [.init(), .init(), .init(), .init(), .init(), .init(isFlexible: true)])
            for entry in try entries(in: library) {
                console.json("change", JSONViews.logEntry(entry))
                table.add([
                    StyledText(entry.name, .bold),
                    StyledText(console.render.time(entry.author.time)),
                    StyledText(SafeText.line(entry.author.user), .bold),
                    StyledText(SafeText.line(entry.author.device), .dim),
                    StyledText(entry.articleName),
                    summary(of: entry),
                ])
            }
            console.lines(table.lines(console.render))
        }
    }

    private func entries(in library: Library) throws -> [LogEntry] {
        guard let subject else { return try library.log(limit: limit) }
        do {
            return try library.log(of: library.article(named: subject).id, limit: limit)
        } catch let error as ClientError where error.code == .noMatch {
            guard let note = try? library.note(subject) else { throw error }
            return try library.log(of: note, limit: limit)
        }
    }

    /// What a change did: to the note that was asked about, or in all.
    private func summary(of entry: LogEntry) -> StyledText {
        var summary = StyledText()
        for (index, act) in entry.acts.enumerated() {
            if index > 0 { summary.append(", ") }
            summary.append(NoteActText.line(act, isNamed: false))
        }
        if entry.acts.isEmpty { summary.append(SafeText.line(entry.summary)) }
        if entry.isPrivate { summary.append("  (private)") }
        if let message = entry.message { summary.append("  “\(SafeText.line(message))”") }
        if !entry.author.isAcknowledged { summary.append("  (not sent)") }
        return summary
    }
}

/// `gloss export`: the way out.
struct ExportCommand: AsyncParsableCommand {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text
        case jsonl
        case changes
    }

    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write articles out.",
        discussion: """
            text: the article alone. jsonl: the article, then each note. changes: everything that \
            ever happened, word for word as Protocol/changes.md has it. Private notes are left out \
            unless you ask for them with --private.

            EXAMPLES
              gloss export river > river.txt
              gloss export --all --format jsonl -o river-club.jsonl
            """)

    @OptionGroup var global: GlobalOptions
    @Argument(help: "The article.") var article: String?
    @Flag(help: "All articles.") var all = false
    @Option(help: "text, jsonl or changes.") var format: Format = .text
    @Flag(
        name: .customLong("private"),
        help: "Also the notes that you keep to yourself, with jsonl or changes.")
    var includesPrivate = false
    @Option(name: .shortAndLong, help: "Write to this file.", completion: .file())
    var output: String?

    func run() async throws {
        try await global.run { console in
            let library = try console.library()
            guard all != (article != nil) else {
                throw ValidationError("Name one article, or --all.")
            }
            let articles =
                try article.map { [try library.article(named: $0)] }
                ?? library.articles(includingArchived: true)
            let format = console.isJSON && self.format == .text ? .jsonl : self.format
            guard !includesPrivate || format != .text else {
                throw ValidationError("--private goes with --format jsonl or changes.")
            }
            var text = ""
            for article in articles {
                switch format {
                case .text:
                    let view = try library.view(article.id)
                    text += view.text
                    console.tellUndecided(view)
                case .jsonl:
                    let view = try library.view(article.id)
                    text += JSONViews.export(
                        includesPrivate ? view : view.showing(onlyPrivate: false))
                    console.tellUndecided(view)
                case .changes:
                    text += try library.exportChanges(
                        of: article.id, includingPrivate: includesPrivate)
                }
            }
            if let output, output != "-" {
                try console.write(text, to: output)
                console.say(
                    "exported  \(articles.count == 1 ? articles[0].name : "\(articles.count) articles") to \(output)"
                )
            } else {
                console.data(text)
            }
        }
    }
}

public import ArgumentParser
public import GlossClient
import GlossCore

/// `gloss add`: an article from a file or standard input.
struct AddCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Add an article, or a newer version of one.",
        discussion: """
            With --update the file is a newer version of the article's text: what differs is edited \
            in, notes stay with their words, and you are told which did not.

            EXAMPLES
              gloss add river.txt
              curl -s https://example.org/a.txt | gloss add - --name river --title "Rivers"
              gloss add river.txt --update
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var dry: DryRunOption
    @Argument(help: "A UTF-8 text file; - reads standard input.", completion: .file())
    var file: String
    @Option(help: "The short name; otherwise it follows from the file's.")
    var name: String?
    @Option(help: "The headline.")
    var title: String?
    @Option(help: "Where it comes from.")
    var source: String?
    @Flag(help: "Take the file as a newer version of the article of that name.")
    var update = false
    @Option(
        name: [.short, .customLong("message")], parsing: .unconditional, help: "Why, with --update."
    )
    var message: String?

    func validate() throws {
        if update, title != nil || source != nil {
            throw ValidationError("--update changes the text only, not the title or source.")
        }
        if !update, message != nil { throw ValidationError("-m goes with --update.") }
    }

    func run() async throws {
        try await global.run(dry) { console in
            let library = try console.library()
            let text = try console.readText(file)
            let name = name ?? Self.name(for: file)
            if update {
                let article = try newer(name, library, console)
                let report = try library.update(
                    article.id, to: text, message: message, command: console.historyLine)
                try UpdateReport.show(report, console)
                return try console.tellReturned(library, in: [article.id])
            }
            let article = try library.addArticle(
                name: name, title: title ?? "", text: text, source: source)
            let paragraphs = ArticleText(Array(text.unicodeScalars)).paragraphs.count
            try console.result(
                "added",
                [
                    OutputMember("id", .string(article.id.description)),
                    OutputMember("name", .string(article.name)),
                    OutputMember("paragraphs", .integer(paragraphs)),
                ],
                text:
                    "added  \(article.name)  \(paragraphs) paragraph\(paragraphs == 1 ? "" : "s")")
            console.undoHint()
            try console.tellReturned(library, in: [article.id])
        }
    }

    /// The article that the file is a newer version of. Which of several cannot be told from the name
    /// of a file.
    private func newer(
        _ name: String, _ library: Library, _ console: Console
    ) throws -> ArticleSummary {
        do { return try library.article(named: name) } catch var error as ClientError {
            if self.name == nil, let choice = error.choice {
                error.choice = nil
                error.tries = choice.instead.map {
                    ShellWords.joined(console.commandLine + ["--name", $0])
                }
            }
            throw error
        }
    }

    /// The file's name without folders and ending, with what no name may have as hyphens.
    private static func name(for file: String) -> String {
        let last = file.split(separator: "/").last.map(String.init) ?? file
        let stem = last.split(separator: ".").first.map(String.init) ?? last
        let name = String(
            stem.map { $0.isLetter || $0.isNumber || "-_".contains($0) ? $0 : "-" })
        return file == "-" || name.isEmpty ? "article" : String(name.prefix(40)).lowercased()
    }
}

/// `gloss ls`: the articles.
struct ListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls", abstract: "List the articles.")

    @OptionGroup var global: GlobalOptions
    @Argument(help: "Only those whose name or title contains this.")
    var query: String?
    @Flag(help: "Also those put away.")
    var all = false

    func run() async throws {
        try await global.run { console in
            let library = try console.library()
            let wanted = query?.lowercased()
            let articles = try library.articles(includingArchived: all).filter { article in
                wanted.map {
                    article.name.lowercased().contains($0)
                        || article.title.lowercased().contains($0)
                } ?? true
            }
            let role = try library.profile().role
            var rows: [ArticleRow] = []
            for article in articles {
                let isAlone = articles.count { $0.name == article.name } == 1
                let id = isAlone ? "" : " (\(article.id.description.prefix(8)))"
                let view = try library.view(article.id)
                let open = view.notes.filter { !$0.isDone }
                let paragraphs = view.articleText.paragraphs.count
                let suggestions = open.count { $0.decision == .open }
                let notes = open.count { $0.decision == nil }
                rows.append(
                    ArticleRow(
                        name: article.name + id, title: article.title,
                        paragraphs: paragraphs, notes: notes,
                        suggestions: suggestions, conflicts: view.conflicts.count,
                        isPurged: article.isPurged,
                        role: article.role == role ? nil : article.role))
                console.json(
                    "article",
                    [
                        OutputMember("id", .string(article.id.description)),
                        OutputMember("name", .string(article.name)),
                        OutputMember("title", .string(article.title)),
                        OutputMember("archived", .bool(article.isArchived)),
                        OutputMember("purged", .bool(article.isPurged)),
                        OutputMember("role", .optional(article.role?.rawValue)),
                        OutputMember("paragraphs", .integer(paragraphs)),
                        OutputMember("open_notes", .integer(notes)),
                        OutputMember(
                            "open_private_notes",
                            .integer(open.count { $0.isPrivate && $0.decision == nil })),
                        OutputMember("open_suggestions", .integer(suggestions)),
                        OutputMember("conflicts", .integer(view.conflicts.count)),
                    ])
            }
            console.lines(ListRenderer(console.render).articles(rows))
            if rows.isEmpty, let query, try !library.articles(includingArchived: true).isEmpty {
                console.say(
                    "No article has “\(query)” in its name or title. All of them: gloss ls --all")
            } else if rows.isEmpty {
                console.say("No articles. Add one with: gloss add FILE")
            }
        }
    }
}

/// `gloss rename`: another short name.
struct RenameCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rename", abstract: "Give an article another short name.")

    @OptionGroup var global: GlobalOptions
    @OptionGroup var dry: DryRunOption
    @Argument(help: "The article.") var article: String
    @Argument(help: "Its new name.") var name: String

    func run() async throws {
        try await global.run(dry) { console in
            let library = try console.library()
            let found = try library.article(named: article)
            try library.rename(found.id, to: name)
            try console.result(
                "renamed",
                [
                    OutputMember("id", .string(found.id.description)),
                    OutputMember("name", .string(name)),
                ], text: "renamed  \(found.name) → \(name)")
            console.undoHint()
        }
    }
}

/// `gloss archive`: put an article away.
struct ArchiveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "archive", abstract: "Put an article away, or take it out again.")

    @OptionGroup var global: GlobalOptions
    @OptionGroup var dry: DryRunOption
    @Argument(help: "The article.") var article: String
    @Flag(name: .customLong("restore"), help: "Take it out again.") var isRestoring = false

    func run() async throws {
        try await global.run(dry) { console in
            let library = try console.library()
            let found = try library.article(named: article)
            guard try library.setArchived(!isRestoring, found.id) else {
                return console.say("Nothing changed.")
            }
            try console.result(
                "archived",
                [
                    OutputMember("id", .string(found.id.description)),
                    OutputMember("archived", .bool(!isRestoring)),
                ], text: "\(isRestoring ? "restored" : "archived")  \(found.name)")
            console.undoHint()
        }
    }
}

/// `gloss show`: an article with its notes.
struct ShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show an article with its notes.",
        discussion: """
            EXAMPLES
              gloss show river
              gloss show river --at p3-p5
              gloss show river --at yesterday
              gloss show river --at "Tue 14:02" --at p3
              gloss show river --at xkq            as of a change, as gloss log names it

            A time is when the server received a change, or when it was made until then. A day or \
            minute is meant to its end. now, mon and sun are times; of a change called so, type \
            more letters.

            Showing a whole article as it is notes on this device that you have seen it, for \
            gloss diff and gloss inbox; --json, --at, --notes none, --private and --shared do not.
            """)

    @OptionGroup var global: GlobalOptions
    @Argument(help: "The article.") var article: String
    @Option(
        name: .long, parsing: .unconditionalSingleValue,
        help: "Only these paragraphs (p3, p3-p5), or as it was: a change or a time. May be both.")
    var at: [String] = []
    @Option(help: "Where notes stand: auto, margin, inline, foot or none.")
    var notes: RenderOptions.NotePlacement = .auto
    @OptionGroup var readers: ReaderOptions

    func run() async throws {
        try await global.run { console in
            let library = try console.library()
            let found = try library.article(named: article)
            let isPlace = { (text: String) in (try? TargetAddress(text)) != nil }
            let points = at.filter { !isPlace($0) }
            let places = at.filter(isPlace)
            guard points.count <= 1, places.count <= 1 else {
                throw ValidationError("Name one place and one change or time with --at.")
            }
            if let point = points.first {
                return try show(at: point, found, places.first, library, console)
            }
            let (whole, mark) = try library.reading(found.id)
            let view = readers.chosen(of: whole)
            if console.isJSON { return console.json("article", JSONViews.article(view)) }
            try page(view, nil, places.first, console)
            console.tellUndecided(view)
            guard places.isEmpty, notes != .none, !readers.choose else { return }
            do {
                try library.markRead(mark)
                try library.noteReading(found.id)
            } catch let error as ClientError {
                console.say("That you have seen it could not be noted: \(error.message)")
            }
        }
    }

    private func show(
        at point: String, _ found: ArticleSummary, _ place: String?, _ library: Library,
        _ console: Console
    ) throws {
        let past = try library.past(found.id, .at(point), offset: LocalClock.utcOffset) {
            "gloss show \(article) --at \($0)"
        }
        let view = readers.chosen(of: past.view)
        if console.isJSON {
            return console.json(
                "article",
                JSONViews.article(view) + [OutputMember("as_of", JSONViews.state(past.state))])
        }
        try page(view, past.state, place, console)
    }

    private func page(
        _ view: ArticleView, _ state: PastState?, _ place: String?, _ console: Console
    ) throws {
        var render = console.render
        render.notes = notes
        let paragraphs = try place.map { try Self.paragraphs($0, in: view) }
        var lines = ArticleRenderer(view.rendered, render).lines(paragraphs: paragraphs)
        if let state { lines.insert(contentsOf: PastText.lines(state, console.render), at: 1) }
        console.page(lines)
    }

    private static func paragraphs(_ address: String, in view: ArticleView) throws -> Range<Int> {
        let text = ArticleText(view.scalars)
        let range = try Addresses.range(address, in: text)
        return text.paragraph(at: range.lowerBound)..<text.paragraph(at: range.upperBound - 1) + 1
    }
}

extension RenderOptions.NotePlacement: ExpressibleByArgument {}

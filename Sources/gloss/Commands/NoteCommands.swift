import ArgumentParser
import GlossClient
import GlossCore

/// Which words of an article.
struct TargetOptions: ParsableArguments {
    @Argument(help: "The article.") var article: String
    @OptionGroup var place: PlaceOptions

    /// The scalars meant; `nil` for the article as a whole.
    func range(in view: ArticleView, command: [String]) throws -> Range<Int>? {
        try place.range(in: view, named: article, command: command)
    }
}

/// Which words.
struct PlaceOptions: ParsableArguments {
    @Argument(help: "Words of the article, as you remember them; … skips some.")
    var quote: String?
    @Option(help: "A place instead of words: p3, p3-p5 or chars=120,180.") var at: String?
    @Option(help: "Of several places, this one (1 is the first).") var nth: Int?
    @Option(parsing: .unconditional, help: "Only where these words stand before.") var after:
        String?
    @Option(parsing: .unconditional, help: "Only where these words follow.") var before: String?

    /// The scalars meant; `nil` if nothing says which.
    func range(
        in view: ArticleView, named article: String, command: [String]
    ) throws -> Range<Int>? {
        if let at {
            guard quote == nil else {
                throw ValidationError("Name words or a place with --at, not both.")
            }
            return try Addresses.range(at, in: view.articleText)
        }
        let filter = QuoteFilter(nth: nth, after: after, before: before)
        return try quote.map {
            try PlaceOptions.range(of: $0, filter, in: view, named: article, command: command)
        }
    }

    /// The one place of some words.
    static func range(
        of quote: String, _ filter: QuoteFilter = QuoteFilter(), in view: ArticleView,
        named article: String, command: [String]
    ) throws -> Range<Int> {
        let match = QuoteFinder(in: view.articleText).find(quote, filter)
        if case .one(let range) = match { return range }
        throw CommandError(match, quote: quote, article: article, command: command)
            ?? CommandError(.noMatch, "no_match", "“\(quote)” is not in \(article)")
    }
}

/// What a note may be, for people who make one.
enum NoteKind: String, ExpressibleByArgument, CaseIterable {
    case note, claim, quote, fact
}

/// `gloss note`: an annotation on some words.
struct NoteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "note", abstract: "Annotate words of an article.",
        discussion: """
            Without words the note is on the article as a whole. A claim, a quote (what somebody is \
            said to have said) or a fact (a name, a number, a date) is to be checked: see gloss help \
            check. It needs no text. With --private you keep the note to yourself: your other devices \
            get it, other people never do. What you reply to it, and whatever else you do with it, \
            goes where it is. Whoever may read an article may keep notes on it. Suggestions are for others, \
            and always shared.

            EXAMPLES
              gloss note river "not to contain" -m "or confine?"
              gloss note river "1,836 people" --kind claim
              gloss note river "the water" --nth 2 -t fact-check -m "source?"
              gloss note river --at p3 -m "Cut this paragraph?"
              gloss note river "in 1953" --also "forty years ago" -m "These do not agree."
              gloss note river "the old dike" -m "ask Jo before this is out" --private
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var dry: DryRunOption
    @OptionGroup var target: TargetOptions
    @OptionGroup var body: BodyOptions
    @Option(
        parsing: .unconditionalSingleValue,
        help: "More words it is about; may be given several times.")
    var also: [String] = []
    @Option(name: .shortAndLong, help: "A tag; may be given several times.") var tag: [String] = []
    @Option(help: "What it is: note, claim, quote or fact.") var kind: NoteKind = .note
    @Flag(help: "A highlight: no text.") var bare = false
    @Flag(name: .customLong("private"), help: "Keep it to yourself.") var isPrivate = false

    func run() async throws {
        try await global.run(dry) { console in
            let needsText = kind == .note && !bare
            let library = try console.library()
            let article = try library.article(named: target.article)
            let view = try library.view(article.id)
            let range = try target.range(in: view, command: console.commandLine)
            guard range != nil || kind == .note else {
                throw ValidationError(
                    "A \(kind.rawValue) is words of the article: say which.")
            }
            guard range != nil || also.isEmpty else {
                throw ValidationError("Name the first words without --also.")
            }
            let others = try also.map { try Self.range(alsoOf: $0, in: view, console) }
            let isSilent = bare || kind != .note && body.message == nil && body.file == nil
            let (text, draft) =
                isSilent ? ("", nil) : try console.body(body, name: "note-\(article.name)")
            guard !needsText || !text.isEmpty else {
                console.discard(draft)
                throw CommandError(
                    .usage, "no_text", "the note says nothing; nothing was written",
                    tries: ["--bare for a highlight without words"])
            }
            let id = try library.annotate(
                article.id, at: range, also: others, of: view.version,
                kind: AnnotationKind(rawValue: kind.rawValue), body: text,
                tags: tag.map(Tags.checked), isPrivate: isPrivate, command: console.historyLine)
            console.discard(draft)
            try console.noted("noted", library, article.id, id)
        }
    }

    /// The one place of more words. What chooses among several places is for the first words only.
    private static func range(
        alsoOf quote: String, in view: ArticleView, _ console: Console
    ) throws -> Range<Int> {
        do {
            return try PlaceOptions.range(
                of: quote, in: view, named: view.name, command: console.commandLine)
        } catch var error as CommandError where error.name == "ambiguous" {
            error.tries = ["--also with some more of the words around"]
            throw error
        }
    }
}

/// `gloss suggest`: other words for some words.
struct SuggestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "suggest", abstract: "Suggest other words.",
        discussion: """
            EXAMPLES
              gloss suggest river "eighteen hundred" --to "1,836" -m "CBS figure"
              gloss suggest river "really very" --to ""
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var dry: DryRunOption
    @OptionGroup var target: TargetOptions
    @Option(parsing: .unconditional, help: "The words to put there; empty to delete.")
    var to: String
    @Option(name: [.short, .customLong("message")], parsing: .unconditional, help: "Why.")
    var message: String?

    func run() async throws {
        try await global.run(dry) { console in
            let library = try console.library()
            let article = try library.article(named: target.article)
            let view = try library.view(article.id)
            guard let range = try target.range(in: view, command: console.commandLine) else {
                throw ValidationError("Say which words: gloss suggest ARTICLE WORDS --to WORDS")
            }
            let words = view.articleText.string(range)
            guard !words.unicodeScalars.elementsEqual(to.unicodeScalars) else {
                throw CommandError(
                    .usage, "no_change", "“\(words)” stands there already; nothing was suggested",
                    tries: [
                        ShellWords.joined([
                            "gloss", "note", target.article, words, "-m", message ?? "TEXT",
                        ])
                    ])
            }
            let id = try library.annotate(
                article.id, at: range, of: view.version, body: message ?? "", proposal: to,
                command: console.historyLine)
            try console.noted("suggested", library, article.id, id)
        }
    }
}

/// `gloss reply`: an answer to a note.
struct ReplyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reply", abstract: "Answer a note.",
        discussion: """
            EXAMPLE
              gloss reply kmt -m "Kennan used it."
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var dry: DryRunOption
    @Argument(help: "The note.") var id: String
    @OptionGroup var body: BodyOptions

    func run() async throws {
        try await global.run(dry) { console in
            let library = try console.library()
            let note = try library.note(id)
            let (text, draft) = try console.body(body, name: "reply-\(id)")
            guard !text.isEmpty else {
                console.discard(draft)
                throw CommandError(
                    .usage, "no_text", "the reply says nothing; nothing was written",
                    tries: ["gloss reply \(id) -m TEXT"])
            }
            let reply = try library.reply(to: note, body: text, command: console.historyLine)
            console.discard(draft)
            let name = try library.shortID(of: reply)
            try console.result(
                "replied",
                [OutputMember("id", .string(name)), OutputMember("to", .string(id))],
                text: "replied  \(name)  to \(id)")
            console.undoHint()
        }
    }
}

/// `gloss tag`: tags on and off.
struct TagCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tag", abstract: "Put tags on notes and take them off.",
        discussion: """
            EXAMPLE
              gloss tag kmt qrw +fact-check ~voice
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var dry: DryRunOption
    @Argument(help: "Notes, and tags as +TAG to put on and ~TAG to take off.")
    var words: [String]

    func run() async throws {
        try await global.run(dry) { console in
            let library = try console.library()
            let ids = words.filter { !$0.hasPrefix("+") && !$0.hasPrefix("~") }
            let added = try words.filter { $0.hasPrefix("+") }.map {
                try Tags.checked($0.dropFirst())
            }
            let removed = try words.filter { $0.hasPrefix("~") }.map {
                try Tags.checked($0.dropFirst())
            }
            guard !ids.isEmpty, !(added + removed).isEmpty else {
                throw ValidationError("Name notes and tags: gloss tag ID +TAG ~TAG")
            }
            let notes = try ids.map { try library.note($0) }
            let changed = try library.tag(
                notes, adding: added, removing: removed, command: console.historyLine)
            let names = console.names(ids, of: changed, among: notes)
            if !names.isEmpty { try console.changed("tagged", names) }
        }
    }
}

/// `gloss done`, `reopen` and `rm`: what becomes of notes.
struct DoneCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "done", abstract: "Close notes: they are dealt with.")

    @OptionGroup var global: GlobalOptions
    @OptionGroup var dry: DryRunOption
    @Argument(help: "The notes.") var ids: [String]

    func run() async throws {
        try await global.setField(.status, to: .done, of: ids, word: "done", dry)
    }
}

struct ReopenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reopen",
        abstract:
            "Open notes again, suggestions that were rejected, or a conflict that was settled.",
        discussion: """
            A conflict is asked again, for everybody: its answer is taken back, whoever gave it.

            EXAMPLES
              gloss reopen kmt qrw
              gloss reopen xkq        as gloss conflicts --settled lists it
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var dry: DryRunOption
    @Argument(help: "The notes, or one settled conflict.") var ids: [String]

    func run() async throws {
        try await global.run(dry) { console in
            let library = try console.library()
            if ids.count == 1, try reopenConflict(ids[0], library, console) { return }
            let notes = try ids.map { try library.note($0) }
            let (changed, settled) = try library.settling(notes) {
                try library.reopen(notes, command: console.historyLine)
            }
            let names = console.names(ids, of: changed, among: notes)
            if !names.isEmpty { try console.changed("reopened", names, settled: settled) }
        }
    }

    /// Asks a settled conflict again.
    ///
    /// - Returns: whether the name is one's, and not a note's.
    private func reopenConflict(
        _ id: String, _ library: Library, _ console: Console
    ) throws -> Bool {
        if (try? library.note(id)) != nil { return false }
        guard let settled = try library.settledConflict(id) else { return false }
        let open = try library.reopen(settled, command: console.historyLine)
        try console.result(
            "conflict", JSONViews.conflict(open),
            text: "reopened  \(open.shortID)  \(open.subject)")
        console.undoHint()
        return true
    }
}

struct RemoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm", abstract: "Withdraw notes or replies. They stay in the history.")

    @OptionGroup var global: GlobalOptions
    @OptionGroup var dry: DryRunOption
    @Argument(help: "The notes or replies.") var ids: [String]

    func run() async throws {
        try await global.setField(.life, to: .withdrawn, of: ids, word: "withdrawn", dry) {
            library, console in
            for id in ids {
                let left = try library.withdrawal(of: library.note(id))?.acceptedBy ?? []
                guard let author = left.first else { continue }
                let who = author.isMine ? "you" : author.user
                console.say(
                    "The words of \(id) stay in the text: \(who) accepted it. To take them out: gloss reject \(id)"
                )
            }
        }
    }
}

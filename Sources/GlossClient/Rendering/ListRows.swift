public import GlossCore

/// A line of `gloss ls`.
public struct ArticleRow: Hashable, Sendable {
    /// The short name.
    public var name: String
    /// The title.
    public var title: String
    /// How many paragraphs it has.
    public var paragraphs: Int
    /// How many open notes, suggestions not among them.
    public var notes: Int
    /// How many open suggestions.
    public var suggestions: Int
    /// How many open conflicts.
    public var conflicts: Int
    /// When it last changed, in milliseconds since 1970.
    public var changed: Int?
    /// Whether it was purged on the server.
    public var isPurged: Bool
    /// What the user may do with it, where that is not what they may do in the library.
    public var role: Role?

    /// A row.
    public init(
        name: String, title: String, paragraphs: Int, notes: Int = 0, suggestions: Int = 0,
        conflicts: Int = 0, changed: Int? = nil, isPurged: Bool = false,
        role: Role? = nil
    ) {
        self.name = name
        self.title = title
        self.paragraphs = paragraphs
        self.notes = notes
        self.suggestions = suggestions
        self.conflicts = conflicts
        self.changed = changed
        self.isPurged = isPurged
        self.role = role
    }
}

/// A line of `gloss notes`.
public struct NoteRow: Hashable, Sendable {
    /// The article's short name.
    public var article: String
    /// The paragraph it stands in, from 1; `nil` if in none.
    public var paragraph: Int?
    /// The note.
    public var note: RenderedNote

    /// A row.
    public init(article: String, paragraph: Int?, note: RenderedNote) {
        self.article = article
        self.paragraph = paragraph
        self.note = note
    }
}

/// A line of `gloss conflicts`.
public struct ConflictRow: Hashable, Sendable {
    /// The short id.
    public var shortID: String
    /// What it is about: `text of note kmt`.
    public var subject: String
    /// The article's short name.
    public var article: String
    /// The paragraph, from 1; `nil` if in none.
    public var paragraph: Int?
    /// Who said what, one each: `you (laptop)`, `jo accepted`.
    public var sides: [String]
    /// When the last of them did, in milliseconds since 1970.
    public var time: Int
    /// Whether somebody has to decide, rather than only have a look.
    public var needsDecision: Bool

    /// A row.
    public init(
        shortID: String, subject: String, article: String, paragraph: Int?, sides: [String],
        time: Int, needsDecision: Bool
    ) {
        self.shortID = shortID
        self.subject = subject
        self.article = article
        self.paragraph = paragraph
        self.sides = sides
        self.time = time
        self.needsDecision = needsDecision
    }
}

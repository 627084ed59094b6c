public import GlossCore

/// A note, highlight or suggestion as a reader sees it.
public struct RenderedNote: Hashable, Sendable {
    /// What it is.
    public enum Kind: Hashable, Sendable {
        /// Something said about the text.
        case note
        /// Marked text, nothing said.
        case highlight
        /// A proposal to put other words in place of the text.
        case suggestion(replacement: String)
    }

    /// An answer to it.
    public struct Reply: Hashable, Sendable {
        /// The short id.
        public var shortID: String
        /// The user's name.
        public var author: String
        /// What it says.
        public var body: String
        /// When, in milliseconds since 1970.
        public var time: Int

        /// A reply.
        public init(shortID: String, author: String, body: String, time: Int) {
            self.shortID = shortID
            self.author = author
            self.body = body
            self.time = time
        }
    }

    /// The short id.
    public var shortID: String
    /// Whether its author keeps it to themselves.
    public var isPrivate: Bool
    /// What it is.
    public var kind: Kind
    /// The name of the user who wrote it.
    public var author: String
    /// When, in milliseconds since 1970.
    public var time: Int
    /// What it says; empty if nothing.
    public var body: String
    /// The name of its kind, where that says more than ``kind``: `claim`.
    public var label: String?
    /// How its check stands; `nil` if it has none and needs none.
    public var check: CheckView?
    /// What has become of it, in a word: `done`, `accepted`; `nil` while it is open.
    public var status: String?
    /// Its tags, ascending, without `#`.
    public var tags: [String]
    /// The words it was written about.
    public var quote: String
    /// How much of them is left.
    public var placement: Placement.State
    /// The scalars it stands on, ascending.
    public var ranges: [Range<Int>]
    /// The short ids of open conflicts about it.
    public var conflicts: [String]
    /// The answers, in order.
    public var replies: [Reply]

    /// A note.
    public init(
        shortID: String, isPrivate: Bool = false, kind: Kind = .note, author: String, time: Int,
        body: String = "",
        label: String? = nil, check: CheckView? = nil, status: String? = nil, tags: [String] = [],
        quote: String = "",
        placement: Placement.State = .anchored, ranges: [Range<Int>] = [],
        conflicts: [String] = [], replies: [Reply] = []
    ) {
        self.shortID = shortID
        self.isPrivate = isPrivate
        self.kind = kind
        self.author = author
        self.time = time
        self.body = body
        self.label = label
        self.check = check
        self.status = status
        self.tags = tags
        self.quote = quote
        self.placement = placement
        self.ranges = ranges
        self.conflicts = conflicts
        self.replies = replies
    }

    /// Who reads it and what it is, where that is not a matter of course: `private`, `private claim`.
    var mark: String? {
        let words = [isPrivate ? "private" : nil, label].compactMap { $0 }
        return words.isEmpty ? nil : words.joined(separator: " ")
    }

    /// Whether it stands on no text at present, though it once did.
    public var isLoose: Bool {
        switch placement {
        case .anchored, .partial, .moved, .whole: false
        case .rewritten, .collapsed, .pending: true
        }
    }
}

/// An article with its notes, as a reader sees it.
public struct RenderedArticle: Sendable {
    /// The title.
    public var title: String
    /// The text.
    public var text: ArticleText
    /// The notes, in any order.
    public var notes: [RenderedNote]

    /// An article.
    public init(title: String, text: ArticleText, notes: [RenderedNote]) {
        self.title = title
        self.text = text
        self.notes = notes
    }
}

public import GlossCore
import GlossStorage

/// An article with its annotations, as people look at it.
public struct ArticleView: Sendable {
    /// The document.
    public let id: DocumentID
    /// The short name people type.
    public let name: String
    /// The headline; empty if it has none.
    public let title: String
    /// The article with its shared annotation set.
    public let content: AnnotatedArticle
    /// The article with the sets that this user keeps to themselves.
    let privateContents: [AnnotatedArticle]
    /// The text with its paragraphs.
    public let articleText: ArticleText
    /// Annotations that are not withdrawn, in the order of the text, loose ones last.
    public internal(set) var notes: [NoteView]
    /// Open questions, ascending by id.
    public internal(set) var conflicts: [ConflictView]
    /// The article's frontier: the version shown.
    public let version: [OpID]

    /// The text.
    public var text: String { String(String.UnicodeScalarView(scalars)) }

    /// The state checksums of the article and of its annotation set, each as 16 hex digits: equal
    /// to the server's when both have the same changes.
    public var checksum: String {
        Hex.string(content.article.stateChecksum) + "-"
            + Hex.string(content.annotations.stateChecksum)
    }

    /// The text in scalars.
    public var scalars: [Unicode.Scalar] { articleText.scalars }
}

/// An annotation, as people look at it.
public struct NoteView: Sendable {
    /// Where a suggestion stands.
    public enum Decision: String, Hashable, Sendable {
        /// Nobody has decided.
        case open
        /// The article has it.
        case accepted
        /// Somebody decided against it.
        case rejected
    }

    /// The operation that made it.
    public let id: OpID
    /// The annotation set that it is in.
    public let set: DocumentID
    /// Its short name.
    public let shortID: String
    /// What it is for.
    public let kind: AnnotationKind
    /// Who made it.
    public let author: Attribution
    /// What it says.
    public let body: String
    /// The words proposed, for a suggestion.
    public let proposal: String?
    /// Where a suggestion stands; `nil` for others.
    public let decision: Decision?
    /// How its check stands; `nil` if it asks for none and has none.
    public let check: CheckView?
    /// Whether it is dealt with.
    public let isDone: Bool
    /// Whether somebody took it back while another edited or answered it.
    public let isWithdrawnElsewhere: Bool
    /// Its tags, ascending.
    public let tags: [String]
    /// The words it was made on.
    public let quote: Quote
    /// Where it stands now.
    public let placement: Placement
    /// The words it stands on now.
    public let words: String
    /// Whether these are others than it was made on, though nobody has decided on it.
    public let isChanged: Bool
    /// Answers that are not withdrawn, the oldest first.
    public let replies: [ReplyView]
    /// The short names of the open questions about it.
    public let conflicts: [String]

    /// Whether this user keeps it to themselves.
    public var isPrivate: Bool { self.set.kind == .privateAnnotations }
}

/// An answer to an annotation, as people look at it.
public struct ReplyView: Sendable {
    /// The operation that made it.
    public let id: OpID
    /// Its short name.
    public let shortID: String
    /// Who made it.
    public let author: Attribution
    /// What it says.
    public let body: String
}

/// An open question, as people look at it.
public struct ConflictView: Sendable {
    /// One of the things said.
    public struct Version: Sendable {
        /// A, B, C and so on: the same on every machine.
        public let letter: String
        /// What it says, or does.
        public let content: String
        /// Who said so.
        public let authors: [Attribution]
        /// Why, where its author said so.
        public let why: String?
        /// The short name of the suggestion it decides on, for a verdict.
        public let suggestion: String?
    }

    /// A suggestion that people decided on differently.
    public struct Suggestion: Sendable {
        /// The annotation.
        public let id: OpID
        /// Its short name.
        public let shortID: String
        /// The words it was made on.
        public let quote: String
        /// The words it proposes.
        public let proposal: String
    }

    /// The question itself.
    public let conflict: Conflict
    /// Its short name: no other one of those it was found with has it.
    public internal(set) var shortID: String
    /// The article it belongs to.
    public let article: DocumentID
    /// The article's short name.
    public let articleName: String
    /// The annotation set that it was found with: what it is about is in that, or in the article.
    public let set: DocumentID
    /// The annotation it is about, if it is about one.
    public let note: OpID?
    /// The short name of that annotation.
    public let noteShortID: String?
    /// The words that annotation was made on.
    public let quote: String?
    /// The suggestions that it is about, if it is about decisions on them.
    public let suggestions: [Suggestion]
    /// The paragraph it is in, from 1; `nil` if it has no place.
    public let paragraph: Int?
    /// The versions by letter.
    public let versions: [Version]
    /// What stood before anybody disagreed, where there was one thing.
    public let base: String?
    /// Who wrote that, where one operation did.
    public let baseAuthor: Attribution?
    /// When the latest of them was said, in milliseconds since 1970.
    public let time: Int
    /// The choices that may answer it.
    public let choices: [String]

    /// Whether it is about notes that this user keeps to themselves.
    public var isPrivate: Bool { self.set.kind == .privateAnnotations }
}

/// What an annotation is for. Kinds this version does not know are kept like the others.
public struct AnnotationKind: Hashable, Sendable, RawRepresentable {
    /// The kind as it stands in a change.
    public let rawValue: String

    /// A kind of the given name.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// A remark on some words.
    public static let note = AnnotationKind(rawValue: "note")
    /// Other words for some words.
    public static let suggestion = AnnotationKind(rawValue: "suggestion")
    /// Something the words say that may be true or not.
    public static let claim = AnnotationKind(rawValue: "claim")
    /// Words that somebody is said to have said.
    public static let quote = AnnotationKind(rawValue: "quote")
    /// A name, a number or a date.
    public static let fact = AnnotationKind(rawValue: "fact")

    /// Whether it asks for a ``Check`` of its words.
    public var asksForCheck: Bool { self == .claim || self == .quote || self == .fact }
}

/// A new annotation. Its id is the id of this operation.
public struct NewAnnotation: Hashable, Sendable {
    /// What it is for.
    public var kind: AnnotationKind
    /// Where it stands.
    public var target: Target
    /// What it says; empty for a bare highlight.
    public var body: String
    /// The words proposed, for a suggestion; empty to delete.
    public var proposal: String?
    /// Its first tags.
    public var tags: [String]

    /// An annotation.
    public init(
        kind: AnnotationKind, target: Target, body: String, proposal: String? = nil,
        tags: [String] = []
    ) {
        self.kind = kind
        self.target = target
        self.body = body
        self.proposal = proposal
        self.tags = tags
    }
}

/// A reply to an annotation. Its id is the id of this operation.
public struct NewReply: Hashable, Sendable {
    /// The annotation answered.
    public var annotation: OpID
    /// What it says.
    public var body: String

    /// A reply.
    public init(annotation: OpID, body: String) {
        self.annotation = annotation
        self.body = body
    }
}

/// A tag put on an annotation.
public struct TagAddition: Hashable, Sendable {
    /// The annotation.
    public var annotation: OpID
    /// The tag.
    public var tag: String

    /// Puts `tag` on `annotation`.
    public init(annotation: OpID, tag: String) {
        self.annotation = annotation
        self.tag = tag
    }
}

/// A tag taken off an annotation: off the additions its author saw, so a concurrent one stays.
public struct TagRemoval: Hashable, Sendable {
    /// The annotation.
    public var annotation: OpID
    /// The tag.
    public var tag: String
    /// The operations that put it there, in ascending order: additions, or the annotation itself.
    public var additions: [OpID]

    /// Takes `tag` off where `additions` had put it.
    public init(annotation: OpID, tag: String, additions: [OpID]) {
        self.annotation = annotation
        self.tag = tag
        self.additions = additions
    }
}

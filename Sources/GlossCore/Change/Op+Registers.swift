/// The name of a single-valued field. Names this version does not know are kept like the others.
///
/// Names are compared by their bytes.
public struct Field: Hashable, Comparable, Sendable, RawRepresentable {
    /// The name as it stands in a change.
    public var rawValue: String { name.text }
    private let name: ExactText

    /// A field of the given name.
    public init(rawValue: String) {
        name = ExactText(rawValue)
    }

    /// Whether the bytes of the names are the same.
    public static func == (left: Field, right: Field) -> Bool { left.name == right.name }

    /// Orders fields by the bytes of their names.
    public static func < (left: Field, right: Field) -> Bool { left.name < right.name }

    /// Hashes the bytes of the name.
    public func hash(into hasher: inout Hasher) { hasher.combine(name) }

    /// Of an article: the short name people type.
    public static let name = Field(rawValue: "name")
    /// Of an article: its headline.
    public static let title = Field(rawValue: "title")
    /// Of an article: who wrote it.
    public static let byline = Field(rawValue: "byline")
    /// Of an article: where it came from.
    public static let source = Field(rawValue: "source")
    /// Of an article: its language.
    public static let language = Field(rawValue: "language")
    /// Of an article: ``Value/yes`` while it is put away.
    public static let archived = Field(rawValue: "archived")
    /// Of an annotation or reply: what it says.
    public static let body = Field(rawValue: "body")
    /// Of an annotation: ``Value/done`` or ``Value/open``.
    public static let status = Field(rawValue: "status")
    /// Of an annotation or reply: ``Value/withdrawn`` or ``Value/active``.
    public static let life = Field(rawValue: "life")
    /// Of a suggestion: the words it proposes.
    public static let proposal = Field(rawValue: "proposal")
    /// Of a suggestion: ``Value/rejected`` or ``Value/open``.
    public static let verdict = Field(rawValue: "verdict")
    /// Of an annotation: where it stands.
    public static let target = Field(rawValue: "target")
    /// Of an annotation: a ``Check`` of its words.
    public static let check = Field(rawValue: "check")
}

/// What a field holds. Texts are equal only if their bytes are.
public enum Value: Hashable, Sendable {
    /// Nothing.
    case none
    /// Some text.
    case text(String)
    /// A place in the article.
    indirect case target(Target)
    /// What somebody found of the words at a place in the article.
    indirect case check(Check)

    /// Whether both hold the very same.
    public static func == (left: Value, right: Value) -> Bool {
        switch (left, right) {
        case (.none, .none): true
        case (.text(let left), .text(let right)): ExactText(left) == ExactText(right)
        case (.target(let left), .target(let right)): left == right
        case (.check(let left), .check(let right)): left == right
        case (.none, _), (.text, _), (.target, _), (.check, _): false
        }
    }

    /// Hashes the bytes of a text.
    public func hash(into hasher: inout Hasher) {
        switch self {
        case .none: hasher.combine(0)
        case .text(let text): hasher.combine(ExactText(text))
        case .target(let target): hasher.combine(target)
        case .check(let check): hasher.combine(check)
        }
    }

    /// The text, if it is one.
    public var text: String? {
        if case .text(let text) = self { text } else { nil }
    }

    /// The check, if it is one.
    public var check: Check? {
        if case .check(let check) = self { check } else { nil }
    }

    /// The place in the article that it names, as a target or as what a check was given on.
    public var place: Target? {
        switch self {
        case .none, .text: nil
        case .target(let target): target
        case .check(let check): check.target
        }
    }

    /// Set, for yes-or-no fields; ``none`` is no.
    public static let yes = Value.text("yes")
    /// Not dealt with yet; where an annotation starts.
    public static let open = Value.text("open")
    /// Dealt with.
    public static let done = Value.text("done")
    /// Standing; where an annotation starts.
    public static let active = Value.text("active")
    /// Taken back by someone.
    public static let withdrawn = Value.text("withdrawn")
    /// A suggestion somebody decided against.
    public static let rejected = Value.text("rejected")
}

/// A value for a single-valued field: a register write.
///
/// Writes that nobody has replaced stand side by side, so that two people who write at once make a
/// question, not a loss.
public struct Write: Hashable, Sendable {
    /// The annotation or reply written to; `nil` for the document itself.
    public var entity: OpID?
    /// Which field.
    public var field: Field
    /// What it now holds.
    public var value: Value
    /// The writes this one replaces: all that its author saw standing, in ascending order.
    public var replaces: [OpID]
    /// Why, where the author said so.
    public var why: String?

    /// A write.
    public init(
        entity: OpID? = nil, field: Field, value: Value, replaces: [OpID], why: String? = nil
    ) {
        self.entity = entity
        self.field = field
        self.value = value
        self.replaces = replaces
        self.why = why
    }
}

/// The answer to a conflict.
///
/// It settles exactly what its author saw; a version that joins later opens a new question.
public struct Resolution: Hashable, Sendable {
    /// Which question.
    public var conflict: ConflictID
    /// What kind it was.
    public var kind: ConflictKind
    /// The versions it settles: what the author saw, in ascending order.
    public var settles: [OpID]
    /// The choice as the author named it: a letter, `merged`, `edit` and the like.
    public var take: String
    /// Why, where the author said so.
    public var why: String?

    /// An answer.
    public init(
        conflict: ConflictID, kind: ConflictKind, settles: [OpID], take: String, why: String? = nil
    ) {
        self.conflict = conflict
        self.kind = kind
        self.settles = settles
        self.take = take
        self.why = why
    }
}

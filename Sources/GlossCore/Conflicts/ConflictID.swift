/// The name of a question: a function of the operations that disagree, equal on every replica.
///
/// Written for machines as 16 hex digits. People see the letters k to z (one for each hex digit),
/// of which they type as many as tell it from the others.
public struct ConflictID: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The 64 bits.
    public let rawValue: UInt64

    /// An id of the given bits.
    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// The id written as 16 lower-case hex digits; `nil` for anything else.
    public init?(_ text: some StringProtocol) {
        guard let value = Hex.parse(text.utf8, digits: 16) else { return nil }
        self.init(rawValue: value)
    }

    /// 16 lower-case hex digits.
    public var description: String { Hex.string(rawValue) }

    /// Orders ids by their bits.
    public static func < (left: ConflictID, right: ConflictID) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// What kind of question it is.
public enum ConflictKind: String, Hashable, Sendable, CaseIterable {
    /// A field has several values that nobody has seen all of.
    case value
    /// Withdrawn here, edited or answered there.
    case deleteEdit = "delete/edit"
    /// A suggestion accepted and rejected, or accepted in several wordings, or suggestions that
    /// overlap and are both accepted.
    case verdict
    /// Concurrent edits of the text touch each other.
    case text
    /// The text an open annotation stood on is gone or rewritten.
    case anchor
    /// Several people settled one conflict differently.
    case resolution
}

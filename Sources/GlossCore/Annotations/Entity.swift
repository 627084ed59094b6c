/// What can be written to besides the document itself.
public struct Entity: Sendable {
    /// What it is.
    public enum Kind: Sendable {
        /// An annotation, as it was made.
        case annotation(NewAnnotation)
        /// A reply, as it was made.
        case reply(NewReply)
        /// The answer to a conflict.
        case resolution(Resolution)
    }

    /// The operation that made it.
    public let id: OpID
    /// What it is.
    public let kind: Kind
    /// The fields written to.
    var fields: [Field: Register] = [:]
    /// For each tag the additions that nobody has taken off.
    var tagAdditions: [ExactText: [OpID]] = [:]
    /// Operations on it other than writes to ``Field/life``, replies included.
    var touches: [OpID] = []

    init(id: OpID, kind: Kind) {
        self.id = id
        self.kind = kind
    }

    /// A field, empty if nobody has written to it.
    public func register(_ field: Field) -> Register { fields[field] ?? Register() }

    /// The text a field shows, or `nil`.
    public func text(_ field: Field) -> String? { register(field).value?.text }

    /// The tags on it, ascending by their bytes.
    public var tags: [String] { tagAdditions.keys.sorted().map(\.text) }

    /// The operations that put a tag on it and still stand, ascending.
    public func additions(of tag: String) -> [OpID] { tagAdditions[ExactText(tag)] ?? [] }

    /// Whether the life that shows is ``Value/withdrawn``.
    public var isWithdrawn: Bool { register(.life).value == .withdrawn }
}

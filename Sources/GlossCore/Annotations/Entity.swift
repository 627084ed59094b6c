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
    /// What was done to it since.
    let edits: EntityEdits

    /// A field, empty if nobody has written to it.
    public func register(_ field: Field) -> Register {
        edits.fields[field] ?? kind.register(field, of: id)
    }

    /// The text a field shows, or `nil`.
    public func text(_ field: Field) -> String? { register(field).value?.text }

    /// The tags on it, ascending by their bytes.
    public var tags: [String] { tagAdditions.keys.sorted().map(\.text) }

    /// The operations that put a tag on it and still stand, ascending.
    public func additions(of tag: String) -> [OpID] { tagAdditions[ExactText(tag)] ?? [] }

    /// Whether the life that shows is ``Value/withdrawn``.
    public var isWithdrawn: Bool { edits.isWithdrawn }

    /// The fields written to.
    var fields: [Field: Register] {
        var fields = edits.fields
        for (field, value) in kind.values where fields[field] == nil {
            fields[field] = Register(Register.Entry(id: id, value: value, replaces: [], why: nil))
        }
        return fields
    }

    /// For each tag the additions that nobody has taken off.
    var tagAdditions: [ExactText: [OpID]] { edits.tagAdditions ?? kind.tagAdditions(by: id) }

    /// Operations on it other than writes to ``Field/life``, replies included.
    var touches: [OpID] { edits.touches }
}

/// What was done to an entity since it was made.
struct EntityEdits: Sendable {
    /// The fields written to since, with what they held before.
    var fields: [Field: Register] = [:]
    /// For each tag the additions that nobody has taken off; `nil` while they are as they were made.
    var tagAdditions: [ExactText: [OpID]]?
    /// Operations on it other than writes to ``Field/life``, replies included.
    var touches: [OpID] = []

    /// Changes the additions in place, for a copy at each of many tags would cost their square.
    ///
    /// - Parameter made: what it was made with.
    mutating func changeTags(
        _ made: [ExactText: [OpID]], _ change: (inout [ExactText: [OpID]]) -> Void
    ) {
        var tags = tagAdditions.take() ?? made
        change(&tags)
        tagAdditions = tags
    }

    /// Whether the life that shows is ``Value/withdrawn``.
    var isWithdrawn: Bool { fields[.life]?.value == .withdrawn }
}

/// What an entity is made with.
extension Entity.Kind {
    /// What an operation makes; `nil` if it makes nothing that can be written to.
    init?(_ op: Op) {
        switch op {
        case .annotate(let annotation): self = .annotation(annotation)
        case .reply(let reply): self = .reply(reply)
        case .resolve(let resolution): self = .resolution(resolution)
        case .insert, .delete, .visibility, .write, .addTag, .removeTag, .unknown: return nil
        }
    }

    /// The fields that are written to thereby, ascending by name, and what they hold then.
    var values: [(field: Field, value: Value)] {
        switch self {
        case .annotation(let made):
            let proposal = made.proposal.map { [(Field.proposal, Value.text($0))] } ?? []
            return [(.body, .text(made.body))] + proposal + [(.target, .target(made.target))]
        case .reply(let made): return [(.body, .text(made.body))]
        case .resolution: return []
        }
    }

    /// A field as it is then.
    ///
    /// - Parameter id: the operation that makes it.
    func register(_ field: Field, of id: OpID) -> Register {
        let value: Value? =
            switch (self, field) {
            case (.annotation(let made), .body): .text(made.body)
            case (.annotation(let made), .target): .target(made.target)
            case (.annotation(let made), .proposal): made.proposal.map { .text($0) }
            case (.reply(let made), .body): .text(made.body)
            default: nil
            }
        guard let value else { return Register() }
        return Register(Register.Entry(id: id, value: value, replaces: [], why: nil))
    }

    /// The tags it has then.
    func tagAdditions(by id: OpID) -> [ExactText: [OpID]] {
        guard case .annotation(let made) = self else { return [:] }
        return Dictionary(made.tags.map { (ExactText($0), [id]) }) { first, _ in first }
    }
}

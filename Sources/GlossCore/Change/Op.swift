/// One operation, or a run of them stored as one.
///
/// Articles have a great many of the first two, so that these are kept small and in place.
public enum Op: Hashable, Sendable {
    /// Text put between two neighbours. One sequence number for each scalar.
    case insert(Insertion)
    /// Characters hidden, by id. One sequence number for each of them.
    case delete(Deletion)
    /// Operations undone and redone, by counting.
    case visibility(Visibility)
    /// A value for a single-valued field.
    indirect case write(Write)
    /// A new annotation.
    indirect case annotate(NewAnnotation)
    /// A reply to an annotation.
    indirect case reply(NewReply)
    /// A tag put on an annotation.
    indirect case addTag(TagAddition)
    /// A tag taken off an annotation.
    indirect case removeTag(TagRemoval)
    /// The answer to a conflict.
    indirect case resolve(Resolution)
    /// An operation of a kind this version does not know: kept and passed on, without effect here.
    case unknown

    /// How many sequence numbers the operation takes, at least 1; any number at all for a deletion
    /// whose spans count what no document can hold.
    ///
    /// - Complexity: O(spans) for a deletion, otherwise O(1).
    public var width: Int {
        switch self {
        case .insert(let insertion): insertion.scalarCount
        case .delete(let deletion): deletion.spans.reduce(0) { $0 &+ $1.count }
        case .visibility, .write, .annotate, .reply, .addTag, .removeTag, .resolve, .unknown: 1
        }
    }

    /// The place in an article that an operation of its annotation set names.
    public var place: Target? {
        switch self {
        case .annotate(let annotation): annotation.target
        case .write(let write): write.value.place
        case .insert, .delete, .visibility, .reply, .addTag, .removeTag, .resolve, .unknown: nil
        }
    }
}

/// Text put between two neighbours.
public struct Insertion: Hashable, Sendable {
    /// What few insertions say.
    private indirect enum Details: Hashable {
        case of(replaces: [OpSpan], from: [OpSpan], accepts: OpID?)
    }

    /// Stands for no origin.
    private static let edge = OpID(agent: AgentID(rawValue: 0), seq: .min)

    private var leftOrEdge: OpID
    private var rightOrEdge: OpID
    /// The first scalar, if there is any.
    private(set) var first: Unicode.Scalar = "\0"
    /// All scalars, unless it is one, as with most insertions.
    private var several: [Unicode.Scalar]?
    private var details: Details?

    /// Text between two neighbours.
    public init(
        left: OpID?, right: OpID?, text: [Unicode.Scalar], replaces: [OpSpan] = [],
        from: [OpSpan] = [], accepts: OpID? = nil
    ) {
        leftOrEdge = left ?? Insertion.edge
        rightOrEdge = right ?? Insertion.edge
        setText(text)
        setDetails(replaces: replaces, from: from, accepts: accepts)
    }

    /// One scalar between two neighbours.
    public init(left: OpID?, right: OpID?, scalar: Unicode.Scalar) {
        leftOrEdge = left ?? Insertion.edge
        rightOrEdge = right ?? Insertion.edge
        first = scalar
    }

    /// The scalars, at least one. Reading a single one makes an array of it.
    public var text: [Unicode.Scalar] {
        get { several ?? [first] }
        set { setText(newValue) }
    }

    /// How many scalars it has.
    public var scalarCount: Int { several?.count ?? 1 }

    /// The character it was typed after; `nil` at the start of the document.
    public var left: OpID? {
        get { leftOrEdge == Insertion.edge ? nil : leftOrEdge }
        set { leftOrEdge = newValue ?? Insertion.edge }
    }

    /// The next character, deleted ones included; `nil` at the end of the document.
    public var right: OpID? {
        get { rightOrEdge == Insertion.edge ? nil : rightOrEdge }
        set { rightOrEdge = newValue ?? Insertion.edge }
    }

    /// The characters it is meant to replace; annotations follow from these to the new text.
    public var replaces: [OpSpan] {
        get {
            guard case .of(let replaces, _, _) = details else { return [] }
            return replaces
        }
        set { setDetails(replaces: newValue, from: from, accepts: accepts) }
    }

    /// The characters it was moved from, as many as it has scalars, in their order; none for new
    /// text. Annotations follow it from these.
    public var from: [OpSpan] {
        get {
            guard case .of(_, let from, _) = details else { return [] }
            return from
        }
        set { setDetails(replaces: replaces, from: newValue, accepts: accepts) }
    }

    /// The suggestion it accepts. Of several changes accepting one suggestion, one shows its text.
    public var accepts: OpID? {
        get {
            guard case .of(_, _, let accepts) = details else { return nil }
            return accepts
        }
        set { setDetails(replaces: replaces, from: from, accepts: newValue) }
    }

    /// Whether it says neither what it replaces, nor where it comes from, nor what it accepts.
    var isPlain: Bool { details == nil }

    private mutating func setText(_ text: [Unicode.Scalar]) {
        first = text.first ?? "\0"
        several = text.count == 1 ? nil : text
    }

    private mutating func setDetails(replaces: [OpSpan], from: [OpSpan], accepts: OpID?) {
        let isPlain = replaces.isEmpty && from.isEmpty && accepts == nil
        details = isPlain ? nil : .of(replaces: replaces, from: from, accepts: accepts)
    }
}

/// Characters hidden, by id.
public struct Deletion: Hashable, Sendable {
    /// The characters, in the order of the deletion's own sequence numbers.
    public var spans: [OpSpan]
    /// The suggestion it accepts.
    public var accepts: OpID?

    /// A deletion of the given characters.
    public init(spans: [OpSpan], accepts: OpID? = nil) {
        self.spans = spans
        self.accepts = accepts
    }
}

/// Operations undone and redone.
///
/// Each insertion or deletion of a character has an undo count; concurrent counts merge by maximum,
/// and an operation is undone while its count is odd. (The scheme of Zed's undo map.)
public struct Visibility: Hashable, Sendable {
    /// A run of operations that get the same count.
    public struct Mark: Hashable, Sendable {
        /// Insertions or deletions of characters.
        public var span: OpSpan
        /// One more than the highest count in the change's own history.
        public var count: Int

        /// Gives `span` the undo count `count`.
        public init(span: OpSpan, count: Int) {
            self.span = span
            self.count = count
        }
    }

    /// What gets which count.
    public var marks: [Mark]

    /// Sets the given counts.
    public init(marks: [Mark]) {
        self.marks = marks
    }
}

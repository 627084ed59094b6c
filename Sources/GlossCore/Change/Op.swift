/// One operation, or a run of them stored as one.
public enum Op: Hashable, Sendable {
    /// Text put between two neighbours. One sequence number for each scalar.
    case insert(Insertion)
    /// Characters hidden, by id. One sequence number for each of them.
    case delete(Deletion)
    /// Operations undone and redone, by counting.
    case visibility(Visibility)
    /// A value for a single-valued field.
    case write(Write)
    /// A new annotation.
    case annotate(NewAnnotation)
    /// A reply to an annotation.
    case reply(NewReply)
    /// A tag put on an annotation.
    case addTag(TagAddition)
    /// A tag taken off an annotation.
    case removeTag(TagRemoval)
    /// The answer to a conflict.
    case resolve(Resolution)
    /// An operation of a kind this version does not know: kept and passed on, without effect here.
    case unknown

    /// How many sequence numbers the operation takes, at least 1; any number at all for a deletion
    /// whose spans count what no document can hold.
    ///
    /// - Complexity: O(spans) for a deletion, otherwise O(1).
    public var width: Int {
        switch self {
        case .insert(let insertion): insertion.text.count
        case .delete(let deletion): deletion.spans.reduce(0) { $0 &+ $1.count }
        case .visibility, .write, .annotate, .reply, .addTag, .removeTag, .resolve, .unknown: 1
        }
    }
}

/// Text put between two neighbours.
public struct Insertion: Hashable, Sendable {
    /// The character it was typed after; `nil` at the start of the document.
    public var left: OpID?
    /// The next character, deleted ones included; `nil` at the end of the document.
    public var right: OpID?
    /// The scalars, at least one.
    public var text: [Unicode.Scalar]
    /// The characters it is meant to replace; annotations follow from these to the new text.
    public var replaces: [OpSpan]
    /// The suggestion it accepts. Of several changes accepting one suggestion, one shows its text.
    public var accepts: OpID?

    /// Text between two neighbours.
    public init(
        left: OpID?, right: OpID?, text: [Unicode.Scalar], replaces: [OpSpan] = [],
        accepts: OpID? = nil
    ) {
        self.left = left
        self.right = right
        self.text = text
        self.replaces = replaces
        self.accepts = accepts
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

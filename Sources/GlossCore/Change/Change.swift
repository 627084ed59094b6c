/// The operations of one user action.
///
/// A change is the unit of validation, of acknowledgement and of causality: contiguous sequence
/// numbers of one agent, what its author had seen, when, and why. It always depends on its agent's
/// previous change; ``dependencies`` hold what else it depends on.
public struct Change: Hashable, Sendable {
    /// What few changes say; apart, so that most are cheap to hand on.
    private indirect enum Details: Hashable {
        case of(dependencies: [OpID], message: String?)
    }

    /// Who made it.
    public var agent: AgentID
    /// The sequence number of its first operation.
    public var seq: Int
    /// The author's clock, in milliseconds since 1970. Shown, never used to merge.
    public var time: Int
    /// What it does, in order. Never empty.
    public var ops: [Op]
    private var details: Details?

    /// A change.
    public init(
        agent: AgentID, seq: Int, dependencies: [OpID], time: Int, message: String? = nil, ops: [Op]
    ) {
        self.agent = agent
        self.seq = seq
        self.time = time
        self.ops = ops
        setDetails(dependencies: dependencies, message: message)
    }

    /// The frontier its author saw, where that adds to the agent's previous change: in ascending
    /// order, each the last operation of another change, none an ancestor of another.
    public var dependencies: [OpID] {
        get {
            guard case .of(let dependencies, _) = details else { return [] }
            return dependencies
        }
        set { setDetails(dependencies: newValue, message: message) }
    }

    /// What the author had to say about it.
    public var message: String? {
        get {
            guard case .of(_, let message) = details else { return nil }
            return message
        }
        set { setDetails(dependencies: dependencies, message: newValue) }
    }

    /// Whether it depends on nothing but its agent's previous change, and has no message.
    var isPlain: Bool { details == nil }

    private mutating func setDetails(dependencies: [OpID], message: String?) {
        details =
            dependencies.isEmpty && message == nil
            ? nil : .of(dependencies: dependencies, message: message)
    }

    /// How many sequence numbers it takes: the sum of its operations' widths.
    public var count: Int {
        var count = 0
        for index in ops.indices { count &+= ops[index].width }
        return count
    }

    /// The sequence number behind its last operation.
    public var endSeq: Int { seq + count }

    /// The id of its first operation, by which people and records name a change.
    public var id: OpID { OpID(agent: agent, seq: seq) }

    /// What it follows: its agent's previous operation, if there is one, then its dependencies.
    public var causes: [OpID] {
        (seq > 0 ? [OpID(agent: agent, seq: seq - 1)] : []) + dependencies
    }

    /// Whether an operation is one of its own. O(operations of the change).
    public func contains(_ id: OpID) -> Bool {
        id.agent == agent && (seq..<endSeq).contains(id.seq)
    }

    /// The id of its last operation, by which other changes depend on it.
    public var lastID: OpID { OpID(agent: agent, seq: endSeq - 1) }
}

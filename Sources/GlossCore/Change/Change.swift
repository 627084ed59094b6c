/// The operations of one user action.
///
/// A change is the unit of validation, of acknowledgement and of causality: contiguous sequence
/// numbers of one agent, what its author had seen, when, and why. It always depends on its agent's
/// previous change; ``dependencies`` hold what else it depends on.
public struct Change: Hashable, Sendable {
    /// Who made it.
    public var agent: AgentID
    /// The sequence number of its first operation.
    public var seq: Int
    /// The frontier its author saw, where that adds to the agent's previous change: in ascending
    /// order, each the last operation of another change, none an ancestor of another.
    public var dependencies: [OpID]
    /// The author's clock, in milliseconds since 1970. Shown, never used to merge.
    public var time: Int
    /// What the author had to say about it.
    public var message: String?
    /// What it does, in order. Never empty.
    public var ops: [Op]

    /// A change.
    public init(
        agent: AgentID, seq: Int, dependencies: [OpID], time: Int, message: String? = nil, ops: [Op]
    ) {
        self.agent = agent
        self.seq = seq
        self.dependencies = dependencies
        self.time = time
        self.message = message
        self.ops = ops
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

    /// The id of its last operation, by which other changes depend on it.
    public var lastID: OpID { OpID(agent: agent, seq: endSeq - 1) }
}

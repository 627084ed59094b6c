public import GlossCore

/// One writer's copy of an article, kept by ``NaiveList``: it knows what its author sees, and so
/// makes changes whose origins, dependencies and undo counts are right.
public struct SimulatedReplica: Sendable {
    /// Who writes here.
    public private(set) var agent: AgentID
    /// What is known here.
    public private(set) var list = NaiveList()
    /// The changes that no other change known here follows, by their last operations, ascending.
    public private(set) var frontier: [OpID] = []
    private var nextSeq = 0
    private var clock = 1_760_000_000_000
    /// How many milliseconds pass from change to change.
    public var timeStep = 1000
    private var draft: Change?

    /// An empty copy.
    public init(agent: AgentID) {
        self.agent = agent
    }

    /// The text that shows here.
    public var text: String { list.text }

    /// Whether ``perform(_:)`` was called since the last ``commit()``.
    public var hasDraft: Bool { draft != nil }

    /// Goes on under another agent, as after a copy of the library. There must be no draft.
    public mutating func retire(for successor: AgentID) {
        precondition(draft == nil, "a draft is open")
        agent = successor
        nextSeq = 0
    }

    /// Takes another writer's change, whose causes are known here and which is not. There must be
    /// no draft.
    public mutating func receive(_ change: Change) {
        precondition(draft == nil, "a draft is open")
        list.apply(change)
        advanceFrontier(by: change)
    }

    /// Does `op` here, as the next part of the change that ``commit()`` will make.
    ///
    /// - Returns: the id of the operation.
    @discardableResult
    public mutating func perform(_ op: Op) -> OpID {
        let id = OpID(agent: agent, seq: nextSeq)
        if draft == nil {
            let dependencies = frontier.filter { $0 != previous }
            draft = Change(
                agent: agent, seq: nextSeq, dependencies: dependencies, time: clock, ops: [])
            list.begin(ChangeHeader(id: id, dependencies: dependencies))
            clock += timeStep
        }
        list.perform(op, as: id)
        draft?.ops.append(op)
        nextSeq += op.width
        return id
    }

    /// Makes one change of everything performed since the last. There must be something.
    public mutating func commit(message: String? = nil) -> Change {
        guard var change = draft else { preconditionFailure("nothing to commit") }
        change.message = message
        draft = nil
        advanceFrontier(by: change)
        return change
    }

    /// Makes a change of one operation.
    public mutating func change(_ op: Op) -> Change {
        perform(op)
        return commit()
    }

    /// The id of the next operation.
    public var next: OpID { OpID(agent: agent, seq: nextSeq) }

    /// What the change has so far that ``commit()`` will make; `nil` if there is no draft.
    public var open: Change? { draft }

    /// The agent's last operation outside the draft.
    private var previous: OpID? {
        nextSeq > 0 ? OpID(agent: agent, seq: nextSeq - 1) : nil
    }

    private mutating func advanceFrontier(by change: Change) {
        var followed = Set(change.dependencies)
        if change.seq > 0 { followed.insert(OpID(agent: change.agent, seq: change.seq - 1)) }
        frontier = (frontier.filter { !followed.contains($0) } + [change.lastID]).sorted()
    }
}

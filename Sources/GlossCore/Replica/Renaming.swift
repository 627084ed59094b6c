/// New names for operations of agents that had to retire: some of what they made goes on under
/// another agent, some is refused for good.
public struct Renaming: Sendable {
    /// From which number on the operations of each agent have new names or none.
    private var firstSeqs: [AgentID: Int]
    private var names: [OpID: OpID] = [:]
    /// The names under which what is refused is kept, where it has others than before.
    private var aliases: [OpID: OpID] = [:]
    /// Whether what is refused has names, too.
    private var namesAll = false
    /// Whose the operations are from now on, number by number, if all of one agent have new names at
    /// once.
    private var heir: AgentID?

    /// A renaming in which no operation has a name yet.
    ///
    /// - Parameter firstSeqs: from which number on it is about the operations of which agent.
    public init(_ firstSeqs: [AgentID: Int]) {
        self.firstSeqs = firstSeqs
    }

    /// A renaming that gives all operations of an agent from a number on to another, which has none:
    /// the first becomes its number 0.
    public init(of agent: AgentID, from first: Int, to heir: AgentID) {
        firstSeqs = [agent: first]
        self.heir = heir
    }

    /// The last operation of each agent that keeps its name, ascending.
    public var kept: [OpID] {
        firstSeqs.filter { $0.value > 0 }.map { OpID(agent: $0.key, seq: $0.value - 1) }.sorted()
    }

    /// Leaves a change its names, if it is the first of its agent that would lose them.
    public mutating func keep(_ change: Change) {
        if firstSeqs[change.agent] == change.seq { firstSeqs[change.agent] = change.endSeq }
    }

    /// Gives an operation a new name.
    mutating func name(_ former: OpID, _ id: OpID) { names[former] = id }

    /// Has the operations of a refused change be those of another agent, from number 0 on.
    mutating func alias(_ change: Change, as agent: AgentID) {
        for offset in 0..<change.count {
            aliases[OpID(agent: change.agent, seq: change.seq + offset)] = OpID(
                agent: agent, seq: offset)
        }
    }

    /// Whether an operation goes by another name now, refused or not.
    public func hasMoved(_ id: OpID) -> Bool { namingAll(id) != id }

    /// The same with names for what is refused: those under which it is kept.
    var namingAll: Renaming {
        var renaming = self
        renaming.namesAll = true
        return renaming
    }

    /// Whether the renaming is about an operation.
    public func covers(_ id: OpID) -> Bool {
        firstSeqs[id.agent].map { id.seq >= $0 } ?? false
    }

    /// The name an operation has from now on; `nil` if it is refused.
    public func callAsFunction(_ id: OpID) -> OpID? {
        guard let first = firstSeqs[id.agent], id.seq >= first else { return id }
        return names[id] ?? heir.map { OpID(agent: $0, seq: id.seq - first) }
            ?? (namesAll ? aliases[id] ?? id : nil)
    }

    /// What is left of a span, under its new names.
    func spans(_ span: OpSpan) -> [OpSpan] {
        var spans: [OpSpan] = []
        for seq in span.start.seq..<span.endSeq {
            guard let id = self(OpID(agent: span.start.agent, seq: seq)) else { continue }
            if let last = spans.last, last.start.agent == id.agent, last.endSeq == id.seq {
                spans[spans.count - 1] = OpSpan(start: last.start, count: last.count + 1)
            } else {
                spans.append(OpSpan(start: id, count: 1))
            }
        }
        return spans
    }
}

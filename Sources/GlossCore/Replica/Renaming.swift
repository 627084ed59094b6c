/// New names for operations of agents that had to retire: some of what they made goes on under
/// another agent, some is refused for good.
public struct Renaming: Sendable {
    /// From which number on the operations of each agent have new names or none.
    private let firstSeqs: [AgentID: Int]
    private var names: [OpID: OpID] = [:]
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

    /// Gives an operation a new name.
    mutating func name(_ former: OpID, _ id: OpID) { names[former] = id }

    /// Whether the renaming is about an operation.
    public func covers(_ id: OpID) -> Bool {
        firstSeqs[id.agent].map { id.seq >= $0 } ?? false
    }

    /// The name an operation has from now on; `nil` if it is refused.
    public func callAsFunction(_ id: OpID) -> OpID? {
        guard let first = firstSeqs[id.agent], id.seq >= first else { return id }
        return names[id] ?? heir.map { OpID(agent: $0, seq: id.seq - first) }
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

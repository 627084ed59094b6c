/// New names for operations of agents that had to retire: some of what they made goes on under
/// another agent, some is refused for good.
public struct Renaming: Sendable {
    private struct Names {
        var firstSeq: Int
        var names: [Int: OpID] = [:]
    }

    private var agents: [AgentID: Names] = [:]

    /// A renaming of nothing.
    public init() {}

    /// A renaming in which no operation of an agent from `firstSeq` on has a name yet.
    public init(agent: AgentID, firstSeq: Int) { retire(agent, from: firstSeq) }

    /// Lets operations of an agent from a number on have new names, none of them yet.
    public mutating func retire(_ agent: AgentID, from firstSeq: Int) {
        agents[agent] = Names(firstSeq: firstSeq)
    }

    /// The number from which on an agent's operations have new names or none; `nil` if all of them
    /// keep theirs.
    public func firstSeq(of agent: AgentID) -> Int? { agents[agent]?.firstSeq }

    /// Gives an operation a new name.
    mutating func name(_ id: OpID, _ new: OpID) { agents[id.agent]?.names[id.seq] = new }

    /// Whether the renaming is about an operation.
    public func covers(_ id: OpID) -> Bool {
        agents[id.agent].map { id.seq >= $0.firstSeq } ?? false
    }

    /// The name an operation has from now on; `nil` if it is refused.
    public func callAsFunction(_ id: OpID) -> OpID? {
        covers(id) ? agents[id.agent]?.names[id.seq] : id
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

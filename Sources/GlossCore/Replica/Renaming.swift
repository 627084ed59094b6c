/// New names for operations of an agent that had to retire: some of what it made goes on under
/// another agent, some is refused for good.
public struct Renaming: Sendable {
    /// The agent that retired.
    public let agent: AgentID
    /// From this number on its operations have new names or none.
    public let firstSeq: Int
    private var names: [Int: OpID] = [:]

    /// A renaming in which nothing from `firstSeq` on has a name yet.
    public init(agent: AgentID, firstSeq: Int) {
        self.agent = agent
        self.firstSeq = firstSeq
    }

    /// Gives an operation a new name.
    mutating func name(_ seq: Int, _ id: OpID) { names[seq] = id }

    /// Whether the renaming is about an operation.
    public func covers(_ id: OpID) -> Bool { id.agent == agent && id.seq >= firstSeq }

    /// The name an operation has from now on; `nil` if it is refused.
    public func callAsFunction(_ id: OpID) -> OpID? { covers(id) ? names[id.seq] : id }

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

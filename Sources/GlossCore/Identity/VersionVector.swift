/// For each agent the number of its next operation: what a replica has, in one value.
public struct VersionVector: Hashable, Sendable {
    private var next: [AgentID: Int] = [:]

    /// The version of an empty document.
    public init() {}

    /// A vector of the given entries; entries of 0 say nothing and are dropped.
    public init(_ entries: some Sequence<(AgentID, Int)>) {
        for (agent, seq) in entries { self[agent] = seq }
    }

    /// The next sequence number of an agent; 0 if nothing of it is known.
    public subscript(agent: AgentID) -> Int {
        get { next[agent] ?? 0 }
        set { next[agent] = newValue == 0 ? nil : newValue }
    }

    /// Whether the operation is covered.
    public func contains(_ id: OpID) -> Bool { id.seq < self[id.agent] }

    /// The entries in ascending order of agents.
    public var entries: [(agent: AgentID, next: Int)] {
        next.map { ($0.key, $0.value) }.sorted { $0.0 < $1.0 }
    }

    /// How many agents it names.
    public var count: Int { next.count }
}

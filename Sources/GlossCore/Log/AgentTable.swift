/// The agents of a document by dense index, and which local versions their operations have.
///
/// Agents are numbered in the order in which they came. They are found through open addressing with
/// linear probing in a table at most half full, O(1) expected; whoever picks agent ids can make them
/// collide, which costs at most one probe for each of the ``agentLimit`` agents.
struct AgentTable: ~Copyable {
    /// Operations with consecutive numbers of one agent at consecutive local versions.
    ///
    /// Where it ends, the next run begins.
    struct Run: BitwiseCopyable {
        /// The local version of its first operation.
        var start: UInt32
        /// The number of its first operation.
        var seq: UInt32
        /// The agent's index.
        var agent: UInt32
        /// How many runs of this agent come before it.
        var rank: UInt32
        /// The index of this agent's run before it; its own if it is the first.
        var previous: UInt32
        /// The index of some earlier run of this agent; its own if it is the first.
        var jump: UInt32
    }

    /// A document has at most this many agents.
    static let agentLimit = 1 << 16
    /// Stands for no run.
    static let none = UInt32.max

    /// The agents' ids, by index.
    private var ids = Slab<UInt64>()
    /// Indices of agents plus one at the places their ids hash to; 0 where there is none.
    private var slots = Slab<UInt32>()
    /// The index of each agent's latest run, or ``none``.
    var latestRuns = Slab<UInt32>()
    /// The runs, ascending by local version.
    var runs = Slab<Run>()
    /// How many local versions there are.
    var versionCount = 0
    /// The agent of the last run; -1 if there is none.
    var lastAgent = -1
    /// What to add to a local version of the last run for its sequence number.
    var lastOffset = 0
    /// Indices of runs that were looked for by agent and number lately: guesses, which may be wrong.
    var recentRuns = Slab<UInt32>()

    /// How many agents there are.
    var agentCount: Int { ids.count }

    /// How many runs there are.
    var runCount: Int { runs.count }

    /// How many bytes it has taken from the system.
    var byteCount: Int {
        ids.byteCount + slots.byteCount + latestRuns.byteCount + runs.byteCount
            + recentRuns.byteCount
    }

    /// A table of its own with the same content. O(n) in agents and runs.
    borrowing func copy() -> AgentTable {
        var copy = AgentTable()
        copy.ids = ids.copy()
        copy.slots = slots.copy()
        copy.latestRuns = latestRuns.copy()
        copy.runs = runs.copy()
        copy.versionCount = versionCount
        copy.lastAgent = lastAgent
        copy.lastOffset = lastOffset
        return copy
    }

    /// Gives the room back that nothing takes, and that of guesses. O(n) in agents and runs.
    mutating func shrink() {
        ids.shrink()
        slots.shrink()
        latestRuns.shrink()
        runs.shrink()
        recentRuns = Slab()
    }

    /// The id of an agent. O(1).
    @inline(__always)
    func id(of agent: Int) -> AgentID { AgentID(rawValue: ids[agent]) }

    /// The index of an agent, or `nil` if it is not known. O(1) expected; the agent who made the last
    /// operation is found without hashing.
    @inline(__always)
    func index(of id: AgentID) -> Int? {
        if lastAgent >= 0, ids[lastAgent] == id.rawValue { return lastAgent }
        return hashedIndex(of: id)
    }

    @inline(__always)
    private func hashedIndex(of id: AgentID) -> Int? {
        if slots.count == 0 { return nil }
        let found = slots[slot(of: id.rawValue)]
        return found == 0 ? nil : Int(found) - 1
    }

    /// Where an id stands in the hash table, or the free place it would take.
    @inline(__always)
    private func slot(of id: UInt64) -> Int {
        let mask = slots.count - 1
        var place = Int(truncatingIfNeeded: Hash64.mix(id)) & mask
        while slots[place] != 0, ids[Int(slots[place]) - 1] != id { place = (place + 1) & mask }
        return place
    }

    /// Adds an agent that the table does not have and returns its index. O(1) amortised, expected.
    mutating func add(_ id: AgentID) -> Int {
        precondition(ids.count < AgentTable.agentLimit, "the number of agents is limited")
        if (ids.count + 1) * 2 > slots.count { growSlots() }
        let place = slot(of: id.rawValue)
        precondition(slots[place] == 0, "an agent is added once")
        ids.append(id.rawValue)
        latestRuns.append(AgentTable.none)
        slots[place] = UInt32(ids.count)
        return ids.count - 1
    }

    private mutating func growSlots() {
        let wanted = max(8, slots.count * 2)
        slots = Slab(capacity: wanted)
        slots.append(repeating: 0, count: wanted)
        for agent in 0..<ids.count { slots[slot(of: ids[agent])] = UInt32(agent + 1) }
    }

    /// Takes out the agents from an index on; none of them may have an operation. O(1) expected for
    /// each.
    ///
    /// They leave the hash table in the opposite order of their coming, so that clearing a place
    /// never cuts the probes of another agent short.
    mutating func removeAgents(from remaining: Int) {
        precondition(remaining >= 0 && remaining <= ids.count, "removal only shrinks")
        while ids.count > remaining {
            let agent = ids.count - 1
            precondition(latestRuns[agent] == AgentTable.none, "the agent has no operations")
            slots[slot(of: ids[agent])] = 0
            ids.truncate(to: agent)
            latestRuns.truncate(to: agent)
        }
    }
}

/// Every change of a document in the order this replica took them in, with the causal graph.
public struct OpLog: Sendable {
    /// A change and where its operations lie.
    public struct Entry: Sendable {
        /// The change.
        public let change: Change
        /// The local version of its first operation.
        public let start: LocalVersion
        /// What its first operation follows: a minimal frontier, ascending.
        public let parents: [LocalVersion]

        /// The local versions of its operations.
        public var versions: Range<LocalVersion> { start..<start + change.count }
    }

    /// The changes, each after its causes.
    public private(set) var entries: [Entry] = []
    /// Who had seen what.
    public private(set) var graph = CausalGraph()
    /// What the log holds, by agent.
    public private(set) var versionVector = VersionVector()
    /// For each agent the indices of its changes, ascending by sequence number.
    private var changesOfAgent: [AgentID: [Int]] = [:]

    /// An empty log.
    public init() {}

    /// The operations nobody has followed yet, in ascending order of ids.
    public var frontier: [OpID] { graph.frontier.map { id(of: $0) }.sorted() }

    /// The entry that holds an operation, or `nil`. O(log n).
    public func entry(of id: OpID) -> Entry? {
        guard let indices = changesOfAgent[id.agent], versionVector.contains(id), id.seq >= 0
        else { return nil }
        var low = 0
        var high = indices.count
        while low < high {
            let middle = (low + high) / 2
            if entries[indices[middle]].change.seq <= id.seq {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low == 0 ? nil : entries[indices[low - 1]]
    }

    /// The local version of an operation, or `nil` if it is not known. O(log n).
    public func version(of id: OpID) -> LocalVersion? {
        entry(of: id).map { $0.start + id.seq - $0.change.seq }
    }

    /// The index of the change that holds a local version. O(log n).
    public func entryIndex(of version: LocalVersion) -> Int {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].start <= version { low = middle + 1 } else { high = middle }
        }
        precondition(low > 0, "the version is in the log")
        return low - 1
    }

    /// The id of the operation at a local version. O(log n).
    public func id(of version: LocalVersion) -> OpID {
        let entry = entries[entryIndex(of: version)]
        return OpID(agent: entry.change.agent, seq: entry.change.seq + version - entry.start)
    }

    /// The local versions of known operations, as ranges; `nil` if any of them is not known.
    func versions(of span: OpSpan) -> [Range<LocalVersion>]? {
        var parts: [Range<LocalVersion>] = []
        var seq = span.start.seq
        while seq < span.endSeq {
            guard let entry = entry(of: OpID(agent: span.start.agent, seq: seq)) else { return nil }
            let start = entry.start + seq - entry.change.seq
            let end = min(entry.versions.upperBound, start + span.endSeq - seq)
            if let last = parts.last, last.upperBound == start {
                parts[parts.count - 1] = last.lowerBound..<end
            } else {
                parts.append(start..<end)
            }
            seq += end - start
        }
        return parts
    }

    /// The ids at the given local versions, as spans of one agent each, in that order.
    func spans(of range: Range<LocalVersion>) -> [OpSpan] {
        var spans: [OpSpan] = []
        var version = range.lowerBound
        while version < range.upperBound {
            let entry = entries[entryIndex(of: version)]
            let end = min(entry.versions.upperBound, range.upperBound)
            let start = OpID(
                agent: entry.change.agent, seq: entry.change.seq + version - entry.start)
            if let last = spans.last, last.start.agent == start.agent, last.endSeq == start.seq {
                spans[spans.count - 1] = OpSpan(
                    start: last.start, count: last.count + end - version)
            } else {
                spans.append(OpSpan(start: start, count: end - version))
            }
            version = end
        }
        return spans
    }

    /// Adds a validated change.
    mutating func append(_ change: Change, parents: [LocalVersion]) {
        let start = graph.count
        graph.append(count: change.count, parents: parents)
        changesOfAgent[change.agent, default: []].append(entries.count)
        entries.append(Entry(change: change, start: start, parents: parents))
        versionVector[change.agent] = change.endSeq
    }

    /// Compares operations by Lamport time, then agent, then number: the order of all ties.
    public func precedes(_ first: OpID, _ second: OpID) -> Bool {
        guard let left = version(of: first), let right = version(of: second) else {
            return first < second
        }
        let times = (graph.lamportTime(of: left), graph.lamportTime(of: right))
        return times.0 == times.1 ? first < second : times.0 < times.1
    }
}

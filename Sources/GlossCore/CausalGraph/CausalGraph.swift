/// Who had seen what: the history of a document as a graph over local versions, stored in runs.
///
/// An entry is a chain of operations each following the one before it; only the first one's parents
/// are kept. The walks below pop local versions from the largest down, since a larger one can never
/// be an ancestor of a smaller one (the technique of diamond-types).
public struct CausalGraph: Sendable {
    struct Entry: Sendable {
        var start: LocalVersion
        var end: LocalVersion
        /// A minimal frontier, ascending.
        var parents: [LocalVersion]
        /// The Lamport time of the first operation: one more than its parents' highest.
        var lamport: Int
    }

    private(set) var entries: [Entry] = []
    /// The operations that nobody has followed yet, ascending.
    public private(set) var frontier: [LocalVersion] = []

    /// An empty graph.
    public init() {}

    /// How many operations it holds.
    public var count: Int { entries.last?.end ?? 0 }

    /// Adds a chain of `count` operations whose first follows `parents`.
    ///
    /// - Parameter parents: a minimal frontier of known operations, ascending.
    /// - Complexity: O(frontier)
    mutating func append(count added: Int, parents: [LocalVersion]) {
        precondition(added > 0 && parents.allSatisfy { $0 < count }, "parents come before")
        let start = count
        frontier.removeAll { parents.contains($0) }
        frontier.append(start + added - 1)
        if let last = entries.last, parents == [last.end - 1] {
            entries[entries.count - 1].end += added
        } else {
            let lamport = 1 + (parents.map { lamportTime(of: $0) }.max() ?? 0)
            entries.append(
                Entry(start: start, end: start + added, parents: parents, lamport: lamport))
        }
    }

    /// The index of the entry that holds a version. O(log n).
    private func index(of version: LocalVersion) -> Int {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].end <= version { low = middle + 1 } else { high = middle }
        }
        precondition(low < entries.count, "the version is in the graph")
        return low
    }

    /// The Lamport time of an operation: one more than the highest of what it follows. O(log n).
    public func lamportTime(of version: LocalVersion) -> Int {
        let entry = entries[index(of: version)]
        return entry.lamport + (version - entry.start)
    }

    /// The operations directly before this one, ascending.
    public func parents(of version: LocalVersion) -> [LocalVersion] {
        let entry = entries[index(of: version)]
        return version == entry.start ? entry.parents : [version - 1]
    }

    /// Whether `version` is one of `frontier`'s operations or an ancestor of one.
    ///
    /// - Complexity: O(1) where the frontier's entry holds it, else O(e log e) in the entries between.
    public func history(of frontier: [LocalVersion], contains version: LocalVersion) -> Bool {
        var queue = frontier.filter { $0 >= version }
        while let next = queue.popMax() {
            let entry = entries[index(of: next)]
            if entry.start <= version { return true }
            queue.removeAll { $0 >= entry.start }
            for parent in entry.parents where parent >= version && !queue.contains(parent) {
                queue.append(parent)
            }
        }
        return false
    }

    /// Whether neither of two operations is an ancestor of the other.
    public func areConcurrent(_ first: LocalVersion, _ second: LocalVersion) -> Bool {
        !history(of: [max(first, second)], contains: min(first, second))
    }

    /// All operations that `frontier` names or follows from. O(e log e) in entries.
    public func history(of frontier: [LocalVersion]) -> VersionSet {
        var queue = frontier
        var parts: [Range<LocalVersion>] = []
        while let next = queue.popMax() {
            let entry = entries[index(of: next)]
            parts.append(entry.start..<next + 1)
            queue.removeAll { $0 >= entry.start }
            for parent in entry.parents where !queue.contains(parent) { queue.append(parent) }
        }
        return VersionSet(parts)
    }

    /// The members of `versions` that are not ancestors of others: a frontier, ascending.
    public func minimalFrontier(of versions: [LocalVersion]) -> [LocalVersion] {
        var kept: [LocalVersion] = []
        for version in Set(versions).sorted(by: >)
        where !history(of: kept, contains: version) {
            kept.append(version)
        }
        return kept.reversed()
    }

    /// The newest operations of a set that holds the history of each of its members, ascending.
    public func frontier(of set: VersionSet) -> [LocalVersion] {
        var candidates: [LocalVersion] = []
        for range in set.ranges {
            var start = range.lowerBound
            while start < range.upperBound {
                let end = min(entries[index(of: start)].end, range.upperBound)
                candidates.append(end - 1)
                start = end
            }
        }
        return minimalFrontier(of: candidates)
    }
}

extension [LocalVersion] {
    /// Takes out the largest element. The walks above keep few at a time, so a scan will do.
    fileprivate mutating func popMax() -> LocalVersion? {
        guard var largest = indices.first else { return nil }
        for index in indices where self[index] > self[largest] { largest = index }
        swapAt(largest, count - 1)
        return removeLast()
    }
}

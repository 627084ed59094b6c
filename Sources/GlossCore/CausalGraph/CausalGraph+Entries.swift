/// Chains, Lamport times and parents.
extension CausalGraph {
    /// The index of the chain that holds a version. O(1) for the last, else O(log d) in the chains
    /// behind it.
    @inline(__always)
    func entryIndex(of version: LocalVersion) -> Int {
        assert(version >= 0 && version < count, "the version is in the graph")
        return entryIndex(of: version, atOrBelow: entries.count - 1)
    }

    /// The index of the chain that holds a version, which none above `upper` does. O(log d) in the
    /// chains between.
    @inline(__always)
    func entryIndex(of version: LocalVersion, atOrBelow upper: Int) -> Int {
        Int(entries[upper].start) <= version ? upper : entryIndex(of: version, below: upper)
    }

    /// Steps of twice the length each, then halves.
    private func entryIndex(of version: LocalVersion, below upper: Int) -> Int {
        var high = upper
        var step = 1
        var low = high - 1
        while Int(entries[low].start) > version {
            high = low
            step *= 2
            low = max(0, high - step)
        }
        while high - low > 1 {
            let middle = (low + high) / 2
            if Int(entries[middle].start) <= version { low = middle } else { high = middle }
        }
        return low
    }

    /// The Lamport time of an operation: one more than the highest of what it follows. O(log n).
    func lamport(of version: LocalVersion) -> Int {
        lamport(of: version, entry: entryIndex(of: version))
    }

    /// The Lamport time of an operation in a known chain. O(1).
    @inline(__always)
    func lamport(of version: LocalVersion, entry index: Int) -> Int {
        let entry = entries[index]
        return Int(entry.lamport) + version - Int(entry.start)
    }

    /// Where the parents of a chain's first operation stand in the list of all parents. O(1).
    @inline(__always)
    func parentRange(ofEntry index: Int) -> Range<Int> {
        let end = index + 1 < entries.count ? Int(entries[index + 1].parentsStart) : parents.count
        return Int(entries[index].parentsStart)..<end
    }

    /// The local versions of a chain. O(1).
    @inline(__always)
    func versions(ofEntry index: Int) -> Range<LocalVersion> {
        let end = index + 1 < entries.count ? Int(entries[index + 1].start) : count
        return Int(entries[index].start)..<end
    }

    /// The operations directly before this one, ascending. O(log n) and their number.
    func parents(of version: LocalVersion) -> [LocalVersion] {
        let index = entryIndex(of: version)
        if version > Int(entries[index].start) { return [version - 1] }
        return parentRange(ofEntry: index).map { Int(parents[$0]) }
    }
}

/// Frontiers: operations none of which is an ancestor of another.
extension CausalGraph {
    /// The members of `versions` that are not ancestors of others: a frontier, ascending.
    ///
    /// - Complexity: O(log n) for two where shadow or base tell, else O(e log e) in the chains between
    ///   the members and the given versions.
    func minimalFrontier(of versions: [LocalVersion]) -> [LocalVersion] {
        if versions.count < 2 { return versions }
        if versions.count == 2 {
            let (low, high) = (min(versions[0], versions[1]), max(versions[0], versions[1]))
            return contains(low, inHistoryOf: high) ? [high] : [low, high]
        }
        var heap = VersionHeap()
        for version in versions { heap.push(version) }
        // An ancestor comes before an equal version that was given, and takes it along.
        let ancestor: UInt32 = 1
        var kept: [LocalVersion] = []
        var open = versions.count
        var floor = 0
        var index = entries.count - 1
        while open > 0, heap.reaches(floor), let (version, flags) = heap.pop() {
            if flags != ancestor {
                kept.append(version)
                open -= 1
            }
            index = entryIndex(of: version, atOrBelow: index)
            floor = max(floor, Int(entries[index].base))
            while heap.reaches(Int(entries[index].start)), let (_, flags) = heap.pop() {
                if flags != ancestor { open -= 1 }
            }
            for place in parentRange(ofEntry: index) {
                heap.push(Int(parents[place]), flags: ancestor)
            }
        }
        return kept.reversed()
    }

    /// The newest operations of a set that holds the history of each of its members, ascending.
    /// O(e log e) in the set's chains.
    func frontier(of set: VersionSet) -> [LocalVersion] {
        var ends: [LocalVersion] = []
        for range in set.ranges where !range.isEmpty {
            var index = entryIndex(of: range.lowerBound)
            var start = range.lowerBound
            while start < range.upperBound {
                start = min(versions(ofEntry: index).upperBound, range.upperBound)
                ends.append(start - 1)
                index += 1
            }
        }
        return minimalFrontier(of: ends)
    }
}

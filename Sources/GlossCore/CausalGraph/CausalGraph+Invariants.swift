extension CausalGraph {
    /// Stops the program unless everything fits together. O(n²) in entries: for tests and for debug
    /// builds.
    func checkInvariants() {
        precondition(
            (entries.count == 0) == (count == 0) && (count > 0 || olderHeads.count == 0),
            "there are chains and heads where there are operations")
        var position = 0
        var isFollowed = [Bool](repeating: false, count: entries.count)
        for index in 0..<entries.count {
            let range = versions(ofEntry: index)
            precondition(range.lowerBound == position && !range.isEmpty, "chains follow each other")
            precondition(parentRange(ofEntry: index).upperBound <= parents.count, "parents exist")
            position = range.upperBound
            checkParents(ofEntry: index)
            for place in parentRange(ofEntry: index) {
                let parent = Int(parents[place])
                let owner = entryIndex(of: parent)
                if versions(ofEntry: owner).upperBound == parent + 1 { isFollowed[owner] = true }
            }
        }
        precondition(
            position == count && count <= CausalGraph.limit, "the chains hold all versions")
        let heads = frontier
        var head = 0
        for index in 0..<entries.count where !isFollowed[index] {
            let last = versions(ofEntry: index).upperBound - 1
            precondition(head < heads.count && heads[head] == last, "heads are ends of chains")
            head += 1
        }
        precondition(head == heads.count, "what was followed is no head")
    }

    private func checkParents(ofEntry index: Int) {
        let entry = entries[index]
        let start = Int(entry.start)
        let list = parentRange(ofEntry: index).map { Int(parents[$0]) }
        precondition(list.allSatisfy { $0 < start }, "parents come before")
        precondition(list != [start - 1], "a chain is as long as can be")
        for (older, newer) in zip(list, list.dropFirst()) {
            precondition(older < newer, "parents ascend")
        }
        for parent in list where list.count > 1 {
            let others = history(of: list.filter { $0 != parent }, trustingBases: false)
            precondition(!others.contains(parent), "no parent is an ancestor of another")
        }
        let times = list.map { lamport(of: $0) }
        precondition(Int(entry.lamport) == (times.max() ?? 0) + 1, "time goes on by one")
        let seen = history(of: list, trustingBases: false)
        let base = Int(entry.base)
        let shadow = Int(entry.shadow)
        precondition(base <= start && shadow <= start, "base and shadow are before the chain")
        precondition(
            base == 0 || seen.ranges.contains { $0.lowerBound == 0 && $0.upperBound >= base },
            "everything below the base was seen")
        precondition(
            shadow == start
                || seen.ranges.contains { $0.contains(shadow) && $0.upperBound == start },
            "everything from the shadow up was seen")
        precondition((base == start) == (shadow == 0), "all was seen by base and by shadow")
    }
}

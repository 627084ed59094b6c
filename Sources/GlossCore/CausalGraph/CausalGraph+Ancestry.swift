/// Who is whose ancestor.
extension CausalGraph {
    /// Whether `version` is `head` or an ancestor of it.
    ///
    /// - Complexity: O(log d) in the chains behind `head`'s, which is O(1) at the end, where `head`'s
    ///   chain holds `version` or its shadow or base covers it: for all but what was written while
    ///   others wrote. Else O(e log e) in the chains from `head` down to `version`; without
    ///   allocating while at most two branches are open.
    func contains(_ version: LocalVersion, inHistoryOf head: LocalVersion) -> Bool {
        if version > head { return false }
        return contains(version, inHistoryOfEntry: entryIndex(of: head))
    }

    /// Whether `version`, which is no later, is in the history of the operations of a chain or, if it
    /// is of the chain, among them: as above.
    @inline(__always)
    func contains(_ version: LocalVersion, inHistoryOfEntry index: Int) -> Bool {
        covers(version, entry: index) || walk(to: version, fromEntry: index)
    }

    /// Whether neither of two operations is the other or an ancestor of it. As costly as
    /// ``contains(_:inHistoryOf:)``.
    func areConcurrent(_ first: LocalVersion, _ second: LocalVersion) -> Bool {
        !contains(min(first, second), inHistoryOf: max(first, second))
    }

    /// Whether a chain's shadow or base shows that one of its operations, which is `version` or comes
    /// later, has `version` in its history. O(1).
    @inline(__always)
    private func covers(_ version: LocalVersion, entry index: Int) -> Bool {
        let entry = entries[index]
        return version >= Int(entry.shadow) || version < Int(entry.base)
    }

    private func walk(to version: LocalVersion, fromEntry index: Int) -> Bool {
        var steps = Int.max
        return walk(to: version, fromEntry: index, &steps) ?? false
    }

    /// Whether a chain's parents or their ancestors hold `version`; `nil` if that takes more than so
    /// many steps, of a parent each. Two branches at a time are followed in registers, and more in a
    /// heap.
    private func walk(
        to version: LocalVersion, fromEntry start: Int, _ steps: inout Int
    ) -> Bool? {
        var index = start
        var high = -1
        var low = -1
        while true {
            let range = parentRange(ofEntry: index)
            steps &-= range.count
            if steps < 0 { return nil }
            for place in range {
                let parent = Int(parents[place])
                if parent < version || parent == high || parent == low { continue }
                if low >= 0 {
                    return walk(to: version, fromEntry: index, also: high, low, &steps)
                }
                low = min(high, parent)
                high = max(high, parent)
            }
            if high < 0 { return false }
            index = entryIndex(of: high, atOrBelow: index)
            if covers(version, entry: index) { return true }
            // The shadow says that the other branch is an ancestor of this one.
            high = low >= Int(entries[index].shadow) ? -1 : low
            low = -1
        }
    }

    /// As above, with two more branches, for any number of them.
    private func walk(
        to version: LocalVersion, fromEntry start: Int, also high: LocalVersion,
        _ low: LocalVersion, _ steps: inout Int
    ) -> Bool? {
        var heap = VersionHeap()
        heap.push(high)
        heap.push(low)
        var index = start
        while true {
            let range = parentRange(ofEntry: index)
            steps &-= range.count
            if steps < 0 { return nil }
            for place in range where Int(parents[place]) >= version {
                heap.push(Int(parents[place]))
            }
            guard let (next, _) = heap.pop() else { return false }
            index = entryIndex(of: next, atOrBelow: index)
            if covers(version, entry: index) { return true }
            while heap.reaches(Int(entries[index].shadow)) { _ = heap.pop() }
        }
    }
}

/// Many questions about one history.
extension CausalGraph {
    /// What walks from one chain have cost so far, and its history once they have cost much.
    struct Recollection {
        /// How many steps may be walked before the history is written down.
        static let budget = 256

        fileprivate(set) var entry = -1
        /// How many steps are left. Below 0 ``history`` is there.
        fileprivate(set) var stepsLeft = 0
        /// What the chain's first operation follows.
        fileprivate(set) var history = VersionSet()
    }

    /// Whether `version` is in the history of the operations of a chain, as
    /// ``contains(_:inHistoryOfEntry:)``.
    ///
    /// - Complexity: however often it is asked about one chain, ``Recollection/budget`` steps, one
    ///   walk through the history, and O(log e) each time. Asking about another chain begins anew.
    @inline(__always)
    mutating func contains(_ version: LocalVersion, inRecalledHistoryOfEntry index: Int) -> Bool {
        covers(version, entry: index) || recalls(version, entry: index)
    }

    private mutating func recalls(_ version: LocalVersion, entry index: Int) -> Bool {
        if recollection.entry != index {
            recollection = Recollection()
            recollection.entry = index
            recollection.stepsLeft = Recollection.budget
        }
        if recollection.stepsLeft >= 0 {
            var steps = recollection.stepsLeft
            let answer = walk(to: version, fromEntry: index, &steps)
            recollection.stepsLeft = steps
            if let answer { return answer }
            recollection.history = history(of: parentRange(ofEntry: index).map { Int(parents[$0]) })
        }
        return recollection.history.contains(version)
    }
}

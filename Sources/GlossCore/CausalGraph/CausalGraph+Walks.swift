/// Questions about whole histories. Each is one walk from the largest version down, over chains
/// rather than operations, as diamond-types does it (`diff`, `find_dominators` and `conflict`
/// of its causal graph).
extension CausalGraph {
    /// All operations that `frontier` names or follows from. O(e log e) in the chains above the
    /// base of the first that has one.
    func history(of frontier: [LocalVersion]) -> VersionSet {
        history(of: frontier, trustingBases: true)
    }

    /// As above; without trust in the bases, every chain of the history is visited.
    func history(of frontier: [LocalVersion], trustingBases: Bool) -> VersionSet {
        var heap = VersionHeap()
        for version in frontier { heap.push(version) }
        var parts: [Range<LocalVersion>] = []
        var floor = 0
        var index = entries.count - 1
        while heap.reaches(floor), let (version, _) = heap.pop() {
            index = entryIndex(of: version, atOrBelow: index)
            let entry = entries[index]
            parts.append(Int(entry.start)..<version + 1)
            if trustingBases { floor = max(floor, Int(entry.base)) }
            while heap.reaches(Int(entry.start)) { _ = heap.pop() }
            for place in parentRange(ofEntry: index) { heap.push(Int(parents[place])) }
        }
        if floor > 0 { parts.append(0..<floor) }
        return VersionSet(parts)
    }

    /// The operations in only one of two histories. O(e log e) in the chains between the two and
    /// what they have in common.
    func difference(
        _ first: [LocalVersion], _ second: [LocalVersion]
    ) -> (onlyFirst: VersionSet, onlySecond: VersionSet) {
        if first == second { return (VersionSet(), VersionSet()) }
        var heap = VersionHeap()
        for version in first { heap.push(version, flags: Side.first) }
        for version in second { heap.push(version, flags: Side.second) }
        return difference(&heap)
    }

    /// The operations in only one of the histories of two operations. As above; O(log n) in one chain.
    func difference(
        _ first: LocalVersion, _ second: LocalVersion
    ) -> (onlyFirst: VersionSet, onlySecond: VersionSet) {
        let index = entryIndex(of: max(first, second))
        if min(first, second) >= Int(entries[index].start) {
            let newer = VersionSet(
                CollectionOfOne(min(first, second) + 1..<max(first, second) + 1))
            return first > second ? (newer, VersionSet()) : (VersionSet(), newer)
        }
        var heap = VersionHeap()
        heap.push(first, flags: Side.first)
        heap.push(second, flags: Side.second)
        return difference(&heap)
    }

    private func difference(
        _ heap: inout VersionHeap
    ) -> (onlyFirst: VersionSet, onlySecond: VersionSet) {
        var parts: (first: [Range<LocalVersion>], second: [Range<LocalVersion>]) = ([], [])
        var open = heap.count
        var index = entries.count - 1
        while open > 0, let (largest, side) = heap.pop() {
            var version = largest
            var flags = side
            if flags != Side.both { open -= 1 }
            index = entryIndex(of: version, atOrBelow: index)
            let start = Int(entries[index].start)
            while heap.reaches(start), let (other, otherFlags) = heap.pop() {
                if otherFlags != Side.both { open -= 1 }
                if flags | otherFlags == flags { continue }
                Side.note(other + 1..<version + 1, of: flags, in: &parts)
                version = other
                flags |= otherFlags
            }
            Side.note(start..<version + 1, of: flags, in: &parts)
            for place in parentRange(ofEntry: index) {
                heap.push(Int(parents[place]), flags: flags)
                if flags != Side.both { open += 1 }
            }
        }
        return (VersionSet(parts.first), VersionSet(parts.second))
    }

    /// The newest operations that two histories have in common: a frontier, ascending. O(e log e) in
    /// the chains between the two and that frontier.
    func commonAncestors(_ first: [LocalVersion], _ second: [LocalVersion]) -> [LocalVersion] {
        var heap = VersionHeap()
        for version in first { heap.push(version, flags: Side.first) }
        for version in second { heap.push(version, flags: Side.second) }
        return commonAncestors(&heap)
    }

    /// The newest operations that the histories of two operations have in common: a frontier,
    /// ascending. O(log n) where the older is an ancestor at first sight, else as above.
    func commonAncestors(_ first: LocalVersion, _ second: LocalVersion) -> [LocalVersion] {
        let older = min(first, second)
        if contains(older, inHistoryOf: max(first, second)) { return [older] }
        var heap = VersionHeap()
        heap.push(first, flags: Side.first)
        heap.push(second, flags: Side.second)
        return commonAncestors(&heap)
    }

    /// What was found and all its ancestors count as seen from both sides; what is seen from both
    /// sides for the first time is found.
    private func commonAncestors(_ heap: inout VersionHeap) -> [LocalVersion] {
        var found: [LocalVersion] = []
        var open = heap.count
        var index = entries.count - 1
        while open > 0, let (version, side) = heap.pop() {
            var flags = side
            if flags != Side.both { open -= 1 }
            index = entryIndex(of: version, atOrBelow: index)
            while heap.reaches(Int(entries[index].start)), let (other, otherFlags) = heap.pop() {
                if otherFlags != Side.both { open -= 1 }
                let isNew = flags != Side.both && otherFlags != Side.both
                flags |= otherFlags
                if isNew && flags == Side.both { found.append(other) }
            }
            for place in parentRange(ofEntry: index) {
                heap.push(Int(parents[place]), flags: flags)
                if flags != Side.both { open += 1 }
            }
        }
        return found.reversed()
    }
}

/// In which of two histories an operation is known to be: the flags of a walk over both.
private enum Side {
    static let first: UInt32 = 1
    static let second: UInt32 = 2
    static let both: UInt32 = 3

    /// Notes operations that are on one side only.
    static func note(
        _ versions: Range<LocalVersion>, of side: UInt32,
        in parts: inout (first: [Range<LocalVersion>], second: [Range<LocalVersion>])
    ) {
        if versions.isEmpty { return }
        if side == first { parts.first.append(versions) }
        if side == second { parts.second.append(versions) }
    }
}

/// Who had seen what: the history of a document as a graph over local versions, stored in runs.
///
/// An entry is a chain of operations each following the one before it; only the first one's parents
/// are kept. Two numbers of each entry answer most questions about ancestors at once: below its base
/// and from its shadow up, it has seen everything. The shadow, and the walks from the largest version
/// down for all other questions, are the technique of diamond-types: a larger local version can never
/// be an ancestor of a smaller one.
struct CausalGraph: ~Copyable {
    /// A chain of operations. Where it ends, the next entry begins.
    struct Entry: BitwiseCopyable, Equatable {
        /// The local version of its first operation.
        var start: UInt32
        /// Its first operation follows every version from here up to ``start``.
        var shadow: UInt32
        /// Its first operation follows every version below this; there may be a little more.
        var base: UInt32
        /// The Lamport time of its first operation: one more than its parents' highest.
        var lamport: UInt32
        /// Where its first operation's parents begin in the list of all parents.
        var parentsStart: UInt32
    }

    /// Local versions stay below this: 2^30.
    static let limit = 1 << 30
    /// How many steps an append may spend on finding how far back a merge has seen everything.
    static let baseBudget = 32

    /// How many operations it holds.
    private(set) var count = 0
    /// The chains, ascending.
    private(set) var entries = Slab<Entry>()
    /// The parents of all entries' first operations, ascending within an entry.
    private(set) var parents = Slab<UInt32>()
    /// The operations that nobody has followed yet, ascending, but for the last one of all, which
    /// nobody can have followed.
    private(set) var olderHeads = Slab<UInt32>()
    /// Kept from append to append, so that none of them allocates.
    private var scratch = VersionHeap()
    /// The history that is asked about again and again.
    var recollection = Recollection()

    /// How many chains there are.
    var entryCount: Int { entries.count }

    /// How many operations nobody has followed yet.
    var headCount: Int { count == 0 ? 0 : olderHeads.count + 1 }

    /// The operations that nobody has followed yet, ascending. O(n) in them.
    var frontier: [LocalVersion] {
        var frontier = (0..<olderHeads.count).map { Int(olderHeads[$0]) }
        if count > 0 { frontier.append(count - 1) }
        return frontier
    }

    /// Whether some versions, ascending, are all that nobody has followed. O(n) in them.
    @inline(__always)
    func isFrontier(_ versions: borrowing Slab<UInt32>) -> Bool {
        guard versions.count == headCount else { return false }
        for index in 0..<olderHeads.count where versions[index] != olderHeads[index] {
            return false
        }
        return versions.count == 0 || Int(versions[versions.count - 1]) == count - 1
    }

    /// How many bytes it has taken from the system.
    var byteCount: Int {
        entries.byteCount + parents.byteCount + olderHeads.byteCount + scratch.byteCount
    }

    /// A graph of its own with the same content. O(n) in entries.
    borrowing func copy() -> CausalGraph {
        var copy = CausalGraph()
        copy.count = count
        copy.entries = entries.copy()
        copy.parents = parents.copy()
        copy.olderHeads = olderHeads.copy()
        return copy
    }

    /// Gives the room back that nothing takes, and the history that is recalled. O(n) in entries.
    mutating func shrink() {
        entries.shrink()
        parents.shrink()
        olderHeads.shrink()
        scratch = VersionHeap()
        recollection = Recollection()
    }

    /// Adds a chain of `added` operations whose first follows everything there is. O(1) where that is
    /// one operation, else O(heads).
    @inline(__always)
    mutating func append(count added: Int) {
        if olderHeads.count == 0 && count > 0 {
            extendLast(by: added)
        } else {
            appendAfterAllHeads(count: added)
        }
    }

    private mutating func appendAfterAllHeads(count added: Int) {
        for index in 0..<olderHeads.count { parents.append(olderHeads[index]) }
        if count > 0 { parents.append(UInt32(count - 1)) }
        addEntry(count: added, parentCount: headCount)
    }

    /// Adds a chain of `added` operations whose first follows one operation. O(1) where that is the
    /// last one, else O(heads + log n).
    @inline(__always)
    mutating func append(count added: Int, parent: LocalVersion) {
        if parent == count - 1 {
            extendLast(by: added)
        } else {
            precondition(parent >= 0 && parent < count, "parents come before")
            parents.append(UInt32(truncatingIfNeeded: parent))
            addEntry(count: added, parentCount: 1)
        }
    }

    /// Adds a chain of `added` operations.
    ///
    /// - Parameter list: what its first operation follows: a minimal frontier of known operations,
    ///   ascending.
    /// - Complexity: O(1) where that is the last operation, else O(heads + p log n) in parents, and
    ///   for more than one at most ``baseBudget`` steps of O(log n).
    mutating func append(count added: Int, parents list: borrowing Slab<UInt32>) {
        if list.count == 1 { return append(count: added, parent: Int(list[0])) }
        for index in 0..<list.count {
            precondition(Int(list[index]) < count, "parents come before")
            parents.append(list[index])
        }
        addEntry(count: added, parentCount: list.count)
    }

    /// Adds a chain of `added` operations, as the function above.
    mutating func append(count added: Int, parents list: [LocalVersion]) {
        if list.count == 1 { return append(count: added, parent: list[0]) }
        for parent in list {
            precondition(parent >= 0 && parent < count, "parents come before")
            parents.append(UInt32(parent))
        }
        addEntry(count: added, parentCount: list.count)
    }

    /// Makes the last chain longer.
    @inline(__always)
    private mutating func extendLast(by added: Int) {
        precondition(added > 0 && added <= CausalGraph.limit - count, "versions stay below 2^30")
        count += added
    }

    /// Adds an entry that follows the last `parentCount` of ``parents``.
    private mutating func addEntry(count added: Int, parentCount: Int) {
        precondition(added > 0 && added <= CausalGraph.limit - count, "versions stay below 2^30")
        let first = parents.count - parentCount
        var entry = Entry(
            start: UInt32(count), shadow: UInt32(count), base: 0, lamport: 1,
            parentsStart: UInt32(first))
        for index in first..<parents.count {
            let parent = Int(parents[index])
            assert(index == first || parents[index] > parents[index - 1], "parents ascend")
            let place = entryIndex(of: parent)
            entry.lamport = max(entry.lamport, UInt32(lamport(of: parent, entry: place)) + 1)
            entry.base = max(entry.base, UInt32(base(behind: parent, entry: place)))
        }
        if followsAllHeads(from: first) {
            entry.base = entry.start
        } else if parentCount > 1 {
            entry.shadow = shadow(from: first)
            entry.base = UInt32(wholeBase(from: first, atLeast: Int(entry.base)))
        }
        if entry.base >= entry.shadow {
            entry.base = entry.start
            entry.shadow = 0
        }
        removeHeads(from: first)
        entries.append(entry)
        count += added
    }

    /// Takes back the operations from `remaining` on, as if they had never come.
    ///
    /// - Complexity: O(1) within the last chain, else O(e log e) in the entries that go and in those
    ///   between their parents.
    mutating func truncate(to remaining: Int) {
        precondition(remaining >= 0 && remaining <= count, "truncation only shrinks")
        if remaining == count { return }
        let kept = remaining == 0 ? 0 : entryIndex(of: remaining - 1) + 1
        if kept == entries.count {
            count = remaining
            return
        }
        // A head of the rest is one still, or something that goes followed it, or it is the last.
        var candidates = remaining == 0 ? [] : [remaining - 1]
        for index in 0..<olderHeads.count where Int(olderHeads[index]) < remaining {
            candidates.append(Int(olderHeads[index]))
        }
        let firstParent = Int(entries[kept].parentsStart)
        for index in firstParent..<parents.count where Int(parents[index]) < remaining {
            candidates.append(Int(parents[index]))
        }
        recollection = Recollection()
        parents.truncate(to: firstParent)
        entries.truncate(to: kept)
        count = remaining
        olderHeads.truncate(to: 0)
        for head in minimalFrontier(of: candidates).dropLast() { olderHeads.append(UInt32(head)) }
    }
}

/// What an append works out.
extension CausalGraph {
    /// Below which version everything precedes the operation behind `version`. O(1).
    private func base(behind version: Int, entry index: Int) -> Int {
        let entry = entries[index]
        return entry.base == entry.start ? version + 1 : Int(entry.base)
    }

    /// Whether the parents from an index on are all the heads there are.
    private func followsAllHeads(from first: Int) -> Bool {
        guard parents.count - first == headCount else { return false }
        if count > 0, Int(parents[parents.count - 1]) != count - 1 { return false }
        for index in 0..<olderHeads.count where olderHeads[index] != parents[first + index] {
            return false
        }
        return true
    }

    /// From which version up an operation at the end follows everything, by its parents.
    private func shadow(from first: Int) -> UInt32 {
        var shadow = UInt32(count)
        var index = parents.count - 1
        while index >= first, parents[index] + 1 == shadow {
            shadow = entries[entryIndex(of: Int(parents[index]))].shadow
            index -= 1
        }
        return shadow
    }

    /// Below which version an operation at the end follows everything, by its parents: at least
    /// `known`, and exactly if ``baseBudget`` steps from the end reach that far.
    private mutating func wholeBase(from first: Int, atLeast known: Int) -> Int {
        var bottom = count
        var base = count
        var place = entries.count - 1
        var branches = OpenBranches()
        scratch.removeAll()
        for index in first..<parents.count {
            branches.push(Int(parents[index]), atLeast: known, &scratch)
        }
        for _ in 0..<CausalGraph.baseBudget {
            if bottom <= known { return base }
            guard let version = branches.pop(&scratch) else { return known }
            if version >= bottom { continue }
            place = entryIndex(of: version, atOrBelow: place)
            if version + 1 < bottom { base = version + 1 }
            bottom = Int(entries[place].start)
            for index in parentRange(ofEntry: place) {
                branches.push(Int(parents[index]), atLeast: known, &scratch)
            }
        }
        return known
    }

    /// The branches that a walk has open, the largest first: two in registers, and more in a heap.
    private struct OpenBranches {
        private var high = -1
        private var low = -1

        /// Opens a branch that is not below a version, unless it is one of the two.
        @inline(__always)
        mutating func push(_ version: Int, atLeast known: Int, _ heap: inout VersionHeap) {
            if version < known || version == high || version == low { return }
            if low >= 0 { heap.push(min(low, version)) }
            low = max(low, min(high, version))
            high = max(high, version)
        }

        /// Takes the largest.
        @inline(__always)
        mutating func pop(_ heap: inout VersionHeap) -> Int? {
            let version = high
            if version < 0 { return nil }
            high = low
            low = heap.count > 0 ? heap.pop()?.version ?? -1 : -1
            return version
        }
    }

    /// Makes way for an operation at the end that follows the parents from an index on.
    private mutating func removeHeads(from first: Int) {
        if count > 0 { olderHeads.append(UInt32(count - 1)) }
        var kept = 0
        var index = first
        for place in 0..<olderHeads.count {
            let head = olderHeads[place]
            while index < parents.count, parents[index] < head { index += 1 }
            if index < parents.count, parents[index] == head { continue }
            olderHeads[kept] = head
            kept += 1
        }
        olderHeads.truncate(to: kept)
    }
}

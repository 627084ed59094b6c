extension SpanTree {
    // MARK: By position

    /// Moves the cursor to the run that holds a visible character. O(1) in the cursor's leaf, else
    /// O(log n).
    @inline(__always)
    mutating func seek(_ offset: Int) {
        assert(offset >= 0 && offset < visibleCount, "the offset is in the text")
        if offset < cursor.low || offset >= cursor.high { descend(to: offset) }
        let base = cursor.leaf << leafShift
        var index = cursor.index
        var before = cursor.before
        while offset < before {
            index &-= 1
            before &-= runs[base &+ index].visibleCount
        }
        while true {
            let count = runs[base &+ index].visibleCount
            if offset &- before < count { break }
            before &+= count
            index &+= 1
        }
        cursor.index = index
        cursor.before = before
    }

    private mutating func descend(to offset: Int) {
        flush()
        var node = root
        var rest = offset
        var sum = visibleCount
        for _ in 0..<height {
            var slot = node << nodeShift
            sum = Int(sums[slot])
            while rest >= sum {
                rest &-= sum
                slot &+= 1
                sum = Int(sums[slot])
            }
            node = Int(children[slot])
        }
        let low = offset &- rest
        cursor = Cursor(leaf: node, index: 0, before: low, low: low, high: low &+ sum)
    }

    /// Lets the cursor stand nowhere, because something moved that it does not know of.
    @inline(__always)
    mutating func forgetCursor() { cursor.high = cursor.low }

    /// How many visible characters stand before a character's place. O(log n).
    mutating func offset(of place: Place) -> Int {
        flush()
        let base = place.leaf << leafShift
        var offset = runs[base + place.index].isHidden ? 0 : place.offset
        for index in 0..<place.index { offset += runs[base + index].visibleCount }
        var child = place.leaf
        var node = Int(leaves[child].parent)
        while node >= 0 {
            let slot = slot(of: child, in: node)
            for before in node << nodeShift..<slot { offset += Int(sums[before]) }
            child = node
            node = Int(nodes[node].parent)
        }
        return offset
    }

    // MARK: By local version

    /// Whether a local version is a character. O(1), once the lookup is built.
    @inline(__always)
    func isCharacter(_ version: Int) -> Bool { version < lookup.count && lookup[version] >= 0 }

    /// Whether all of some local versions are characters. O(n), many at a time, once the lookup is
    /// built.
    func areCharacters(_ range: Range<Int>) -> Bool {
        guard range.upperBound <= lookup.count else { return false }
        return lookup.withSpan(of: range) { entries in
            var signs: Int32 = 0
            entries.forEach { signs |= $0 }
            return signs >= 0
        }
    }

    /// The leaf of a character. O(1), once the lookup is built.
    @inline(__always)
    func leaf(of version: Int) -> Int { Int(lookup[version]) >> (leafShift &- 1) }

    /// Where a character stands. O(1) but for a scan of its leaf from where its run was.
    ///
    /// - Parameter version: a character, with the lookup built by ``buildIndex(for:)``.
    @inline(__always)
    func place(of version: Int) -> Place {
        let entry = Int(lookup[version])
        let leaf = entry >> (leafShift &- 1)
        let base = leaf << leafShift
        let index = (entry << 1) & (leafCapacity &- 1)
        // What is left behind the last run of a leaf may look like one.
        if index < Int(leaves[leaf].count), runs[base &+ index].contains(version) {
            return Place(leaf: leaf, index: index, offset: version &- runs[base &+ index].first)
        }
        let found = SpanTree.index(
            of: version, in: runs, from: base, count: Int(leaves[leaf].count), near: index)
        return Place(leaf: leaf, index: found, offset: version &- runs[base &+ found].first)
    }

    /// The index of the run that holds a character among those of a leaf, looked for in both
    /// directions.
    ///
    /// Apart from the tree, of which the compiler would make a copy in memory to call this.
    private static func index(
        of version: Int, in runs: borrowing Slab<Run>, from base: Int, count: Int, near start: Int
    ) -> Int {
        var high = start
        var low = min(start, count)
        while true {
            if low > 0 {
                low &-= 1
                if runs[base &+ low].contains(version) { return low }
            }
            high &+= 1
            if high < count {
                if runs[base &+ high].contains(version) { return high }
            } else {
                precondition(low > 0, "the character is in its leaf")
            }
        }
    }

    /// What the lookup has for a character of a run.
    @inline(__always)
    private func entry(_ leaf: Int, _ index: Int) -> Int32 {
        Int32(truncatingIfNeeded: leaf << (leafShift &- 1) | index >> 1)
    }

    /// Where a character stands, found without the lookup; `nil` if it is none. O(runs).
    func search(_ version: Int) -> Place? {
        var leaf = 0
        while leaf >= 0 {
            let base = leaf << leafShift
            let header = leaves[leaf]
            for index in 0..<Int(header.count) where runs[base &+ index].contains(version) {
                return Place(leaf: leaf, index: index, offset: version - runs[base + index].first)
            }
            leaf = Int(header.next)
        }
        return nil
    }

    /// Builds the lookup by local version, for ``place(of:)`` and all that changes the tree by id.
    /// O(characters), once; afterwards the lookup is kept.
    ///
    /// - Parameter count: how many local versions there are.
    mutating func buildIndex(for count: Int) {
        guard !isIndexed else { return }
        isIndexed = true
        lookup.append(repeating: -1, count: max(0, count - lookup.count))
        for leaf in 0..<leaves.count { index(runsOf: leaf) }
    }

    /// Notes where all characters of a leaf are.
    mutating func index(runsOf leaf: Int) {
        let base = leaf << leafShift
        for index in 0..<Int(leaves[leaf].count) {
            let run = runs[base + index]
            if run.count == 1 {
                lookup[run.first] = entry(leaf, index)
            } else {
                lookup.fill(run.first..<run.end, with: entry(leaf, index))
            }
        }
    }

    /// Notes where new characters are, whose local versions are behind all others.
    @inline(__always)
    mutating func index(_ version: Int, count: Int, in leaf: Int, at index: Int) {
        guard isIndexed else { return }
        if lookup.count < version {
            lookup.append(repeating: -1, count: version &- lookup.count)
        }
        if count == 1, lookup.count == version {
            lookup.append(entry(leaf, index))
        } else {
            // A refused change may have been here before.
            lookup.truncate(to: min(lookup.count, version))
            lookup.append(repeating: entry(leaf, index), count: count)
        }
    }

    /// Whether one place is before another in the document. O(log n).
    func isBefore(_ first: Place, _ second: Place) -> Bool {
        if first.leaf == second.leaf {
            return (first.index, first.offset) < (second.index, second.offset)
        }
        var left = first.leaf
        var right = second.leaf
        var leftParent = Int(leaves[left].parent)
        var rightParent = Int(leaves[right].parent)
        while leftParent != rightParent {
            left = leftParent
            right = rightParent
            leftParent = Int(nodes[left].parent)
            rightParent = Int(nodes[right].parent)
        }
        return slot(of: left, in: leftParent) < slot(of: right, in: rightParent)
    }

    /// The run of a place.
    @inline(__always)
    func run(at place: Place) -> Run { runs[place.leaf << leafShift &+ place.index] }

    /// The character right behind a place, deleted or not, or ``documentEnd``. O(1).
    @inline(__always)
    func version(behind place: Place) -> Int {
        let run = run(at: place)
        if place.offset &+ 1 < run.count { return run.first &+ place.offset &+ 1 }
        return version(ofRunAt: place.index &+ 1, in: place.leaf)
    }

    /// What stands behind a place, or from the start of the document on for `nil`, as far as one run
    /// has it: its first character and the place of its last. ``documentEnd`` and `nil` at the end.
    /// O(1).
    func stretch(behind place: Place?) -> (head: Int, end: Place?) {
        guard let place else { return stretch(ofRunAt: 0, in: 0) }
        let run = run(at: place)
        if place.offset + 1 < run.count {
            let end = Place(leaf: place.leaf, index: place.index, offset: run.count - 1)
            return (run.first + place.offset + 1, end)
        }
        return stretch(ofRunAt: place.index + 1, in: place.leaf)
    }

    private func stretch(ofRunAt index: Int, in leaf: Int) -> (head: Int, end: Place?) {
        let header = leaves[leaf]
        if index < Int(header.count) {
            let run = runs[leaf << leafShift + index]
            return (run.first, Place(leaf: leaf, index: index, offset: run.count - 1))
        }
        guard header.next >= 0 else { return (SpanTree.documentEnd, nil) }
        return stretch(ofRunAt: 0, in: Int(header.next))
    }
}

extension SpanTree {
    // MARK: By position

    /// Puts new characters at a position of the visible text, right behind the character before it.
    ///
    /// - Parameters:
    ///   - count: how many.
    ///   - version: the local version of the first, behind all others.
    ///   - offset: how many visible characters stand before them.
    /// - Returns: the left and right neighbours, deleted characters included: their origins.
    /// - Complexity: O(1) where the last local edit was, else O(log n).
    @inline(__always)
    mutating func insert(
        _ count: Int, _ version: Int, at offset: Int
    ) -> (left: Int, right: Int) {
        guard offset > 0 else { return insertAtStart(count, version) }
        seek(offset &- 1)
        return insert(
            count, version,
            behind: Place(
                leaf: cursor.leaf, index: cursor.index, offset: offset &- 1 &- cursor.before))
    }

    /// Puts new characters right behind a character that ``hide(at:limit:)`` has just hidden. O(1).
    mutating func insert(
        _ count: Int, _ version: Int, behindHidden hidden: Int
    ) -> (left: Int, right: Int) {
        let base = cursor.leaf << leafShift
        let runCount = Int(leaves[cursor.leaf].count)
        // Hiding a part of a run leaves it at most one run away.
        var index = max(0, cursor.index - 1)
        while index < runCount, !runs[base + index].contains(hidden) { index += 1 }
        precondition(index < runCount, "the character is in the cursor's leaf")
        let place = Place(
            leaf: cursor.leaf, index: index, offset: hidden - runs[base + index].first)
        moveCursor(to: index)
        return insert(count, version, behind: place)
    }

    /// Puts new characters right behind a hidden character that stands among hidden ones behind so
    /// many visible ones. O(log n) where it is in one of the first ``nearLeaves`` there, else O(1)
    /// with the lookup by version, which is then built.
    ///
    /// - Returns: as above.
    mutating func insert(
        _ count: Int, _ version: Int, behindHidden hidden: Int, near offset: Int
    ) -> (left: Int, right: Int) {
        let place: Place
        if let near = self.place(ofHidden: hidden, near: offset) {
            place = near
        } else {
            buildIndex(for: version)
            place = self.place(of: hidden)
        }
        forgetCursor()
        return insert(count, version, behind: place)
    }

    private func place(ofHidden hidden: Int, in leaf: Int, from index: Int) -> Place? {
        let base = leaf << leafShift
        for index in index..<max(index, Int(leaves[leaf].count))
        where runs[base + index].contains(hidden) {
            return Place(leaf: leaf, index: index, offset: hidden - runs[base + index].first)
        }
        return nil
    }

    /// How many leaves are searched for a character by position.
    private static let nearLeaves = 4

    private mutating func place(ofHidden hidden: Int, near offset: Int) -> Place? {
        var leaf = 0
        var index = 0
        if offset > 0 {
            seek(offset - 1)
            leaf = cursor.leaf
            index = cursor.index
        }
        for _ in 0..<SpanTree.nearLeaves {
            if let place = place(ofHidden: hidden, in: leaf, from: index) { return place }
            leaf = Int(leaves[leaf].next)
            index = 0
            if leaf < 0 { return nil }
        }
        return nil
    }

    /// Moves the cursor within its leaf.
    private mutating func moveCursor(to index: Int) {
        let base = cursor.leaf << leafShift
        while cursor.index > index {
            cursor.index -= 1
            cursor.before -= runs[base + cursor.index].visibleCount
        }
        while cursor.index < index {
            cursor.before += runs[base + cursor.index].visibleCount
            cursor.index += 1
        }
    }

    /// Puts new characters right behind a character. The cursor must be there, or nowhere.
    ///
    /// - Parameter isGlued: whether that character is their left origin and the local version before
    ///   theirs; worked out from the place if `nil`.
    @inline(__always)
    @discardableResult
    mutating func insert(
        _ count: Int, _ version: Int, behind place: Place, isGlued: Bool? = nil
    ) -> (left: Int, right: Int) {
        assert(
            cursor.high <= cursor.low
                || (cursor.leaf == place.leaf && cursor.index == place.index),
            "the cursor is there, or nowhere")
        let run = runs[place.leaf << leafShift &+ place.index]
        let left = run.first &+ place.offset
        totalCount &+= count
        if place.offset &+ 1 == run.count {
            let right = self.version(ofRunAt: place.index &+ 1, in: place.leaf)
            let isGlued = isGlued ?? (run.end == version)
            if isGlued, run.end == version, !run.isHidden {
                runs[place.leaf << leafShift &+ place.index].extend(by: count)
                index(version, count: count, in: place.leaf, at: place.index)
                add(count, to: place.leaf)
                if cursor.leaf == place.leaf, cursor.high > cursor.low { cursor.high &+= count }
                return (left, right)
            }
            insertRun(count, version, behind: makeRoom(at: place), isGlued: isGlued)
            return (left, right)
        }
        splitAndInsert(count, version, at: place)
        return (left, left &+ 1)
    }

    /// Puts a new run right behind the run of a place.
    private mutating func insertRun(
        _ count: Int, _ version: Int, behind place: Place, isGlued: Bool
    ) {
        insert(
            Run(start: version, count: count, isGlued: isGlued, isHidden: false),
            at: place.index + 1, in: place.leaf)
        index(version, count: count, in: place.leaf, at: place.index &+ 1)
        add(count, to: place.leaf)
        if cursor.leaf == place.leaf, cursor.high > cursor.low {
            cursor.high &+= count
            cursor.before &+= runs[place.leaf << leafShift &+ place.index].visibleCount
            cursor.index &+= 1
        }
    }

    private mutating func splitAndInsert(_ count: Int, _ version: Int, at place: Place) {
        let place = makeRoom(at: place)
        cutRun(at: Place(leaf: place.leaf, index: place.index, offset: place.offset + 1))
        insertRun(count, version, behind: place, isGlued: false)
    }

    /// Makes two runs of one, in a leaf that has room; the second starts at the place's offset.
    private mutating func cutRun(at place: Place) {
        let slot = place.leaf << leafShift + place.index
        var tail = runs[slot]
        tail.dropFirst(place.offset)
        runs[slot].extend(by: -tail.count)
        insert(tail, at: place.index + 1, in: place.leaf)
    }

    /// Puts new characters in front of everything.
    @discardableResult
    mutating func insertAtStart(_ count: Int, _ version: Int) -> (left: Int, right: Int) {
        let right = self.version(ofRunAt: 0, in: 0)
        let place = makeRoom(at: Place(leaf: 0, index: 0, offset: 0))
        assert(place.leaf == 0, "the first run stays in the first leaf")
        insert(
            Run(start: version, count: count, isGlued: false, isHidden: false), at: 0, in: 0)
        totalCount += count
        index(version, count: count, in: 0, at: 0)
        add(count, to: 0)
        forgetCursor()
        return (SpanTree.documentStart, right)
    }

    /// Hides characters from a position of the visible text on, as many of `limit` as one run has.
    ///
    /// - Returns: the local version of the first, and how many. All of them stood in a row.
    /// - Complexity: O(1) where the last local edit was, else O(log n).
    @inline(__always)
    mutating func hide(at offset: Int, limit: Int) -> (version: Int, count: Int) {
        seek(offset)
        let run = runs[cursor.leaf << leafShift &+ cursor.index]
        let start = offset &- cursor.before
        let count = min(limit, run.count &- start)
        flip(count, at: Place(leaf: cursor.leaf, index: cursor.index, offset: start))
        return (run.first &+ start, count)
    }

    /// Hides characters in front of a position of the visible text, as many of `limit` as one run has.
    ///
    /// - Returns: the local version of the first, and how many. All of them stood in a row.
    mutating func hide(endingAt end: Int, limit: Int) -> (version: Int, count: Int) {
        seek(end - 1)
        let run = runs[cursor.leaf << leafShift + cursor.index]
        let behind = end - cursor.before
        let count = min(limit, behind)
        flip(
            count,
            at: Place(leaf: cursor.leaf, index: cursor.index, offset: behind - count))
        return (run.first + behind - count, count)
    }

    // MARK: By local version

    /// Shows or hides characters with consecutive local versions, as many of `range` as stand in the
    /// run of its first.
    ///
    /// - Returns: how many of them the run has, and whether that changed anything.
    mutating func show(_ range: Range<Int>, _ isVisible: Bool) -> (count: Int, changed: Bool) {
        let place = place(of: range.lowerBound)
        let run = runs[place.leaf << leafShift + place.index]
        let count = min(range.count, run.count - place.offset)
        guard run.isHidden == isVisible else { return (count, false) }
        forgetCursor()
        flip(count, at: place)
        return (count, true)
    }

    /// Turns characters of one run from showing to hidden or back, joining and cutting runs.
    ///
    /// The cursor, if it is on this run, stays on one with as many visible characters before it.
    @inline(__always)
    mutating func flip(_ count: Int, at place: Place) {
        let run = runs[place.leaf << leafShift &+ place.index]
        let hides = !run.isHidden
        let place = count == run.count ? place : makeRoom(at: place)
        add(hides ? 0 &- count : count, to: place.leaf)
        if cursor.leaf == place.leaf, cursor.high > cursor.low {
            cursor.high &-= hides ? count : 0 &- count
        }
        if count == run.count {
            runs[place.leaf << leafShift &+ place.index].isHidden = hides
            joinAround(place)
        } else if place.offset == 0 {
            flipPrefix(count, at: place)
        } else if place.offset &+ count == run.count {
            flipSuffix(count, at: place)
        } else {
            flipMiddle(count, at: place)
        }
    }

    /// Joins a run to its neighbours in the leaf where it continues them.
    @inline(__always)
    private mutating func joinAround(_ place: Place) {
        let base = place.leaf << leafShift
        let slot = base &+ place.index
        if place.index &+ 1 < Int(leaves[place.leaf].count),
            runs[slot].continues(into: runs[slot &+ 1])
        {
            runs[slot].extend(by: runs[slot &+ 1].count)
            remove(at: place.index &+ 1, in: place.leaf)
        }
        if place.index > 0, runs[slot &- 1].continues(into: runs[slot]) {
            // Hidden runs before the cursor's hold no visible character.
            if cursor.leaf == place.leaf, cursor.index >= place.index {
                if !runs[slot].isHidden { cursor.before &-= runs[slot &- 1].count }
                cursor.index &-= 1
            }
            runs[slot &- 1].extend(by: runs[slot].count)
            remove(at: place.index, in: place.leaf)
        }
    }

    @inline(__always)
    private mutating func flipPrefix(_ count: Int, at place: Place) {
        let slot = place.leaf << leafShift &+ place.index
        let run = runs[slot]
        if place.index > 0 {
            let before = runs[slot &- 1]
            if before.end == run.first, run.isGlued, before.isHidden != run.isHidden {
                runs[slot &- 1].extend(by: count)
                runs[slot].dropFirst(count)
                return
            }
        }
        insert(
            Run(
                start: run.first, count: count, isGlued: run.isGlued, isHidden: !run.isHidden),
            at: place.index, in: place.leaf)
        runs[slot &+ 1].dropFirst(count)
    }

    @inline(__always)
    private mutating func flipSuffix(_ count: Int, at place: Place) {
        let slot = place.leaf << leafShift &+ place.index
        let run = runs[slot]
        if place.index &+ 1 < Int(leaves[place.leaf].count) {
            let next = runs[slot &+ 1]
            if run.end == next.first, next.isGlued, next.isHidden != run.isHidden {
                runs[slot].extend(by: 0 &- count)
                runs[slot &+ 1] = Run(
                    start: next.first &- count, count: next.count &+ count, isGlued: true,
                    isHidden: next.isHidden)
                return
            }
        }
        runs[slot].extend(by: 0 &- count)
        insert(
            Run(
                start: run.end &- count, count: count, isGlued: true, isHidden: !run.isHidden),
            at: place.index &+ 1, in: place.leaf)
    }

    private mutating func flipMiddle(_ count: Int, at place: Place) {
        let slot = place.leaf << leafShift + place.index
        let run = runs[slot]
        let tail = run.count - place.offset - count
        runs[slot].extend(by: -(count + tail))
        insert(
            Run(
                start: run.end - tail, count: tail, isGlued: true, isHidden: run.isHidden),
            at: place.index + 1, in: place.leaf)
        insert(
            Run(
                start: run.first + place.offset, count: count, isGlued: true,
                isHidden: !run.isHidden),
            at: place.index + 1, in: place.leaf)
    }
}

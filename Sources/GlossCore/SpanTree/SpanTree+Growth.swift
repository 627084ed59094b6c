extension SpanTree {
    @discardableResult
    mutating func addLeaf(parent: Int, next: Int) -> Int {
        let leaf = leaves.count
        leaves.append(
            Leaf(
                count: 0, parent: Int32(truncatingIfNeeded: parent),
                next: Int32(truncatingIfNeeded: next)))
        runs.grow(by: leafCapacity)
        return leaf
    }

    mutating func addNode(parent: Int) -> Int {
        let node = nodes.count
        nodes.append(Node(count: 0, parent: Int32(truncatingIfNeeded: parent)))
        children.grow(by: nodeCapacity)
        sums.grow(by: nodeCapacity)
        return node
    }

    /// Makes sure that two more runs fit into the leaf of a place; gives where its run is now.
    @inline(__always)
    mutating func makeRoom(at place: Place) -> Place {
        if Int(leaves[place.leaf].count) &+ 2 <= leafCapacity { return place }
        return split(place)
    }

    /// Puts a run into a leaf that has room, before the run at `index`.
    @inline(__always)
    mutating func insert(_ run: Run, at index: Int, in leaf: Int) {
        let base = leaf << leafShift
        let count = Int(leaves[leaf].count)
        assert(count < leafCapacity && index <= count, "the leaf has room")
        runs.move(from: base + index, to: base + index + 1, count: count - index)
        runs[base + index] = run
        leaves[leaf].count += 1
    }

    /// Takes a run out of its leaf.
    @inline(__always)
    mutating func remove(at index: Int, in leaf: Int) {
        let base = leaf << leafShift
        let count = Int(leaves[leaf].count)
        runs.move(from: base + index + 1, to: base + index, count: count - index - 1)
        leaves[leaf].count -= 1
    }

    /// Splits a full leaf. At the end of the document the new leaf starts almost empty, so that
    /// text written from start to end fills its leaves.
    private mutating func split(_ place: Place) -> Place {
        flush()
        let leaf = place.leaf
        let count = Int(leaves[leaf].count)
        let isAtEnd = leaves[leaf].next < 0 && place.index >= count - 1
        let kept = isAtEnd ? count - 1 : count / 2
        let right = addLeaf(parent: Int(leaves[leaf].parent), next: Int(leaves[leaf].next))
        runs.move(
            from: leaf << leafShift + kept, to: right << leafShift, count: count - kept)
        leaves[leaf].count = Int32(truncatingIfNeeded: kept)
        leaves[leaf].next = Int32(truncatingIfNeeded: right)
        leaves[right].count = Int32(truncatingIfNeeded: count - kept)
        var moved = 0
        for index in 0..<count - kept { moved += runs[right << leafShift + index].visibleCount }
        if isIndexed { index(runsOf: right) }
        insertChild(right, showing: moved, behind: leaf, level: 0)
        if cursor.leaf == leaf, cursor.high > cursor.low {
            if cursor.index >= kept {
                cursor.leaf = right
                cursor.index -= kept
                cursor.low = cursor.high - moved
            } else {
                cursor.high -= moved
            }
        }
        if place.index < kept { return place }
        return Place(leaf: right, index: place.index - kept, offset: place.offset)
    }

    /// Hangs a new node beside an old one whose last `moved` visible characters it has taken.
    ///
    /// - Parameter level: 0 if the two are leaves, 1 if they are nodes above leaves, and so on.
    private mutating func insertChild(
        _ child: Int, showing moved: Int, behind sibling: Int, level: Int
    ) {
        var parent = Int(level == 0 ? leaves[sibling].parent : nodes[sibling].parent)
        if parent < 0 {
            parent = addNode(parent: -1)
            children[parent << nodeShift] = Int32(truncatingIfNeeded: sibling)
            sums[parent << nodeShift] = UInt32(truncatingIfNeeded: visibleCount)
            nodes[parent].count = 1
            setParent(of: sibling, level: level, to: parent)
            root = parent
            height += 1
        } else if Int(nodes[parent].count) == nodeCapacity {
            parent = splitNode(parent, level: level + 1, holding: sibling)
        }
        let slot = slot(of: sibling, in: parent)
        let end = parent << nodeShift + Int(nodes[parent].count)
        children.move(from: slot + 1, to: slot + 2, count: end - slot - 1)
        sums.move(from: slot + 1, to: slot + 2, count: end - slot - 1)
        children[slot + 1] = Int32(truncatingIfNeeded: child)
        sums[slot + 1] = UInt32(truncatingIfNeeded: moved)
        sums[slot] -= UInt32(truncatingIfNeeded: moved)
        nodes[parent].count += 1
        setParent(of: child, level: level, to: parent)
    }

    /// Splits a full node; gives the half that holds `child`.
    private mutating func splitNode(_ node: Int, level: Int, holding child: Int) -> Int {
        let right = addNode(parent: Int(nodes[node].parent))
        let count = Int(nodes[node].count)
        let kept = count / 2
        let source = node << nodeShift + kept
        let target = right << nodeShift
        children.move(from: source, to: target, count: count - kept)
        sums.move(from: source, to: target, count: count - kept)
        nodes[node].count = Int32(truncatingIfNeeded: kept)
        nodes[right].count = Int32(truncatingIfNeeded: count - kept)
        var moved = 0
        for slot in target..<target + count - kept {
            moved += Int(sums[slot])
            setParent(of: Int(children[slot]), level: level - 1, to: right)
        }
        insertChild(right, showing: moved, behind: node, level: level)
        for slot in target..<target + count - kept where Int(children[slot]) == child {
            return right
        }
        return node
    }

    private mutating func setParent(of child: Int, level: Int, to parent: Int) {
        if level == 0 {
            leaves[child].parent = Int32(truncatingIfNeeded: parent)
        } else {
            nodes[child].parent = Int32(truncatingIfNeeded: parent)
        }
    }
}

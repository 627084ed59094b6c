extension SpanTree {
    /// Traps unless the tree is as it must be. O(n), for tests and debug builds.
    borrowing func checkInvariants() {
        var shown = 0
        var total = 0
        var reached = 0
        var leaf = 0
        while leaf >= 0 {
            reached += 1
            let base = leaf << leafShift
            let count = Int(leaves[leaf].count)
            precondition(count <= leafCapacity, "a leaf is not overfull")
            precondition(count > 0 || leaves.count == 1, "no leaf is empty but the only one")
            var before = Run?.none
            for index in 0..<count {
                let run = runs[base + index]
                precondition(run.count > 0, "no run is empty")
                precondition(before?.continues(into: run) != true, "runs in a leaf are joined")
                shown += run.visibleCount
                total += run.count
                before = run
                guard isIndexed else { continue }
                for version in run.first..<run.end {
                    precondition(self.leaf(of: version) == leaf, "the lookup is right")
                }
            }
            leaf = Int(leaves[leaf].next)
        }
        precondition(shown == visibleCount && total == totalCount, "the counts are right")
        precondition(reached == leaves.count, "every leaf is in the list")
        let below = checkSubtree(root, level: height, parent: -1)
        precondition(below.shown == visibleCount, "the root's sum is right")
        precondition(below.leaves == leaves.count, "every leaf is in the tree")
        checkCursor()
    }

    private func checkSubtree(
        _ node: Int, level: Int, parent: Int
    ) -> (shown: Int, leaves: Int) {
        if level == 0 {
            precondition(Int(leaves[node].parent) == parent, "a leaf knows its parent")
            var shown = 0
            for index in 0..<Int(leaves[node].count) {
                shown += runs[node << leafShift + index].visibleCount
            }
            return (shown, 1)
        }
        precondition(Int(nodes[node].parent) == parent, "a node knows its parent")
        let count = Int(nodes[node].count)
        precondition(count > 0 && count <= nodeCapacity, "a node has children, and room for them")
        var total = (shown: 0, leaves: 0)
        for slot in node << nodeShift..<node << nodeShift + count {
            let child = Int(children[slot])
            let below = checkSubtree(child, level: level - 1, parent: node)
            let late = isAbovePending(child, level: level - 1) ? pending : 0
            precondition(below.shown == Int(sums[slot]) + late, "a sum is that of its child")
            total.shown += below.shown
            total.leaves += below.leaves
        }
        return total
    }

    /// Whether a node is the pending leaf or one of its ancestors.
    private func isAbovePending(_ node: Int, level: Int) -> Bool {
        var current = pendingLeaf
        for step in 0..<level {
            current = Int(step == 0 ? leaves[current].parent : nodes[current].parent)
        }
        return current == node
    }

    private func checkCursor() {
        guard cursor.high > cursor.low else { return }
        var before = 0
        var leaf = 0
        while leaf != cursor.leaf {
            for index in 0..<Int(leaves[leaf].count) {
                before += runs[leaf << leafShift + index].visibleCount
            }
            leaf = Int(leaves[leaf].next)
        }
        precondition(cursor.low == before, "the cursor knows what is before its leaf")
        for index in 0..<cursor.index { before += runs[leaf << leafShift + index].visibleCount }
        precondition(cursor.before == before, "the cursor knows what is before its run")
        for index in cursor.index..<Int(leaves[leaf].count) {
            before += runs[leaf << leafShift + index].visibleCount
        }
        precondition(cursor.high == before, "the cursor knows what is before the next leaf")
    }
}

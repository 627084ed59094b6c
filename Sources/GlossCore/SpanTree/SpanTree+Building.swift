extension SpanTree {
    /// A tree of ready runs in document order. O(runs).
    ///
    /// Runs that continue one another are joined, so that equal documents make equal trees.
    static func build(
        leafShift: Int = 6, nodeShift: Int = 5, reserving count: Int = 0,
        _ fill: (inout Builder) -> Void
    ) -> SpanTree {
        var builder = Builder(
            SpanTree(leafShift: leafShift, nodeShift: nodeShift), reserving: count)
        fill(&builder)
        return builder.finish()
    }

    /// Takes runs in document order and packs them into leaves, level by level.
    struct Builder: ~Copyable {
        fileprivate var tree: SpanTree
        private var leaf = 0
        private var used = 0

        fileprivate init(_ tree: consuming SpanTree, reserving count: Int) {
            self.tree = tree
            self.tree.runs.reserve((count / self.tree.leafCapacity + 1) * self.tree.leafCapacity)
        }

        /// Adds the next run of the document.
        @inline(__always)
        mutating func append(_ run: Run) {
            let base = leaf << tree.leafShift
            tree.totalCount &+= run.count
            tree.visibleCount &+= run.visibleCount
            if used > 0, tree.runs[base &+ used &- 1].continues(into: run) {
                tree.runs[base &+ used &- 1].extend(by: run.count)
                return
            }
            if used == tree.leafCapacity { startLeaf() }
            tree.runs[leaf << tree.leafShift &+ used] = run
            used &+= 1
        }

        private mutating func startLeaf() {
            tree.leaves[leaf].count = Int32(truncatingIfNeeded: used)
            let next = tree.addLeaf(parent: -1, next: -1)
            tree.leaves[leaf].next = Int32(truncatingIfNeeded: next)
            leaf = next
            used = 0
        }

        fileprivate consuming func finish() -> SpanTree {
            tree.leaves[leaf].count = Int32(truncatingIfNeeded: used)
            tree.buildNodes()
            return tree
        }
    }

    /// A tree of ready runs in document order of which none continues the one before it, taken over
    /// as full leaves. O(runs / leaf), and one pass over the runs to sum up what shows.
    init(takingOver list: consuming Slab<Run>, total: Int) {
        self.init()
        guard list.count > 0 else { return }
        let count = list.count
        let leafCount = (count + leafCapacity - 1) / leafCapacity
        list.grow(by: leafCount * leafCapacity - count)
        runs = list
        leaves = Slab(capacity: leafCount)
        for leaf in 0..<leafCount {
            let isLast = leaf + 1 == leafCount
            leaves.append(
                Leaf(
                    count: Int32(
                        truncatingIfNeeded: isLast ? count - leaf * leafCapacity : leafCapacity),
                    parent: -1, next: isLast ? -1 : Int32(truncatingIfNeeded: leaf + 1)))
        }
        totalCount = total
        buildNodes()
        visibleCount = height == 0 ? shownCount(ofLeaf: root) : shownCount(ofNode: root)
    }

    /// Puts nodes above leaves that have none.
    private mutating func buildNodes() {
        var level = 0..<leaves.count
        height = 0
        while level.count > 1 {
            let first = nodes.count
            var start = level.lowerBound
            while start < level.upperBound {
                let end = min(start + nodeCapacity, level.upperBound)
                let node = addNode(parent: -1)
                for child in start..<end { adopt(child, into: node, at: child - start) }
                nodes[node].count = Int32(truncatingIfNeeded: end - start)
                start = end
            }
            level = first..<nodes.count
            height += 1
        }
        root = level.lowerBound
        cursor = Cursor()
    }

    private mutating func adopt(_ child: Int, into node: Int, at index: Int) {
        let shown: Int
        if height == 0 {
            leaves[child].parent = Int32(truncatingIfNeeded: node)
            shown = shownCount(ofLeaf: child)
        } else {
            nodes[child].parent = Int32(truncatingIfNeeded: node)
            shown = shownCount(ofNode: child)
        }
        children[node << nodeShift + index] = Int32(truncatingIfNeeded: child)
        sums[node << nodeShift + index] = UInt32(truncatingIfNeeded: shown)
    }

    private func shownCount(ofLeaf leaf: Int) -> Int {
        var shown = 0
        let base = leaf << leafShift
        runs.withSpan(of: base..<base + Int(leaves[leaf].count)) { list in
            list.forEach { shown &+= $0.visibleCount }
        }
        return shown
    }

    private func shownCount(ofNode node: Int) -> Int {
        let base = node << nodeShift
        return (base..<base + Int(nodes[node].count)).reduce(0) { $0 + Int(sums[$1]) }
    }

    /// The tree without the characters from a local version on: what a refused change had added.
    /// O(runs), but only hostile changes pay it.
    mutating func removeAll(from version: Int) {
        let old = self.copy()
        self = SpanTree.build(
            leafShift: leafShift, nodeShift: nodeShift, reserving: runs.count
        ) { builder in
            old.forEachRun { run in
                guard run.first < version else { return }
                var kept = run
                if run.end > version { kept.extend(by: version - run.end) }
                builder.append(kept)
            }
        }
    }
}

/// The order of all characters of an article, deleted ones included: a B-tree of runs.
///
/// A run is a stretch of characters with consecutive local versions, each but the first typed
/// right behind the one before it. Leaves hold runs, inner nodes the number of characters that show
/// below each child, so that a position is found in O(log n). Nodes are indices into flat slabs;
/// there is no object per node.
///
/// Two things make the usual cases cheap. A cursor remembers the leaf of the last local edit, so
/// that typing and erasing touch that leaf alone; what such edits add to the counts of the nodes
/// above waits in ``pending`` until the cursor leaves. And the leaf of a local version is looked up
/// in a flat table that is built when it is first needed.
struct SpanTree: ~Copyable {
    /// Stands for the start of the document as a left origin.
    static let documentStart = -1
    /// Stands for the end of the document as a right origin.
    static let documentEnd = Int(UInt32.max)

    /// A run of characters.
    struct Run: BitwiseCopyable {
        /// The local version of the first character.
        var start: UInt32
        /// The length above two flags.
        private var bits: UInt32

        private static let hiddenBit: UInt32 = 1
        private static let gluedBit: UInt32 = 2

        @inline(__always)
        init(start: Int, count: Int, isGlued: Bool, isHidden: Bool) {
            self.start = UInt32(truncatingIfNeeded: start)
            bits =
                UInt32(truncatingIfNeeded: count) << 2 | (isGlued ? Run.gluedBit : 0)
                | (isHidden ? Run.hiddenBit : 0)
        }

        @inline(__always) var first: Int { Int(start) }
        @inline(__always) var end: Int { Int(start) + count }
        @inline(__always) var count: Int { Int(bits >> 2) }
        /// How many characters show. Worked out without a branch, which nobody could foretell.
        @inline(__always) var visibleCount: Int {
            Int(bits >> 2) & (Int(bits & Run.hiddenBit) &- 1)
        }

        /// Whether the characters are deleted, undone or repeated.
        var isHidden: Bool {
            @inline(__always) get { bits & Run.hiddenBit != 0 }
            @inline(__always) set {
                bits = newValue ? bits | Run.hiddenBit : bits & ~Run.hiddenBit
            }
        }

        /// Whether the first character's left origin is the local version before it. Two runs that
        /// came to stand side by side through a tie must not become one, or the tie could not be
        /// told from typing any more.
        var isGlued: Bool {
            @inline(__always) get { bits & Run.gluedBit != 0 }
            @inline(__always) set { bits = newValue ? bits | Run.gluedBit : bits & ~Run.gluedBit }
        }

        @inline(__always)
        init(start: Int, count: Int, flags: Int) {
            self.start = UInt32(truncatingIfNeeded: start)
            bits = UInt32(truncatingIfNeeded: count) << 2 | UInt32(truncatingIfNeeded: flags)
        }

        /// 1 where it is hidden, and 2 where it is glued.
        @inline(__always) var flags: Int { Int(bits & 3) }

        /// All of it in one number.
        var key: UInt64 { UInt64(start) << 32 | UInt64(bits) }

        /// Adds characters at the end; takes some off if `added` is negative.
        @inline(__always) mutating func extend(by added: Int) {
            bits = bits &+ UInt32(truncatingIfNeeded: added &<< 2)
        }

        /// Takes characters off the front; what is left continues them.
        @inline(__always) mutating func dropFirst(_ dropped: Int) {
            start = start &+ UInt32(truncatingIfNeeded: dropped)
            extend(by: -dropped)
            isGlued = true
        }

        /// Whether `next`, standing right behind, is one run with this one.
        @inline(__always) func continues(into next: Run) -> Bool {
            let gap = (start &+ bits >> 2) ^ next.start
            return gap | (~next.bits & Run.gluedBit) | ((bits ^ next.bits) & Run.hiddenBit) == 0
        }

        /// Whether the character is one of this run's.
        @inline(__always) func contains(_ version: Int) -> Bool {
            UInt32(truncatingIfNeeded: version) &- start < bits >> 2
        }
    }

    struct Leaf: BitwiseCopyable {
        var count: Int32
        var parent: Int32
        /// The leaf behind it, or -1.
        var next: Int32
    }

    struct Node: BitwiseCopyable {
        var count: Int32
        var parent: Int32
    }

    /// A run in a leaf, and a character in it.
    struct Place {
        var leaf: Int
        var index: Int
        var offset: Int
    }

    /// The leaf of the last local edit.
    struct Cursor {
        var leaf = 0
        /// A run in the leaf.
        var index = 0
        /// How many visible characters stand before that run.
        var before = 0
        /// How many stand before the leaf.
        var low = 0
        /// How many stand before the next leaf. Not above ``low`` where the cursor stands nowhere.
        var high = 0
    }

    /// A leaf has room for 2 to the power of this many runs.
    let leafShift: Int
    /// An inner node has room for 2 to the power of this many children.
    let nodeShift: Int
    var runs = Slab<Run>()
    var leaves = Slab<Leaf>()
    var nodes = Slab<Node>()
    var children = Slab<Int32>()
    /// How many characters show below each child.
    var sums = Slab<UInt32>()
    /// A leaf if ``height`` is 0, else a node. The first leaf is always 0.
    var root = 0
    var height = 0
    /// How many characters show.
    var visibleCount = 0
    /// How many characters there are, deleted ones included.
    var totalCount = 0

    var cursor = Cursor()
    /// The leaf whose ancestors lack ``pending`` visible characters.
    var pendingLeaf = 0
    var pending = 0

    /// Where each character is by local version, once ``isIndexed``: its leaf above half the index of
    /// its run when that was noted, which is a guess. Below 0 for what is no character.
    var lookup = Slab<Int32>()
    var isIndexed = false

    var leafCapacity: Int { 1 << leafShift }
    var nodeCapacity: Int { 1 << nodeShift }

    /// An empty tree.
    ///
    /// - Parameters:
    ///   - leafShift: 2 to the power of this is the size of a leaf, at least 4. The default makes
    ///     a leaf of 512 bytes.
    ///   - nodeShift: likewise of an inner node.
    init(leafShift: Int = 6, nodeShift: Int = 5) {
        precondition(leafShift >= 2 && nodeShift >= 2, "a node has room for four")
        self.leafShift = leafShift
        self.nodeShift = nodeShift
        addLeaf(parent: -1, next: -1)
    }

    /// A tree of its own with the same content.
    borrowing func copy() -> SpanTree {
        var copy = SpanTree(leafShift: leafShift, nodeShift: nodeShift)
        copy.runs = runs.copy()
        copy.leaves = leaves.copy()
        copy.nodes = nodes.copy()
        copy.children = children.copy()
        copy.sums = sums.copy()
        copy.root = root
        copy.height = height
        copy.visibleCount = visibleCount
        copy.totalCount = totalCount
        copy.cursor = cursor
        copy.pendingLeaf = pendingLeaf
        copy.pending = pending
        copy.lookup = lookup.copy()
        copy.isIndexed = isIndexed
        return copy
    }

    /// How many bytes it has taken from the system.
    var byteCount: Int {
        runs.byteCount + leaves.byteCount + nodes.byteCount + children.byteCount + sums.byteCount
            + lookup.byteCount
    }

    /// Gives the room back that nothing takes, and the lookup by local version: it is built again when
    /// it is next needed. O(runs).
    mutating func shrink() {
        runs.shrink()
        leaves.shrink()
        nodes.shrink()
        children.shrink()
        sums.shrink()
        lookup = Slab()
        isIndexed = false
    }

    // MARK: Reading in order

    /// Goes through all runs in document order. O(runs).
    @inline(__always)
    func forEachRun<Failure: Error>(_ body: (Run) throws(Failure) -> Void) throws(Failure) {
        var leaf = 0
        while leaf >= 0 {
            let base = leaf << leafShift
            let header = leaves[leaf]
            for index in 0..<Int(header.count) { try body(runs[base + index]) }
            leaf = Int(header.next)
        }
    }

    /// The local version of the character at a run's index, the next leaf's first where the index
    /// is behind the last run, ``documentEnd`` at the end of the document.
    @inline(__always)
    func version(ofRunAt index: Int, in leaf: Int) -> Int {
        let header = leaves[leaf]
        if index < Int(header.count) { return runs[leaf << leafShift + index].first }
        guard header.next >= 0 else { return SpanTree.documentEnd }
        return runs[Int(header.next) << leafShift].first
    }

    // MARK: Counts above the leaves

    /// Notes that a leaf shows `delta` more characters. Nodes above learn of it later.
    @inline(__always)
    mutating func add(_ delta: Int, to leaf: Int) {
        visibleCount &+= delta
        if leaf != pendingLeaf {
            flush()
            pendingLeaf = leaf
        }
        pending &+= delta
    }

    /// Tells the nodes above the cursor's leaf what has changed in it.
    mutating func flush() {
        guard pending != 0 else { return }
        let delta = UInt32(truncatingIfNeeded: pending)
        pending = 0
        var child = pendingLeaf
        var node = Int(leaves[child].parent)
        while node >= 0 {
            sums[slot(of: child, in: node)] &+= delta
            child = node
            node = Int(nodes[node].parent)
        }
    }

    /// Where a node keeps one of its children.
    @inline(__always)
    func slot(of child: Int, in node: Int) -> Int {
        var slot = node << nodeShift
        let wanted = Int32(truncatingIfNeeded: child)
        while children[slot] != wanted { slot &+= 1 }
        return slot
    }
}

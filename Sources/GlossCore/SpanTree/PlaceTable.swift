/// The places of all characters by local version, for many look-ups in one version of the text.
///
/// Built in one pass over the runs and one over the versions, a counting sort; a look-up is O(1): the
/// runs that start within 16 versions are few.
struct PlaceTable: ~Copyable {
    struct Row: BitwiseCopyable {
        /// The first character of a run.
        var start: UInt32
        /// The length above a flag that tells whether they are hidden.
        var length: UInt32
        /// How many visible characters stand before the run.
        var offset: UInt32
    }

    private static let shift = 4
    /// By version.
    private var rows: Slab<Row>
    /// For each 16 versions, the first row that starts there or behind.
    private var buckets: Slab<UInt32>

    init(_ tree: borrowing SpanTree, versionCount: Int) {
        var inOrder = Slab<Row>(capacity: tree.leaves.count * tree.leafCapacity)
        var starts = Slab<UInt32>(capacity: versionCount >> PlaceTable.shift + 2)
        starts.append(repeating: 0, count: versionCount >> PlaceTable.shift + 2)
        var offset = 0
        tree.forEachRun { run in
            inOrder.append(
                Row(
                    start: run.start,
                    length: UInt32(truncatingIfNeeded: run.count) << 1 | (run.isHidden ? 1 : 0),
                    offset: UInt32(truncatingIfNeeded: offset)))
            starts[run.first >> PlaceTable.shift &+ 1] &+= 1
            offset &+= run.visibleCount
        }
        // No more can start there, unless the runs of an unchecked snapshot overlap; the rest of such
        // is left out, or sorting it would take the square of the time.
        let most = UInt32(1 << PlaceTable.shift)
        for index in 1..<starts.count {
            starts[index] = min(starts[index], most) &+ starts[index &- 1]
        }
        rows = inOrder.copy()
        var next = starts.copy()
        for index in 0..<inOrder.count {
            let row = inOrder[index]
            let bucket = Int(row.start) >> PlaceTable.shift
            var place = Int(next[bucket])
            if next[bucket] == starts[bucket &+ 1] { continue }
            next[bucket] &+= 1
            while place > Int(starts[bucket]), rows[place &- 1].start > row.start {
                rows[place] = rows[place &- 1]
                place &-= 1
            }
            rows[place] = row
        }
        buckets = starts
    }

    /// How many visible characters stand before a character, and behind it if it shows and
    /// `isAfter`; `nil` if the operation inserted none.
    @inline(__always)
    func offset(of version: Int, isAfter: Bool) -> Int? {
        var index = Int(buckets[version >> PlaceTable.shift &+ 1]) &- 1
        while index >= 0, Int(rows[index].start) > version { index &-= 1 }
        guard index >= 0 else { return nil }
        let row = rows[index]
        let inside = version &- Int(row.start)
        guard inside < Int(row.length >> 1) else { return nil }
        if row.length & 1 == 1 { return Int(row.offset) }
        return Int(row.offset) &+ inside &+ (isAfter ? 1 : 0)
    }
}

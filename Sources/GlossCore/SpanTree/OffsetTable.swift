/// The visible characters by position, for many look-ups in one version of the text.
///
/// Built in one pass over the runs; a look-up is O(1): the runs of 32 positions are few.
struct OffsetTable: ~Copyable {
    private static let shift = 5
    /// Of each visible run, how many visible characters stand before it.
    private var starts: Slab<UInt32>
    /// Of each visible run, its first character.
    private var versions: Slab<UInt32>
    /// For each 32 positions, the run that holds the first of them.
    private var buckets: Slab<UInt32>

    init(_ tree: borrowing SpanTree) {
        let leafCapacity = tree.leafCapacity
        starts = Slab(capacity: tree.leaves.count * leafCapacity)
        versions = Slab(capacity: tree.leaves.count * leafCapacity)
        buckets = Slab(capacity: tree.visibleCount >> OffsetTable.shift + 2)
        var offset = 0
        tree.forEachRun { run in
            guard !run.isHidden else { return }
            let end = offset &+ run.count
            while buckets.count << OffsetTable.shift < end {
                buckets.append(UInt32(truncatingIfNeeded: starts.count))
            }
            starts.append(UInt32(truncatingIfNeeded: offset))
            versions.append(run.start)
            offset = end
        }
        starts.append(UInt32(truncatingIfNeeded: offset))
    }

    /// The character at a position of the text.
    @inline(__always)
    func version(at offset: Int) -> Int {
        var index = Int(buckets[offset >> OffsetTable.shift])
        while Int(starts[index &+ 1]) <= offset { index &+= 1 }
        return Int(versions[index]) &+ offset &- Int(starts[index])
    }
}

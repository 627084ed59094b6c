/// The places of all characters by local version, for many look-ups in one version of the text.
///
/// Built in one pass over the runs, with four bytes for each operation; a look-up is O(1).
struct PlaceTable: ~Copyable {
    /// Twice as many as visible characters stand before a character, and one more if it is hidden;
    /// ``none`` for what is no character.
    private var entries: Slab<UInt32>

    private static var none: UInt32 { .max }

    init(_ tree: borrowing SpanTree, versionCount: Int) {
        entries = Slab(capacity: versionCount)
        entries.append(repeating: PlaceTable.none, count: versionCount)
        var offset = 0
        tree.forEachRun { run in
            let entry = UInt32(truncatingIfNeeded: offset &<< 1)
            if run.isHidden {
                entries.fill(run.first..<run.end, with: entry | 1)
            } else {
                entries.fill(run.first..<run.end, from: entry, by: 2)
                offset &+= run.count
            }
        }
    }

    /// How many visible characters stand before a character, and behind it if it shows and
    /// `isAfter`; `nil` if the operation inserted none.
    @inline(__always)
    func offset(of version: Int, isAfter: Bool) -> Int? {
        let entry = entries[version]
        if entry == PlaceTable.none { return nil }
        return Int(entry >> 1) &+ (isAfter && entry & 1 == 0 ? 1 : 0)
    }
}

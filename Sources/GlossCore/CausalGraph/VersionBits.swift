/// A set of local versions as one bit each, for passes that look at most of them.
struct VersionBits: ~Copyable {
    private var words = Slab<UInt64>()

    /// The empty set of versions below `count`.
    init(count: Int) {
        words = Slab(capacity: count / 64 + 1)
        words.append(repeating: 0, count: count / 64 + 1)
    }

    /// A set of its own with the same versions.
    borrowing func copy() -> VersionBits {
        var copy = VersionBits(count: 0)
        copy.words = words.copy()
        return copy
    }

    /// Adds versions; gives whether none of them was in the set. O(n / 64).
    @inline(__always)
    mutating func insertNew(_ range: Range<LocalVersion>) -> Bool {
        let index = range.lowerBound >> 6
        let shift = range.lowerBound & 63
        if shift &+ range.count < 64 {
            let ones = (1 as UInt64) &<< UInt64(truncatingIfNeeded: range.count) &- 1
            let mask = ones &<< UInt64(truncatingIfNeeded: shift)
            let former = words[index]
            words[index] = former | mask
            return former & mask == 0
        }
        var former: UInt64 = 0
        forEachMask(of: range) { words, index, mask in
            former |= words[index] & mask
            words[index] |= mask
        }
        return former == 0
    }

    /// Whether a version is in the set. O(1).
    @inline(__always)
    func contains(_ version: LocalVersion) -> Bool {
        words[version >> 6] >> UInt64(truncatingIfNeeded: version & 63) & 1 == 1
    }

    /// Adds versions. O(n / 64).
    mutating func insert(_ range: Range<LocalVersion>) {
        forEachMask(of: range) { words, index, mask in words[index] |= mask }
    }

    /// Takes versions out. O(n / 64).
    mutating func remove(_ range: Range<LocalVersion>) {
        forEachMask(of: range) { words, index, mask in words[index] &= ~mask }
    }

    /// The end of the stretch from `start` on that is in the set, or out of it, up to `limit`.
    func end(ofStretchFrom start: LocalVersion, _ isIn: Bool, limit: LocalVersion) -> LocalVersion {
        var version = start
        while version < limit {
            let word = isIn ? ~words[version >> 6] : words[version >> 6]
            let rest = word >> UInt64(truncatingIfNeeded: version & 63)
            if rest != 0 { return min(limit, version + rest.trailingZeroBitCount) }
            version = (version >> 6 + 1) << 6
        }
        return limit
    }

    @inline(__always)
    private mutating func forEachMask(
        of range: Range<LocalVersion>, _ body: (inout Slab<UInt64>, Int, UInt64) -> Void
    ) {
        var start = range.lowerBound
        while start < range.upperBound {
            let end = min(range.upperBound, (start >> 6 + 1) << 6)
            let ones = end - start == 64 ? UInt64.max : 1 << UInt64(end - start) - 1
            body(&words, start >> 6, ones << UInt64(start & 63))
            start = end
        }
    }
}

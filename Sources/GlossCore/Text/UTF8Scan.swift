/// Ways through well-formed UTF-8 by scalars, eight bytes at a time.
///
/// A scalar is found by its first byte, so it does not matter that a step may end inside one.
extension Slab where Element == UInt8 {
    /// Where the scalar begins that is `skipped` scalars behind a place, at most `end`. O(n).
    func place(_ skipped: Int, behind place: Int, end: Int) -> Int {
        var index = place
        var left = skipped
        // Stretches that cannot hold too many need no look at what they held.
        while left >= 64, index &+ 64 <= end {
            left &-= 64 &- continuations(from: index, words: 8)
            index &+= 64
        }
        while left >= 8, index &+ 8 <= end {
            left &-= 8 &- continuations(from: index, words: 1)
            index &+= 8
        }
        while index < end {
            if !self[index].isContinuation {
                if left == 0 { break }
                left &-= 1
            }
            index &+= 1
        }
        return index
    }

    /// Where the scalar begins that is `skipped` scalars before a place; it must be there. O(n).
    func place(_ skipped: Int, before place: Int) -> Int {
        var index = place
        var left = skipped
        while left > 64 {
            index &-= 64
            left &-= 64 &- continuations(from: index, words: 8)
        }
        while left > 8 {
            index &-= 8
            left &-= 8 &- continuations(from: index, words: 1)
        }
        while left > 0 {
            index &-= 1
            if !self[index].isContinuation { left &-= 1 }
        }
        return index
    }

    /// How much longer a range is in UTF-8 and UTF-16 than in scalars. O(n).
    func surplus(of range: Range<Int>) -> Surplus {
        var sum = Surplus()
        var index = range.lowerBound
        while index &+ 64 <= range.upperBound {
            sum.utf8 &+= continuations(from: index, words: 8)
            sum.utf16 &+= longLeads(from: index)
            index &+= 64
        }
        while index < range.upperBound {
            if self[index].isContinuation { sum.utf8 &+= 1 }
            if self[index] >= 0xF0 { sum.utf16 &+= 1 }
            index &+= 1
        }
        return sum
    }

    /// How many bytes that no scalar begins with are in up to 31 times eight bytes.
    @inline(__always)
    private func continuations(from start: Int, words: Int) -> Int {
        var sums: UInt64 = 0
        for step in 0..<words {
            let word = word(at: start &+ 8 &* step)
            sums &+= word &>> 7 & ~word &>> 6 & 0x0101_0101_0101_0101
        }
        return Int((sums &* 0x0101_0101_0101_0101) &>> 56)
    }

    /// How many scalars from U+10000 on begin in 64 bytes.
    @inline(__always)
    private func longLeads(from start: Int) -> Int {
        var sums: UInt64 = 0
        for step in 0..<8 {
            let word = word(at: start &+ 8 &* step)
            // The highest bit of each byte is left where the highest four were set.
            let leads = word & word &<< 1 & word &<< 2 & word &<< 3
            sums &+= leads &>> 7 & 0x0101_0101_0101_0101
        }
        return Int((sums &* 0x0101_0101_0101_0101) &>> 56)
    }
}

extension Span<UInt8> {
    /// The scalar that begins at an index of well-formed UTF-8, and where the next one begins.
    @inline(__always)
    func scalar(at index: Int) -> (value: Unicode.Scalar, next: Int) {
        let lead = UInt32(self[index])
        if lead < 0x80 { return (Unicode.Scalar(self[index]), index + 1) }
        let second = UInt32(self[index + 1] & 0x3F)
        if lead < 0xE0 { return (.stored((lead & 0x1F) << 6 | second), index + 2) }
        let third = UInt32(self[index + 2] & 0x3F)
        if lead < 0xF0 {
            return (.stored((lead & 0x0F) << 12 | second << 6 | third), index + 3)
        }
        let fourth = UInt32(self[index + 3] & 0x3F)
        return (.stored((lead & 0x07) << 18 | second << 12 | third << 6 | fourth), index + 4)
    }
}

extension Unicode.Scalar {
    /// A scalar that was stored as UTF-8.
    @inline(__always)
    fileprivate static func stored(_ value: UInt32) -> Unicode.Scalar {
        guard let scalar = Unicode.Scalar(value) else {
            preconditionFailure("what is stored comes from scalars")
        }
        return scalar
    }

    /// How many bytes it takes in UTF-8.
    @inline(__always)
    var utf8Width: Int {
        value < 0x80 ? 1 : value < 0x800 ? 2 : value < 0x1_0000 ? 3 : 4
    }

    /// Its UTF-8, the first byte lowest.
    @inline(__always)
    var utf8Bytes: UInt32 {
        if value < 0x80 { return value }
        let last = 0x80 | value & 0x3F
        if value < 0x800 { return 0xC0 | value >> 6 | last << 8 }
        let third = 0x80 | value >> 6 & 0x3F
        if value < 0x1_0000 { return 0xE0 | value >> 12 | third << 8 | last << 16 }
        return 0xF0 | value >> 18 | (0x80 | value >> 12 & 0x3F) << 8 | third << 16 | last << 24
    }
}

extension OutputSpan<Unicode.Scalar> {
    /// Adds the scalars of well-formed UTF-8; the room must be there. O(n).
    mutating func append(utf8 bytes: Span<UInt8>) {
        var index = 0
        while index < bytes.count {
            let (scalar, next) = bytes.scalar(at: index)
            append(scalar)
            index = next
        }
    }
}

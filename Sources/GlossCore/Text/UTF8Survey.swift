/// What stands in well-formed UTF-8, learnt before anything is stored.
///
/// Well-formed is what table 3-7 of the Unicode Standard allows: no overlong forms, no surrogates,
/// nothing beyond U+10FFFF and nothing cut off.
struct UTF8Survey {
    /// How many scalars there are.
    private(set) var count = 0
    /// Every bit that is set in any of the scalars.
    private(set) var union: UInt32 = 0
    /// How many bytes and UTF-16 units there are beyond one a scalar.
    private(set) var surplus = Surplus()

    /// Reads all bytes; `nil` if they are malformed. O(n), runs of ASCII at many bytes a cycle.
    init?(_ bytes: Span<UInt8>) {
        var index = 0
        while index < bytes.count {
            if bytes[index] < 0x80 {
                let end = bytes.endOfASCII(from: index)
                count += end - index
                union |= 0x7F
                index = end
                continue
            }
            guard let scalar = bytes.wellFormedScalar(at: index) else { return nil }
            count += 1
            union |= scalar.value
            surplus.utf8 += scalar.next - index - 1
            surplus.utf16 += Int(scalar.value >> 16 == 0 ? 0 : 1)
            index = scalar.next
        }
    }
}

extension Span<UInt8> {
    /// Where the run of ASCII ends that an index lies in.
    func endOfASCII(from start: Int) -> Int {
        var index = start
        while index + 128 <= count, isASCII(index..<index + 128) { index += 128 }
        while index < count, self[index] < 0x80 { index += 1 }
        return index
    }

    private func isASCII(_ range: Range<Int>) -> Bool {
        var union: UInt8 = 0
        extracting(range).forEach { union |= $0 }
        return union < 0x80
    }

    /// The scalar of two bytes or more that begins at an index, and where the next one begins;
    /// `nil` if there is none.
    @inline(__always)
    package func wellFormedScalar(at index: Int) -> (value: UInt32, next: Int)? {
        let lead = UInt32(self[index])
        guard lead >= 0xC2, let second = continuation(at: index + 1) else { return nil }
        if lead < 0xE0 { return ((lead & 0x1F) << 6 | second, index + 2) }
        guard let third = continuation(at: index + 2) else { return nil }
        if lead < 0xF0 {
            let value = (lead & 0x0F) << 12 | second << 6 | third
            return value >= 0x800 && value & 0xF800 != 0xD800 ? (value, index + 3) : nil
        }
        guard lead < 0xF5, let fourth = continuation(at: index + 3) else { return nil }
        let value = (lead & 0x07) << 18 | second << 12 | third << 6 | fourth
        return value >= 0x1_0000 && value <= 0x10_FFFF ? (value, index + 4) : nil
    }

    /// The six bits of a continuation byte, or `nil` if there is none at an index.
    @inline(__always)
    private func continuation(at index: Int) -> UInt32? {
        guard index < count, self[index] & 0xC0 == 0x80 else { return nil }
        return UInt32(self[index] & 0x3F)
    }

    /// The scalar that begins at an index of well-formed UTF-8, and where the next one begins.
    @inline(__always)
    fileprivate func scalar(at index: Int) -> (value: UInt32, next: Int) {
        let lead = UInt32(self[index])
        if lead < 0x80 { return (lead, index + 1) }
        let second = UInt32(self[index + 1] & 0x3F)
        if lead < 0xE0 { return ((lead & 0x1F) << 6 | second, index + 2) }
        let third = UInt32(self[index + 2] & 0x3F)
        if lead < 0xF0 { return ((lead & 0x0F) << 12 | second << 6 | third, index + 3) }
        let fourth = UInt32(self[index + 3] & 0x3F)
        return ((lead & 0x07) << 18 | second << 12 | third << 6 | fourth, index + 4)
    }
}

extension Slab where Element: ScalarUnit {
    /// Adds the scalars of UTF-8 that a survey found well-formed and not wider than a unit. O(n).
    mutating func append(_ bytes: Span<UInt8>, surveyed survey: UTF8Survey) {
        var target = count
        grow(by: survey.count)
        var index = 0
        while index < bytes.count {
            if bytes[index] < 0x80 {
                let end = bytes.endOfASCII(from: index)
                replace(at: target, with: bytes.extracting(index..<end))
                target += end - index
                index = end
            } else {
                let scalar = bytes.scalar(at: index)
                self[target] = Element(truncatingIfNeeded: scalar.value)
                target += 1
                index = scalar.next
            }
        }
    }
}

extension OutputSpan<UInt8> {
    /// Adds scalars as UTF-8; the room must be there. O(n).
    mutating func append<Unit: ScalarUnit>(utf8Of units: Span<Unit>) {
        for index in units.indices { append(utf8Of: UInt32(truncatingIfNeeded: units[index])) }
    }

    @inline(__always)
    private mutating func append(utf8Of value: UInt32) {
        if value < 0x80 {
            append(UInt8(truncatingIfNeeded: value))
        } else if value < 0x800 {
            append(UInt8(truncatingIfNeeded: 0xC0 | value >> 6))
            append(continuation: value)
        } else if value < 0x1_0000 {
            append(UInt8(truncatingIfNeeded: 0xE0 | value >> 12))
            append(continuation: value >> 6)
            append(continuation: value)
        } else {
            append(UInt8(truncatingIfNeeded: 0xF0 | value >> 18))
            append(continuation: value >> 12)
            append(continuation: value >> 6)
            append(continuation: value)
        }
    }

    @inline(__always)
    private mutating func append(continuation value: UInt32) {
        append(UInt8(truncatingIfNeeded: 0x80 | value & 0x3F))
    }
}

/// What stands in well-formed UTF-8, learnt before anything is stored.
///
/// Well-formed is what table 3-7 of the Unicode Standard allows: no overlong forms, no surrogates,
/// nothing beyond U+10FFFF and nothing cut off.
struct UTF8Survey {
    /// How many scalars there are.
    private(set) var count = 0
    /// How many bytes and UTF-16 units there are beyond one a scalar.
    private(set) var surplus = Surplus()

    /// Reads all bytes; `nil` if they are malformed. O(n), runs of ASCII at many bytes a cycle.
    init?(_ bytes: Span<UInt8>) {
        var index = 0
        while index < bytes.count {
            if bytes[index] < 0x80 {
                let end = bytes.endOfASCII(from: index)
                count += end - index
                index = end
                continue
            }
            guard let scalar = bytes.wellFormedScalar(at: index) else { return nil }
            count += 1
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
}

/// A prefix code for a small alphabet: frequent symbols take few bits.
///
/// Codes are canonical, as in DEFLATE (RFC 1951, 3.2.2), so that their lengths say everything; the
/// lengths are those of D. A. Huffman, "A Method for the Construction of Minimum-Redundancy Codes"
/// (1952), with the frequencies halved until none is longer than ``maxLength``.
struct PrefixCode {
    /// No code is longer.
    static let maxLength = 11

    /// The length of each symbol's code; 0 where the symbol does not occur.
    private(set) var lengths: [UInt8]
    /// Each symbol's code, its first bit lowest.
    private(set) var codes: [UInt16]

    /// A code for symbols that occur so often. O(s log s), again for each time they are halved.
    init(frequencies: [Int]) {
        var frequencies = frequencies
        lengths = PrefixCode.lengths(for: frequencies)
        while (lengths.max() ?? 0) > PrefixCode.maxLength {
            for symbol in frequencies.indices where frequencies[symbol] > 0 {
                frequencies[symbol] = (frequencies[symbol] + 1) / 2
            }
            lengths = PrefixCode.lengths(for: frequencies)
        }
        codes = PrefixCode.codes(lengths)
    }

    /// The code of the given lengths, or `nil` unless every sequence of bits means something. A
    /// single symbol has a code of one bit, and then either bit stands for it.
    init?(lengths: [UInt8]) {
        var space = 0
        var used = 0
        for length in lengths where length > 0 {
            guard length <= PrefixCode.maxLength else { return nil }
            space += 1 << (PrefixCode.maxLength - Int(length))
            used += 1
        }
        guard space == 1 << PrefixCode.maxLength || (used == 1 && lengths.contains(1)) else {
            return nil
        }
        self.lengths = lengths
        codes = PrefixCode.codes(lengths)
    }

    private static func lengths(for frequencies: [Int]) -> [UInt8] {
        var lengths = [UInt8](repeating: 0, count: frequencies.count)
        let used = frequencies.indices.filter { frequencies[$0] > 0 }
        if used.count == 1 { lengths[used[0]] = 1 }
        guard used.count > 1 else { return lengths }
        // Leaves come first, then the nodes in the order they are made, whose weights ascend.
        let leaves = used.sorted { (frequencies[$0], $0) < (frequencies[$1], $1) }
        var weights = leaves.map { frequencies[$0] }
        var parents = [Int](repeating: 0, count: 2 * leaves.count - 1)
        var leaf = 0
        var node = leaves.count
        while weights.count < parents.count {
            var weight = 0
            for _ in 0..<2 {
                let takesLeaf =
                    leaf < leaves.count && (node >= weights.count || weights[leaf] <= weights[node])
                let child = takesLeaf ? leaf : node
                if takesLeaf { leaf += 1 } else { node += 1 }
                weight += weights[child]
                parents[child] = weights.count
            }
            weights.append(weight)
        }
        var depths = [Int](repeating: 0, count: parents.count)
        for place in (0..<parents.count - 1).reversed() {
            depths[place] = depths[parents[place]] + 1
        }
        for (place, symbol) in leaves.enumerated() {
            lengths[symbol] = UInt8(truncatingIfNeeded: min(depths[place], 255))
        }
        return lengths
    }

    private static func codes(_ lengths: [UInt8]) -> [UInt16] {
        var codes = [UInt16](repeating: 0, count: lengths.count)
        let used = lengths.indices.filter { lengths[$0] > 0 }
        var next: UInt16 = 0
        for length in 1...UInt8(maxLength) {
            next <<= 1
            for symbol in used where lengths[symbol] == length {
                codes[symbol] = reversed(next, length)
                next += 1
            }
        }
        return codes
    }

    /// The lowest `length` bits of a code the other way round.
    private static func reversed(_ code: UInt16, _ length: UInt8) -> UInt16 {
        var rest = code
        var reversed: UInt16 = 0
        for _ in 0..<length {
            reversed = reversed << 1 | rest & 1
            rest >>= 1
        }
        return reversed
    }
}

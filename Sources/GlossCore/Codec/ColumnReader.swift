/// Reads a column that ``ColumnWriter`` wrote.
///
/// A symbol is found in one look-up by the next ``PrefixCode/maxLength`` bits at most. All that is
/// kept of the bits is where the next one stands: loading the word there each time leaves registers
/// for a second column, and waits for less than filling up a word does. Whoever reads on behind the column's end gets numbers made of what
/// follows there; ``finish(_:)`` tells whether any were.
struct ColumnReader: ~Copyable {
    /// How many numbers the column has.
    private(set) var count = 0
    /// For the next bits, in a byte each from the lowest on: how many of them the number takes in
    /// all, how many of these its code, how many follow that; in the highest byte whether a top bit
    /// belongs above those, and the tag above that bit.
    private var table = Slab<UInt32>()
    private var mask: UInt64 = 0
    /// Where the column's bits end.
    private var end = 0
    /// Where the bits begin.
    private(set) var start = BitCursor()
    /// Whether some number may have more than ``narrowBits`` bits.
    private(set) var isWide = false
    /// How many of the bits loaded at once may be used up with a number still among the rest.
    private var slack: UInt64 = 0

    /// A place among the bits of a column. A value of its own, so that a loop keeps it in a register.
    struct BitCursor: BitwiseCopyable {
        /// How many bits of the file lie before it.
        fileprivate var bit = 0

        fileprivate static let loadedCount = 57

        /// The next ``loadedCount`` bits, the first lowest, or zeros at the end of the file.
        @inline(__always)
        fileprivate func bits(of bytes: Span<UInt8>) -> UInt64 {
            bytes.wordOrZero(at: bit &>> 3) &>> UInt64(truncatingIfNeeded: bit & 7)
        }

        @inline(__always)
        fileprivate mutating func take(_ count: UInt64) {
            bit &+= Int(truncatingIfNeeded: count)
        }
    }

    /// Takes a column's head; the bits are passed over, to be read with ``next(_:_:)``.
    ///
    /// Every number takes a bit at least, so that what follows from their count is bounded by the
    /// bytes there are.
    ///
    /// - Parameter isWide: whether numbers may have more than ``narrowBits`` bits; if some do, they are
    ///   to be read with ``nextWide(_:_:)``.
    init(
        _ reader: inout ByteReader, tagCount: Int = 1, isWide: Bool = false
    ) throws(CodecError) {
        count = try reader.count(upTo: reader.remaining * 8)
        if count == 0 {
            // Whoever reads all the same gets zeros, which take no bits.
            table.append(0)
            return
        }
        var lengths: [UInt8] = []
        for tag in 0..<tagCount {
            let classes = try reader.count(
                upTo: isWide ? ColumnWriter.classCount : ColumnReader.narrowBits + 1)
            for index in stride(from: 0, to: classes, by: 2) {
                let byte = try reader.byte()
                lengths.append(byte & 15)
                if index + 1 < classes {
                    lengths.append(byte >> 4)
                } else if byte > 15 {
                    throw .damaged("a column's code is wrong")
                }
            }
            while lengths.count < (tag + 1) * ColumnWriter.classCount { lengths.append(0) }
        }
        guard let code = PrefixCode(lengths: lengths) else {
            throw .damaged("a column's code is wrong")
        }
        let bits = try reader.part(try reader.count(upTo: reader.remaining))
        guard count <= bits.count * 8 else { throw .damaged("a column is too short") }
        self.isWide = code.lengths.indices.contains {
            code.lengths[$0] > 0 && $0 % ColumnWriter.classCount > ColumnReader.narrowBits
        }
        start.bit = bits.lowerBound * 8
        end = bits.upperBound
        fillTable(code)
    }

    private mutating func fillTable(_ code: PrefixCode) {
        let width = Int(code.lengths.max() ?? 1)
        mask = 1 << UInt64(width) - 1
        slack = UInt64(BitCursor.loadedCount)
        table.append(repeating: 0, count: 1 << width)
        for symbol in code.lengths.indices where code.lengths[symbol] > 0 {
            let length = Int(code.lengths[symbol])
            let bits = symbol % ColumnWriter.classCount
            let extra = max(0, bits - 1)
            slack = min(slack, UInt64(max(0, BitCursor.loadedCount - length - extra)))
            let entry =
                UInt32(length + extra) | UInt32(length) << 8 | UInt32(extra) << 16
                | (bits > 0 ? 1 : 0) << 24 | UInt32(symbol / ColumnWriter.classCount) << 25
            for index in stride(from: Int(code.codes[symbol]), to: 1 << width, by: 1 << length) {
                table[index] = entry
            }
            // A lone symbol answers to either bit.
            if width == 1, code.lengths.count(where: { $0 > 0 }) == 1 { table[1] = entry }
        }
    }

    /// Numbers of most columns have no more bits, so that a word holds one with its code.
    static let narrowBits = 45

    /// The next number and its tag. O(1).
    ///
    /// - Parameters:
    ///   - cursor: ``start``, then as the last call left it.
    ///   - bytes: all bytes of the file.
    @inline(__always)
    func next(_ cursor: inout BitCursor, _ bytes: Span<UInt8>) -> (value: UInt64, tag: Int) {
        let bits = cursor.bits(of: bytes)
        let entry = entry(for: bits)
        cursor.take(entry & 0xFF)
        return number(entry, bits)
    }

    /// The next two numbers and their tags, in less time than one after the other: bits are loaded
    /// once for both, unless the first takes many. O(1).
    @inline(__always)
    func nextPair(
        _ cursor: inout BitCursor, _ bytes: Span<UInt8>
    ) -> (first: (value: UInt64, tag: Int), second: (value: UInt64, tag: Int)) {
        var bits = cursor.bits(of: bytes)
        let firstEntry = entry(for: bits)
        let first = number(firstEntry, bits)
        let used = firstEntry & 0xFF
        cursor.take(used)
        if used <= slack { bits = bits &>> used } else { bits = cursor.bits(of: bytes) }
        let secondEntry = entry(for: bits)
        cursor.take(secondEntry & 0xFF)
        return (first, number(secondEntry, bits))
    }

    @inline(__always)
    private func entry(for bits: UInt64) -> UInt64 {
        UInt64(table[Int(truncatingIfNeeded: bits & mask)])
    }

    @inline(__always)
    private func number(_ entry: UInt64, _ bits: UInt64) -> (value: UInt64, tag: Int) {
        // Shifts take the lowest six bits of a byte by themselves.
        let hasTop = entry &>> 24 & 1
        let top = hasTop &<< (entry &>> 16)
        let value = bits &>> (entry &>> 8) & (top &- hasTop) | top
        return (value, Int(truncatingIfNeeded: entry &>> 25))
    }

    /// The next number of any size. O(1).
    func nextWide(_ cursor: inout BitCursor, _ bytes: Span<UInt8>) -> UInt64 {
        let entry = table[Int(truncatingIfNeeded: cursor.bits(of: bytes) & mask)]
        let extra = UInt64(entry >> 16 & 0xFF)
        cursor.take(UInt64(entry >> 8 & 0xFF))
        let lowCount = min(extra, 32)
        let low = cursor.bits(of: bytes) & (1 << lowCount - 1)
        cursor.take(lowCount)
        let high = cursor.bits(of: bytes) & (1 << (extra - lowCount) - 1)
        cursor.take(extra - lowCount)
        return low | high << lowCount | UInt64(entry >> 24 & 1) << extra
    }

    /// The next number, if it is not above `limit`.
    func next(
        _ cursor: inout BitCursor, _ bytes: Span<UInt8>, upTo limit: Int
    ) throws(CodecError) -> Int {
        let value = next(&cursor, bytes).value
        guard limit >= 0, value <= UInt64(limit) else { throw .damaged("a number is out of range") }
        return Int(value)
    }

    /// Throws unless exactly the column's bytes were used up.
    func finish(_ cursor: BitCursor) throws(CodecError) {
        let isRight =
            count == 0
            ? cursor.bit == start.bit : cursor.bit <= end * 8 && cursor.bit > (end - 1) * 8
        guard isRight else {
            throw .damaged("a column has another length")
        }
    }
}

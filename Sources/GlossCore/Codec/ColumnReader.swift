/// Reads a column that ``ColumnWriter`` wrote.
///
/// A symbol is found in one look-up by the next ``PrefixCode/maxLength`` bits at most. Bits are
/// taken from a word that is filled up without branching, after Fabian Giesen, "Reading bits in far
/// too many ways, part 2" (2018). Behind the end there are zeros; ``finish()`` tells whether any
/// were taken.
struct ColumnReader: ~Copyable {
    /// How many numbers the column has.
    private(set) var count = 0
    /// For the next bits: the code's length, how many bits follow it, whether a top bit belongs
    /// above those, and the tag.
    private var table = Slab<UInt32>()
    private var mask: UInt64 = 0
    private var buffer: UInt64 = 0
    private var bufferCount = 0
    /// Where the next byte to fill up from stands.
    private var position = 0
    private var end = 0

    /// Takes a column's head; the bits are passed over, to be read with ``next(_:)``.
    ///
    /// Every number takes a bit at least, so that what follows from their count is bounded by the
    /// bytes there are.
    init(_ reader: inout ByteReader, tagCount: Int = 1) throws(CodecError) {
        count = try reader.count(upTo: reader.remaining * 8)
        if count == 0 {
            // Whoever reads all the same finds zeros until ``finish()``.
            table.append(0)
            return
        }
        var lengths: [UInt8] = []
        for tag in 0..<tagCount {
            let classes = try reader.count(upTo: ColumnWriter.classCount)
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
        position = bits.lowerBound
        end = bits.upperBound
        fillTable(code)
    }

    private mutating func fillTable(_ code: PrefixCode) {
        let width = Int(code.lengths.max() ?? 1)
        mask = 1 << UInt64(width) - 1
        table.append(repeating: 0, count: 1 << width)
        for symbol in code.lengths.indices where code.lengths[symbol] > 0 {
            let length = Int(code.lengths[symbol])
            let bits = symbol % ColumnWriter.classCount
            let entry =
                UInt32(length) | UInt32(max(0, bits - 1)) << 4 | (bits > 0 ? 1 : 0) << 10
                | UInt32(symbol / ColumnWriter.classCount) << 11
            for index in stride(from: Int(code.codes[symbol]), to: 1 << width, by: 1 << length) {
                table[index] = entry
            }
            // A lone symbol answers to either bit.
            if width == 1, code.lengths.count(where: { $0 > 0 }) == 1 { table[1] = entry }
        }
    }

    /// The next number and its tag. O(1).
    ///
    /// - Parameter bytes: all bytes of the file.
    @inline(__always)
    mutating func next(_ bytes: Span<UInt8>) -> (value: UInt64, tag: Int) {
        fill(bytes)
        let entry = table[Int(truncatingIfNeeded: buffer & mask)]
        let length = UInt64(entry & 15)
        let extra = UInt64(entry >> 4 & 63)
        let top = UInt64(entry >> 10 & 1)
        let tag = Int(entry >> 11)
        if extra > 44 { return (longNumber(bytes, length: length, extra: extra), tag) }
        let rest = buffer &>> length & ((1 as UInt64) &<< extra &- 1)
        buffer = buffer &>> (length &+ extra)
        bufferCount &-= Int(truncatingIfNeeded: length &+ extra)
        return (rest | top &<< extra, tag)
    }

    @inline(never)
    private mutating func longNumber(
        _ bytes: Span<UInt8>, length: UInt64, extra: UInt64
    ) -> UInt64 {
        take(length)
        fill(bytes)
        let low = buffer & 0xFFFF_FFFF
        take(32)
        fill(bytes)
        let high = buffer & ((1 as UInt64) &<< (extra - 32) &- 1)
        take(extra - 32)
        return low | high << 32 | 1 << extra
    }

    private mutating func take(_ bits: UInt64) {
        buffer = buffer &>> bits
        bufferCount -= Int(bits)
    }

    @inline(__always)
    private mutating func fill(_ bytes: Span<UInt8>) {
        if position &+ 8 <= bytes.count {
            buffer |= bytes.word(at: position) &<< UInt64(truncatingIfNeeded: bufferCount)
        }
        position &+= (63 &- bufferCount) &>> 3
        bufferCount |= 56
    }

    /// The next number, if it is not above `limit`.
    mutating func next(_ bytes: Span<UInt8>, upTo limit: Int) throws(CodecError) -> Int {
        let value = next(bytes).value
        guard limit >= 0, value <= UInt64(limit) else { throw .damaged("a number is out of range") }
        return Int(value)
    }

    /// Throws unless exactly the column's bytes were used up.
    func finish() throws(CodecError) {
        let used = position * 8 - bufferCount
        let isRight =
            count == 0 ? bufferCount == 0 : used <= end * 8 && used > (end - 1) * 8
        guard isRight else {
            throw .damaged("a column has another length")
        }
    }
}

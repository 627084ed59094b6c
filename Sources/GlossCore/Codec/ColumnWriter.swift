/// A column of numbers of one kind, packed to the bit.
///
/// A number with b significant bits is written as a symbol for b, in a ``PrefixCode`` made for the
/// column, and the b - 1 bits below the top one: Elias' gamma code with a better unary part. A
/// symbol may carry a small tag as well.
///
/// Stored as: how many numbers (LEB128); if any, for each tag how many code lengths follow and these
/// in half bytes, the first lower; how many bytes the bits take (LEB128); the bits.
struct ColumnWriter: ~Copyable {
    /// How many symbols a tag has: numbers of 0 to 64 bits.
    static let classCount = 65

    private let tagCount: Int
    private var values = Slab<UInt64>()
    private var symbols = Slab<UInt16>()

    /// A column whose numbers carry tags below `tagCount`.
    init(tagCount: Int = 1) {
        self.tagCount = tagCount
    }

    /// How many numbers there are.
    var count: Int { values.count }

    /// Makes room for so many numbers.
    mutating func reserve(_ count: Int) {
        values.reserve(count)
        symbols.reserve(count)
    }

    /// Adds a number.
    @inline(__always)
    mutating func append(_ value: UInt64, tag: Int = 0) {
        values.append(value)
        symbols.append(ColumnWriter.symbol(value, tag))
    }

    private static func symbol(_ value: UInt64, _ tag: Int) -> UInt16 {
        let bits = 64 &- value.leadingZeroBitCount
        return UInt16(truncatingIfNeeded: tag &* ColumnWriter.classCount &+ bits)
    }

    /// Adds zeros, for ``set(_:tag:at:)``.
    mutating func grow(by added: Int) {
        values.grow(by: added)
        symbols.grow(by: added)
    }

    /// Gives a number another value, and its tag.
    @inline(__always)
    mutating func set(_ value: UInt64, tag: Int = 0, at index: Int) {
        values[index] = value
        symbols[index] = ColumnWriter.symbol(value, tag)
    }

    /// Gives the last numbers up, down to `remaining`.
    mutating func truncate(to remaining: Int) {
        values.truncate(to: remaining)
        symbols.truncate(to: remaining)
    }

    /// Adds a number that is not negative.
    @inline(__always)
    mutating func append(_ value: Int, tag: Int = 0) {
        append(UInt64(truncatingIfNeeded: value), tag: tag)
    }

    /// Writes the column. O(n).
    func write(to writer: inout ByteWriter) {
        writer.append(count: values.count)
        if values.count == 0 { return }
        var counts = Slab<Int>()
        counts.append(repeating: 0, count: tagCount * ColumnWriter.classCount)
        for index in 0..<symbols.count { counts[Int(symbols[index])] += 1 }
        let frequencies = (0..<counts.count).map { counts[$0] }
        let code = PrefixCode(frequencies: frequencies)
        writeLengths(of: code, to: &writer)
        var bitCount = 0
        var steps = Slab<Step>()
        for symbol in frequencies.indices {
            let extra = max(0, symbol % ColumnWriter.classCount - 1)
            bitCount += frequencies[symbol] * (Int(code.lengths[symbol]) + extra)
            steps.append(
                Step(code: code.codes[symbol], length: code.lengths[symbol], extra: UInt8(extra)))
        }
        writer.append(count: (bitCount + 7) / 8)
        writeBits(bitCount, steps, to: &writer)
    }

    /// How a symbol is written.
    struct Step: BitwiseCopyable {
        var code: UInt16
        var length: UInt8
        var extra: UInt8
    }

    private func writeBits(
        _ bitCount: Int, _ steps: borrowing Slab<Step>, to writer: inout ByteWriter
    ) {
        writer.append(bits: bitCount) { write in
            for index in 0..<values.count {
                let step = steps[Int(symbols[index])]
                let extra = Int(step.extra)
                let rest = values[index] & ((1 as UInt64) &<< UInt64(extra) &- 1)
                if extra <= 44 {
                    write(
                        UInt64(step.code) | rest &<< UInt64(step.length), Int(step.length) &+ extra)
                } else {
                    write(UInt64(step.code), Int(step.length))
                    write(rest & 0xFFFF_FFFF, 32)
                    write(rest &>> 32, extra - 32)
                }
            }
        }
    }

    private func writeLengths(of code: PrefixCode, to writer: inout ByteWriter) {
        for tag in 0..<tagCount {
            let first = tag * ColumnWriter.classCount
            let lengths = code.lengths[first..<first + ColumnWriter.classCount]
            let count = (lengths.lastIndex { $0 > 0 } ?? first - 1) + 1 - first
            writer.append(byte: UInt8(count))
            for index in stride(from: first, to: first + count, by: 2) {
                let high = index + 1 < first + count ? code.lengths[index + 1] : 0
                writer.append(byte: code.lengths[index] | high << 4)
            }
        }
    }
}

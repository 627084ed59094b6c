/// Bytes being put together: fixed-width integers least significant byte first, variable-length ones
/// in LEB128 (7 bits a byte, the lowest first, the top bit set on all but the last).
struct ByteWriter: ~Copyable {
    private(set) var bytes = Slab<UInt8>()

    /// How many bytes there are.
    var count: Int { bytes.count }

    /// The bytes as an array. O(n).
    func array() -> [UInt8] {
        [UInt8](capacity: bytes.count) { bytes.append(0..<bytes.count, to: &$0) }
    }

    /// How many bytes it has taken from the system.
    var byteCount: Int { bytes.byteCount }

    /// Gives the room back that no byte takes. O(n).
    mutating func shrink() { bytes.shrink() }

    /// Gives the bytes up; the room for them stays.
    mutating func removeAll() { bytes.truncate(to: 0) }

    mutating func append(byte: UInt8) { bytes.append(byte) }

    /// Adds zeros.
    mutating func append(zeros count: Int) { bytes.append(repeating: 0, count: count) }

    /// Adds 8 bytes.
    mutating func append(word: UInt64) {
        let start = bytes.count
        bytes.grow(by: 8)
        bytes.store(word, at: start)
    }

    /// Adds an integer in 1 to 10 bytes.
    mutating func append(varint value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// Adds a number that is not negative in 1 to 9 bytes.
    mutating func append(count: Int) { append(varint: UInt64(count)) }

    /// Adds a text: its length in bytes, then its UTF-8.
    mutating func append(_ text: String) {
        append(count: text.utf8.count)
        bytes.append(contentsOf: text.utf8.span)
    }

    /// Adds a text, or that there is none.
    mutating func append(_ text: String?) {
        append(byte: text == nil ? 0 : 1)
        if let text { append(text) }
    }

    /// Adds the bytes of another writer.
    mutating func append(contentsOf other: borrowing ByteWriter) {
        other.bytes.withSpan(of: 0..<other.count) { bytes.append(contentsOf: $0) }
    }

    /// Adds the UTF-8 of a text: its length, then its bytes. O(n).
    mutating func append(_ text: borrowing TextBuffer) {
        append(count: text.utf8Count)
        bytes.append(upTo: text.utf8Count) { text.write(0..<text.count, to: &$0) }
    }

    /// Adds the UTF-8 of all scalars of a log: its length, then its bytes. O(n).
    mutating func append(_ scalars: borrowing ScalarArena) {
        let count = scalars.count + scalars.surplus(of: 0..<scalars.count).utf8
        append(count: count)
        bytes.append(upTo: count) { scalars.write(0..<scalars.count, to: &$0) }
    }

    /// Makes room for so many bytes.
    mutating func reserve(_ count: Int) { bytes.reserve(count) }

    /// Adds bytes.
    mutating func append(contentsOf array: [UInt8]) { bytes.append(contentsOf: array.span) }

    /// Adds values below `1 << length` one behind the other, the lowest bits first, and zeros up to
    /// the next byte.
    ///
    /// - Parameters:
    ///   - bitCount: how many bits they take together.
    ///   - body: hands over each value and its length, at most 56.
    mutating func append(bits bitCount: Int, _ body: ((UInt64, Int) -> Void) -> Void) {
        let start = bytes.count
        bytes.grow(by: bitCount / 8 + 9)
        var position = start
        var pending: UInt64 = 0
        var pendingCount = 0
        body { value, length in
            pending |= value &<< UInt64(truncatingIfNeeded: pendingCount)
            pendingCount &+= length
            bytes.store(pending, at: position)
            position &+= pendingCount &>> 3
            pending = pending &>> UInt64(truncatingIfNeeded: pendingCount & ~7)
            pendingCount &= 7
        }
        bytes.truncate(to: start + (bitCount + 7) / 8)
    }

    /// The checksum of everything so far.
    func checksum() -> UInt64 {
        bytes.withSpan(of: 0..<bytes.count) { XXHash64.hash($0) }
    }
}

/// Signed numbers as unsigned ones, small ones staying small: 0, -1, 1, -2, 2 and so on.
enum ZigZag {
    @inline(__always)
    static func encode(_ value: Int) -> UInt64 {
        UInt64(bitPattern: Int64(value)) &<< 1 ^ UInt64(bitPattern: Int64(value &>> 63))
    }

    @inline(__always)
    static func decode(_ value: UInt64) -> Int {
        Int(truncatingIfNeeded: value &>> 1) ^ (0 &- Int(truncatingIfNeeded: value & 1))
    }
}

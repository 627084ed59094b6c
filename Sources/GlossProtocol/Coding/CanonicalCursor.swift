import GlossCore

/// What a cursor throws where the bytes are not what was expected. It says nothing about why.
struct Unexpected: Error {}

/// A place in the bytes of canonical JSON, moved on by saying what stands there.
struct CanonicalCursor: ~Copyable {
    private let bytes: [UInt8]
    private var index = 0

    /// The start of `bytes`.
    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Whether everything has been read.
    var isAtEnd: Bool { index == bytes.count }

    /// The byte that far on, or 0 behind the end.
    func peek(_ offset: Int = 0) -> UInt8 {
        index + offset < bytes.count ? bytes[index + offset] : 0
    }

    /// Goes on if `text` stands here.
    @inline(__always)
    mutating func accepts(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        if bytes.count - index < count { return false }
        for offset in 0..<count where bytes[index + offset] != text.utf8Start[offset] {
            return false
        }
        index += count
        return true
    }

    /// Goes on behind `text`, which must stand here.
    @inline(__always)
    mutating func expect(_ text: StaticString) throws(Unexpected) {
        if !accepts(text) { throw Unexpected() }
    }

    /// Whether a list goes on with another element; else goes on behind it.
    mutating func listGoesOn() throws(Unexpected) -> Bool {
        if accepts(",") { return true }
        try expect("]")
        return false
    }

    /// An integer in `range`, which has nothing negative.
    mutating func integer(in range: ClosedRange<Int>) throws(Unexpected) -> Int {
        var end = index
        var value = 0
        while end < bytes.count {
            let digit = bytes[end] &- UInt8(ascii: "0")
            if digit > 9 { break }
            value = value &* 10 &+ Int(digit)
            end += 1
        }
        let count = end - index
        let isSpelledRight = count == 1 || count > 1 && bytes[index] != UInt8(ascii: "0")
        if !isSpelledRight || count > 16 || !range.contains(value) { throw Unexpected() }
        index = end
        return value
    }

    /// 16 lower-case hex digits.
    mutating func hex() throws(Unexpected) -> UInt64 {
        if bytes.count - index < 16 { throw Unexpected() }
        guard let high = HexWord.value(of: word(at: index)),
            let low = HexWord.value(of: word(at: index + 8))
        else { throw Unexpected() }
        index += 16
        return high << 32 | low
    }

    /// Eight bytes, the first of them the most significant. Bounds are checked.
    private func word(at index: Int) -> UInt64 {
        let word = bytes.span.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
        return UInt64(bigEndian: word)
    }
}

extension CanonicalCursor {
    /// A string of at most `limit` bytes, escapes undone.
    mutating func string(limit: Int) throws(Unexpected) -> String {
        var text = ""
        if let plain = plainString {
            text = plain
            index += plain.utf8.count + 2
        } else {
            text.unicodeScalars.append(contentsOf: try scalars())
        }
        if text.utf8.count > limit { throw Unexpected() }
        return text
    }

    /// The string that stands here, if there are no escapes in it.
    private var plainString: String? {
        if peek() != UInt8(ascii: "\"") { return nil }
        let start = index + 1
        var end = start
        while end < bytes.count, bytes[end] != UInt8(ascii: "\"") {
            if bytes[end] < 0x20 || bytes[end] == UInt8(ascii: "\\") { return nil }
            end += 1
        }
        if end == bytes.count { return nil }
        guard let text = try? UTF8Span(validating: bytes.span.extracting(start..<end)) else {
            return nil
        }
        return String(copying: text)
    }

    /// The scalar of a string that has one; `nil`, and nothing read, if it has more.
    mutating func onlyScalar() throws(Unexpected) -> Unicode.Scalar? {
        let start = index
        try expect("\"")
        if peek() == UInt8(ascii: "\"") { throw Unexpected() }
        let scalar = try scalar()
        if peek() == UInt8(ascii: "\"") {
            index += 1
            return scalar
        }
        index = start
        return nil
    }

    /// The scalars of a string that is not empty.
    mutating func scalars() throws(Unexpected) -> [Unicode.Scalar] {
        try expect("\"")
        if peek() == UInt8(ascii: "\"") { throw Unexpected() }
        var scalars = [try scalar()]
        if peek() != UInt8(ascii: "\"") {
            let count = scalarsLeft
            scalars.reserveCapacity(1 + count)
        }
        while peek() != UInt8(ascii: "\"") { scalars.append(try scalar()) }
        index += 1
        return scalars
    }

    /// How many scalars the string has from here on, if it is well-formed.
    private var scalarsLeft: Int {
        var count = 0
        var index = index
        while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
            if bytes[index] == UInt8(ascii: "\\") {
                let isLong = index + 1 < bytes.count && bytes[index + 1] == UInt8(ascii: "u")
                index += isLong ? 6 : 2
            } else {
                index += 1
            }
            if index >= bytes.count || bytes[index] & 0xC0 != 0x80 { count += 1 }
        }
        return count
    }

    private mutating func scalar() throws(Unexpected) -> Unicode.Scalar {
        let byte = peek()
        if byte == UInt8(ascii: "\\") { return try escapedScalar() }
        if byte < 0x20 { throw Unexpected() }
        if byte < 0x80 {
            index += 1
            return Unicode.Scalar(byte)
        }
        guard let found = bytes.span.wellFormedScalar(at: index),
            let scalar = Unicode.Scalar(found.value)
        else { throw Unexpected() }
        index = found.next
        return scalar
    }

    /// What an escape stands for, in the one spelling it has.
    private mutating func escapedScalar() throws(Unexpected) -> Unicode.Scalar {
        let byte = peek(1)
        index += 2
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "u"):
            try expect("00")
            guard let value = Hex.parse([peek(), peek(1)], digits: 2), value < 0x20,
                ![0x8, 0x9, 0xA, 0xC, 0xD].contains(value)
            else { throw Unexpected() }
            index += 2
            return Unicode.Scalar(UInt8(value))
        default: throw Unexpected()
        }
    }
}

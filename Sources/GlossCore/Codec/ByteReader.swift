/// Reads what ``ByteWriter`` wrote, and trusts none of it.
struct ByteReader {
    /// All bytes of the file.
    let bytes: [UInt8]
    /// Where the next byte to be read stands.
    private(set) var position: Int
    /// Where what may be read ends.
    let end: Int

    /// A reader of a range of the file.
    init(_ bytes: [UInt8], _ range: Range<Int>) {
        self.bytes = bytes
        position = range.lowerBound
        end = range.upperBound
    }

    /// How many bytes are left.
    var remaining: Int { end - position }

    /// Takes a byte.
    mutating func byte() throws(CodecError) -> UInt8 {
        guard position < end else { throw .damaged("the bytes end too early") }
        position += 1
        return bytes[position - 1]
    }

    /// Takes a byte that is 0 or 1.
    mutating func flag() throws(CodecError) -> Bool {
        switch try byte() {
        case 0: false
        case 1: true
        default: throw .damaged("a flag is neither 0 nor 1")
        }
    }

    /// Takes 8 bytes.
    mutating func word() throws(CodecError) -> UInt64 {
        guard remaining >= 8 else { throw .damaged("the bytes end too early") }
        position += 8
        return bytes.span.word(at: position - 8)
    }

    /// Takes an integer of variable length.
    mutating func varint() throws(CodecError) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let byte = try byte()
            if shift == 63, byte > 1 { throw .damaged("an integer is too long") }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
            if shift > 63 { throw .damaged("an integer is too long") }
        }
    }

    /// Takes a number from 0 to `limit`.
    mutating func count(upTo limit: Int) throws(CodecError) -> Int {
        let value = try varint()
        guard limit >= 0, value <= UInt64(limit) else { throw .damaged("a number is out of range") }
        return Int(value)
    }

    /// Takes the number of things that take at least a byte each.
    mutating func listCount() throws(CodecError) -> Int { try count(upTo: remaining) }

    /// Takes a range of bytes, to be read by itself.
    mutating func part(_ count: Int) throws(CodecError) -> Range<Int> {
        guard count >= 0, count <= remaining else { throw .damaged("the bytes end too early") }
        position += count
        return position - count..<position
    }

    /// Takes a text.
    mutating func text() throws(CodecError) -> String {
        let part = try part(try listCount())
        do throws(UTF8.ValidationError) {
            return String(copying: try UTF8Span(validating: bytes.span.extracting(part)))
        } catch {
            throw .damaged("a text is not UTF-8")
        }
    }

    /// Takes a text, or `nil` where there is none.
    mutating func optionalText() throws(CodecError) -> String? { try flag() ? try text() : nil }

    /// Throws unless everything was read.
    func finish() throws(CodecError) {
        guard position == end else { throw .damaged("there are bytes too many") }
    }
}

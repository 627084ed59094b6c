import GlossCore

/// Writes JSON as bytes, without white space and with as few escapes as JSON allows.
///
/// Commas are its business; keys and their order are the caller's.
public struct JSONWriter {
    /// What has been written.
    public private(set) var bytes: [UInt8] = []
    private var needsComma = false

    /// An empty text.
    public init() {}

    /// Makes room for that many more bytes.
    public mutating func reserve(_ count: Int) {
        bytes.reserveCapacity(bytes.count + count)
    }

    /// Opens an object.
    public mutating func beginObject() { open(UInt8(ascii: "{")) }

    /// Closes the innermost object.
    public mutating func endObject() { close(UInt8(ascii: "}")) }

    /// Opens an array.
    public mutating func beginArray() { open(UInt8(ascii: "[")) }

    /// Closes the innermost array.
    public mutating func endArray() { close(UInt8(ascii: "]")) }

    /// Writes a key; a value must follow.
    public mutating func key(_ key: String) {
        string(key)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    /// Writes a key that needs no escapes; a value must follow.
    mutating func key(plain key: StaticString) {
        let hasComma = needsComma
        bytes.append(addingCapacity: key.utf8CodeUnitCount + 4) { output in
            if hasComma { output.append(UInt8(ascii: ",")) }
            output.append(UInt8(ascii: "\""))
            for index in 0..<key.utf8CodeUnitCount { output.append(key.utf8Start[index]) }
            output.append(UInt8(ascii: "\""))
            output.append(UInt8(ascii: ":"))
        }
        needsComma = false
    }

    /// Writes a string.
    public mutating func string(_ text: String) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { escape($0) }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Writes a string of the given scalars.
    public mutating func string(_ scalars: [Unicode.Scalar]) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        for scalar in scalars {
            if scalar.value < 0x80 {
                escape(UInt8(truncatingIfNeeded: scalar.value))
                continue
            }
            for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter { escape(byte) }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Writes a string of 16 hex digits.
    mutating func string(hex value: UInt64) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        append(hex: value)
        bytes.append(UInt8(ascii: "\""))
    }

    /// Writes an id as a string.
    mutating func string(_ id: OpID) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        append(hex: id.agent.rawValue)
        bytes.append(UInt8(ascii: ":"))
        append(id.seq)
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func append(hex value: UInt64) {
        let high = HexWord.digits(of: value >> 32)
        let low = HexWord.digits(of: value & 0xFFFF_FFFF)
        bytes.append(addingCapacity: 16) { output in
            for index in 0..<8 {
                output.append(UInt8(truncatingIfNeeded: high >> UInt64(56 - 8 * index)))
            }
            for index in 0..<8 {
                output.append(UInt8(truncatingIfNeeded: low >> UInt64(56 - 8 * index)))
            }
        }
    }

    /// Writes an integer.
    public mutating func integer(_ value: Int) {
        separate()
        append(value)
    }

    /// Writes `true` or `false`.
    public mutating func bool(_ value: Bool) {
        separate()
        bytes.append(contentsOf: (value ? "true" : "false").utf8)
    }

    /// Writes `null`.
    public mutating func null() {
        separate()
        bytes.append(contentsOf: "null".utf8)
    }

    /// Writes a value that is JSON already, as it stands.
    public mutating func raw(_ json: [UInt8]) {
        separate()
        bytes.append(contentsOf: json)
    }

    /// Writes a value with the keys of objects in ascending byte order: the canonical form.
    public mutating func canonical(_ value: JSONValue) {
        switch value {
        case .null: null()
        case .bool(let value): bool(value)
        case .integer(let value): integer(value)
        case .string(let text): string(text)
        case .array(let values):
            beginArray()
            for value in values { canonical(value) }
            endArray()
        case .object(let object):
            beginObject()
            for member in Self.sorted(object.members) {
                key(member.key)
                canonical(member.value)
            }
            endObject()
        }
    }

    /// The canonical form of a value.
    public static func canonicalBytes(_ value: JSONValue) -> [UInt8] {
        var writer = JSONWriter()
        writer.canonical(value)
        return writer.bytes
    }

    /// Members in ascending order of keys; nearly always they are already.
    private static func sorted(_ members: [JSONObject.Member]) -> [JSONObject.Member] {
        let isSorted = zip(members, members.dropFirst()).allSatisfy {
            $0.key.utf8.lexicographicallyPrecedes($1.key.utf8)
        }
        if isSorted { return members }
        return members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    }

    private mutating func append(_ value: Int) {
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        var rest = value.magnitude
        if rest < 10 { return bytes.append(UInt8(ascii: "0") + UInt8(rest)) }
        bytes.append(addingCapacity: 20) { output in
            var count = 1
            var limit: UInt = 10
            while count < 19, rest >= limit {
                count += 1
                limit *= 10
            }
            output.append(repeating: 0, count: count)
            for index in stride(from: count - 1, through: 0, by: -1) {
                output[index] = UInt8(ascii: "0") + UInt8(rest % 10)
                rest /= 10
            }
        }
    }

    private mutating func open(_ byte: UInt8) {
        separate()
        bytes.append(byte)
        needsComma = false
    }

    private mutating func close(_ byte: UInt8) {
        bytes.append(byte)
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    /// Copies stretches that need no escape as they are.
    private mutating func escape(_ text: UnsafeBufferPointer<UInt8>) {
        var start = 0
        for (index, byte) in text.enumerated() {
            let isPlain = byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
            if isPlain { continue }
            bytes.append(contentsOf: text[start..<index])
            escape(byte)
            start = index + 1
        }
        bytes.append(contentsOf: text[start...])
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"):
            bytes.append(UInt8(ascii: "\\"))
            bytes.append(byte)
        case 0x20...: bytes.append(byte)
        case 0x08: bytes.append(contentsOf: "\\b".utf8)
        case 0x09: bytes.append(contentsOf: "\\t".utf8)
        case 0x0A: bytes.append(contentsOf: "\\n".utf8)
        case 0x0C: bytes.append(contentsOf: "\\f".utf8)
        case 0x0D: bytes.append(contentsOf: "\\r".utf8)
        default:
            let digits = String(byte, radix: 16)
            bytes.append(contentsOf: (byte < 0x10 ? "\\u000" : "\\u00").utf8)
            bytes.append(contentsOf: digits.utf8)
        }
    }
}

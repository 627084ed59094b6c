/// Reads one JSON text, strictly.
///
/// Takes any white space JSON allows, but no duplicate keys, no numbers other than integers below
/// 2^53, no lone surrogates and no more depth than told.
///
/// - Complexity: O(bytes), and O(n log n) in the number of keys of one object.
public struct JSONParser {
    private let bytes: [UInt8]
    private let maximumDepth: Int
    private var index = 0
    private var depth = 0

    private init(bytes: [UInt8], maximumDepth: Int) {
        self.bytes = bytes
        self.maximumDepth = maximumDepth
    }

    /// The value that `bytes` spell.
    public static func parse(
        _ bytes: [UInt8], depth: Int = WireLimits.depth
    ) throws(JSONError) -> JSONValue {
        var parser = JSONParser(bytes: bytes, maximumDepth: depth)
        parser.skipSpace()
        let value = try parser.value()
        parser.skipSpace()
        if parser.index < bytes.count { throw JSONError(.trailingBytes, at: parser.index) }
        return value
    }

    private mutating func skipSpace() {
        while index < bytes.count {
            switch bytes[index] {
            case 0x20, 0x09, 0x0A, 0x0D: index += 1
            default: return
            }
        }
    }

    private func peek() throws(JSONError) -> UInt8 {
        if index >= bytes.count { throw JSONError(.unexpectedEnd, at: index) }
        return bytes[index]
    }

    private mutating func value() throws(JSONError) -> JSONValue {
        switch try peek() {
        case UInt8(ascii: "{"): return .object(try object())
        case UInt8(ascii: "["): return .array(try array())
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            return .integer(try integer())
        case UInt8(ascii: "t"):
            try word("true")
            return .bool(true)
        case UInt8(ascii: "f"):
            try word("false")
            return .bool(false)
        case UInt8(ascii: "n"):
            try word("null")
            return .null
        default: throw JSONError(.unexpectedByte, at: index)
        }
    }

    private mutating func word(_ word: StaticString) throws(JSONError) {
        for offset in 0..<word.utf8CodeUnitCount {
            if try peek() != word.utf8Start[offset] {
                throw JSONError(.unexpectedByte, at: index)
            }
            index += 1
        }
    }

    private mutating func enter() throws(JSONError) {
        depth += 1
        if depth > maximumDepth { throw JSONError(.tooDeep, at: index) }
        index += 1
    }

    private mutating func array() throws(JSONError) -> [JSONValue] {
        try enter()
        var values: [JSONValue] = []
        skipSpace()
        if try peek() == UInt8(ascii: "]") {
            index += 1
            depth -= 1
            return values
        }
        while true {
            skipSpace()
            values.append(try value())
            skipSpace()
            switch try peek() {
            case UInt8(ascii: ","): index += 1
            case UInt8(ascii: "]"):
                index += 1
                depth -= 1
                return values
            default: throw JSONError(.unexpectedByte, at: index)
            }
        }
    }

    private mutating func object() throws(JSONError) -> JSONObject {
        let start = index
        try enter()
        var members: [JSONObject.Member] = []
        skipSpace()
        var closed = try peek() == UInt8(ascii: "}")
        if closed { index += 1 }
        while !closed {
            skipSpace()
            if try peek() != UInt8(ascii: "\"") { throw JSONError(.unexpectedByte, at: index) }
            let key = try string()
            skipSpace()
            if try peek() != UInt8(ascii: ":") { throw JSONError(.unexpectedByte, at: index) }
            index += 1
            skipSpace()
            members.append(JSONObject.Member(key: key, value: try value()))
            skipSpace()
            switch try peek() {
            case UInt8(ascii: ","): index += 1
            case UInt8(ascii: "}"):
                index += 1
                closed = true
            default: throw JSONError(.unexpectedByte, at: index)
            }
        }
        if Self.hasDuplicates(members) { throw JSONError(.duplicateKey, at: start) }
        depth -= 1
        return JSONObject(members: members, source: start..<index)
    }

    /// Strings are compared as bytes: two spellings of one character are two keys.
    private static func hasDuplicates(_ members: [JSONObject.Member]) -> Bool {
        var ascending = true
        for (left, right) in zip(members, members.dropFirst()) where ascending {
            ascending = left.key.utf8.lexicographicallyPrecedes(right.key.utf8)
        }
        if ascending { return false }
        let sorted = members.map(\.key).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        return zip(sorted, sorted.dropFirst()).contains { $0.utf8.elementsEqual($1.utf8) }
    }

    private mutating func integer() throws(JSONError) -> Int {
        let start = index
        let negative = bytes[index] == UInt8(ascii: "-")
        if negative { index += 1 }
        let digits = index
        var magnitude = 0
        while index < bytes.count, (0x30...0x39).contains(bytes[index]) {
            magnitude = magnitude * 10 + Int(bytes[index] - 0x30)
            if magnitude > WireLimits.integer { throw JSONError(.invalidNumber, at: start) }
            index += 1
        }
        let leadingZero = index > digits + 1 && bytes[digits] == 0x30
        if index == digits || leadingZero { throw JSONError(.invalidNumber, at: start) }
        if index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"):
                throw JSONError(.invalidNumber, at: start)
            default: break
            }
        }
        return negative ? -magnitude : magnitude
    }
}

extension JSONParser {
    private mutating func string() throws(JSONError) -> String {
        index += 1
        let start = index
        while true {
            let byte = try peek()
            if byte == UInt8(ascii: "\"") {
                let text = try decoded(bytes[start..<index], at: start)
                index += 1
                return text
            }
            if byte == UInt8(ascii: "\\") { return try escapedString(from: start) }
            if byte < 0x20 { throw JSONError(.controlCharacter, at: index) }
            index += 1
        }
    }

    private func decoded(
        _ slice: some Sequence<UInt8>, at offset: Int
    ) throws(JSONError) -> String {
        guard let text = String(validating: slice, as: UTF8.self) else {
            throw JSONError(.invalidUTF8, at: offset)
        }
        return text
    }

    /// A string that has an escape in it; `index` is on its first backslash.
    private mutating func escapedString(from start: Int) throws(JSONError) -> String {
        var content = Array(bytes[start..<index])
        while true {
            let byte = try peek()
            if byte == UInt8(ascii: "\"") {
                let text = try decoded(content, at: start)
                index += 1
                return text
            }
            if byte < 0x20 { throw JSONError(.controlCharacter, at: index) }
            index += 1
            if byte == UInt8(ascii: "\\") {
                try appendEscape(to: &content)
            } else {
                content.append(byte)
            }
        }
    }

    /// Reads what stands behind a backslash.
    private mutating func appendEscape(to content: inout [UInt8]) throws(JSONError) {
        let escape = index - 1
        let byte = try peek()
        index += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(byte)
        case UInt8(ascii: "b"): content.append(0x08)
        case UInt8(ascii: "t"): content.append(0x09)
        case UInt8(ascii: "n"): content.append(0x0A)
        case UInt8(ascii: "f"): content.append(0x0C)
        case UInt8(ascii: "r"): content.append(0x0D)
        case UInt8(ascii: "u"):
            content.append(contentsOf: String(try escapedScalar(at: escape)).utf8)
        default: throw JSONError(.invalidEscape, at: escape)
        }
    }

    private mutating func escapedScalar(at escape: Int) throws(JSONError) -> Unicode.Scalar {
        let first = try hexUnit(at: escape)
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard UTF16.isLeadSurrogate(first), index + 1 < bytes.count,
            bytes[index] == UInt8(ascii: "\\"), bytes[index + 1] == UInt8(ascii: "u")
        else { throw JSONError(.loneSurrogate, at: escape) }
        index += 2
        let second = try hexUnit(at: index - 2)
        guard UTF16.isTrailSurrogate(second),
            let scalar = Unicode.Scalar(
                0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00))
        else { throw JSONError(.loneSurrogate, at: escape) }
        return scalar
    }

    private mutating func hexUnit(at escape: Int) throws(JSONError) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            let byte = try peek()
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
                throw JSONError(.invalidEscape, at: escape)
            }
            unit = unit << 4 | UInt16(digit)
            index += 1
        }
        return unit
    }
}

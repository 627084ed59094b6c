import GlossProtocol

/// A value in the JSON that commands print.
public enum OutputValue: Hashable, Sendable {
    /// `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A whole number.
    case integer(Int)
    /// A share from 0 to 1, written to three places.
    case share(Double)
    /// A string.
    case string(String)
    /// A time in milliseconds since 1970, written as RFC 3339 in UTC.
    case time(Int)
    /// A list.
    case array([OutputValue])
    /// An object; its members come in this order.
    case object([OutputMember])

    /// A list of strings.
    public static func strings(_ values: [String]) -> OutputValue {
        .array(values.map(Self.string))
    }

    /// A string, or `null`.
    public static func optional(_ value: String?) -> OutputValue { value.map(Self.string) ?? .null }

    /// A number, or `null`.
    public static func optional(_ value: Int?) -> OutputValue { value.map(Self.integer) ?? .null }

    /// A range of scalars, as its two ends.
    public static func range(_ range: Range<Int>) -> OutputValue {
        .array([.integer(range.lowerBound), .integer(range.upperBound)])
    }
}

/// A key and its value in the JSON that commands print.
public struct OutputMember: Hashable, Sendable {
    /// The key.
    public var key: String
    /// The value.
    public var value: OutputValue

    /// A member.
    public init(_ key: String, _ value: OutputValue) {
        self.key = key
        self.value = value
    }
}

/// The JSON that commands print: one object a line, each naming its schema.
public enum JSONOutput {
    /// One line, ended: an object that begins with `"schema":"gloss.<thing>/<version>"`.
    ///
    /// Control characters, C1 and those that reorder text are escaped, so that it is safe on a
    /// terminal too.
    public static func line(
        _ thing: String, version: Int = 1, _ members: [OutputMember]
    ) -> String {
        var writer = JSONWriter()
        let schema = OutputMember("schema", .string("gloss.\(thing)/\(version)"))
        write(.object([schema] + members), to: &writer)
        var line = String.UnicodeScalarView()
        for scalar in String(decoding: writer.bytes, as: UTF8.self).unicodeScalars {
            if (0x7F..<0xA0).contains(scalar.value) || SafeText.isHiding(scalar) {
                let digits = String(scalar.value, radix: 16)
                let zeros = String(repeating: "0", count: 4 - digits.count)
                line.append(contentsOf: "\\u\(zeros)\(digits)".unicodeScalars)
            } else {
                line.append(scalar)
            }
        }
        return String(line) + "\n"
    }

    private static func write(_ value: OutputValue, to writer: inout JSONWriter) {
        switch value {
        case .null: writer.null()
        case .bool(let value): writer.bool(value)
        case .integer(let value): writer.integer(value)
        case .share(let value): writer.raw(Array(thousandths(value).utf8))
        case .string(let text): writer.string(text)
        case .time(let time): writer.string(TimeText.rfc3339(time))
        case .array(let values):
            writer.beginArray()
            for value in values { write(value, to: &writer) }
            writer.endArray()
        case .object(let members):
            writer.beginObject()
            for member in members {
                writer.key(member.key)
                write(member.value, to: &writer)
            }
            writer.endObject()
        }
    }

    private static func thousandths(_ value: Double) -> String {
        let bounded = value.isNaN ? 0 : min(max(value, 0), 1)
        let number = Int((bounded * 1000).rounded())
        let digits = String(number % 1000)
        return "\(number / 1000)." + String(repeating: "0", count: 3 - digits.count) + digits
    }
}

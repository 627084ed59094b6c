/// Why some bytes are not JSON, or not JSON of the kind this protocol takes.
public struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong.
    public enum Code: String, Hashable, Sendable, CaseIterable {
        /// The text ends inside a value.
        case unexpectedEnd = "unexpected end"
        /// A byte that cannot stand there.
        case unexpectedByte = "unexpected byte"
        /// Something behind the value.
        case trailingBytes = "bytes behind the value"
        /// A string is not UTF-8.
        case invalidUTF8 = "invalid UTF-8"
        /// A backslash with something unknown behind it.
        case invalidEscape = "invalid escape"
        /// Half of a surrogate pair.
        case loneSurrogate = "lone surrogate"
        /// A control character that is not escaped.
        case controlCharacter = "control character in a string"
        /// A key for the second time in one object.
        case duplicateKey = "duplicate key"
        /// Objects and arrays too deep inside each other.
        case tooDeep = "too deep"
        /// A fraction, an exponent, a leading zero, or an integer beyond 2^53 - 1.
        case invalidNumber = "not an integer below 2^53"
    }

    /// What is wrong.
    public var code: Code
    /// Where: bytes from the start of the text.
    public var offset: Int

    /// An error.
    public init(_ code: Code, at offset: Int) {
        self.code = code
        self.offset = offset
    }

    /// What is wrong, and where.
    public var description: String { "\(code.rawValue) at byte \(offset)" }
}

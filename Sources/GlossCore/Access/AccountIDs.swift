/// The id of a library: 64 random bits, written as 16 lower-case hex digits.
public struct LibraryID: Hashable, Sendable, CustomStringConvertible {
    /// The 64 bits.
    public let rawValue: UInt64

    /// A library of the given bits.
    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// The id written as exactly 16 lower-case hex digits; `nil` for anything else.
    public init?(_ text: some StringProtocol) {
        guard let value = Hex.parse(text.utf8, digits: 16) else { return nil }
        self.init(rawValue: value)
    }

    /// 16 lower-case hex digits.
    public var description: String { Hex.string(rawValue) }
}

/// The id of a device: 64 random bits that one installation of the client drew, written as 16
/// lower-case hex digits.
public struct DeviceID: Hashable, Sendable, CustomStringConvertible {
    /// The 64 bits.
    public let rawValue: UInt64

    /// A device of the given bits.
    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// The id written as exactly 16 lower-case hex digits; `nil` for anything else.
    public init?(_ text: some StringProtocol) {
        guard let value = Hex.parse(text.utf8, digits: 16) else { return nil }
        self.init(rawValue: value)
    }

    /// 16 lower-case hex digits.
    public var description: String { Hex.string(rawValue) }
}

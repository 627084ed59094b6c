/// The author id of operations: 64 random bits, drawn anew for each device and document.
///
/// An agent is never used again after a restore or a copy, because `(agent, seq)` names one
/// operation for ever. Written as 16 lower-case hex digits.
public struct AgentID: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The 64 bits.
    public let rawValue: UInt64

    /// An agent with the given bits. Draw them from a cryptographic source.
    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// The agent written as exactly 16 lower-case hex digits; `nil` for anything else.
    public init?(_ text: some StringProtocol) {
        guard let value = Hex.parse(text.utf8, digits: 16) else { return nil }
        self.init(rawValue: value)
    }

    /// 16 lower-case hex digits.
    public var description: String { Hex.string(rawValue) }

    /// Orders agents by their bits, which is also the order of their hex digits.
    public static func < (left: AgentID, right: AgentID) -> Bool {
        left.rawValue < right.rawValue
    }
}

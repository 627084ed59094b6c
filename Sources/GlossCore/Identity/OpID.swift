/// The identity of one operation: its agent and that agent's sequence number.
///
/// An inserted character, a deleted character and an annotation write each have one.
public struct OpID: Hashable, Sendable, CustomStringConvertible {
    /// Who made it.
    public let agent: AgentID
    /// The how-manieth operation of that agent in this document, from 0 and below ``limit``.
    public let seq: Int

    /// Sequence numbers stay below this: 2^31.
    public static let limit = 1 << 31

    /// An operation's id.
    public init(agent: AgentID, seq: Int) {
        self.agent = agent
        self.seq = seq
    }

    /// The id written as `agent:seq`; `nil` for anything but the one canonical spelling.
    public init?(_ text: some StringProtocol) {
        let utf8 = text.utf8
        guard utf8.count >= 18, utf8.count <= 27,
            let agent = Hex.parse(utf8.prefix(16), digits: 16),
            utf8.dropFirst(16).first == UInt8(ascii: ":")
        else { return nil }
        let digits = utf8.dropFirst(17)
        guard digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            digits.count == 1 || digits.first != UInt8(ascii: "0"),
            let seq = Int(String(decoding: digits, as: UTF8.self)), seq < OpID.limit
        else { return nil }
        self.init(agent: AgentID(rawValue: agent), seq: seq)
    }

    /// `agent:seq`, the agent in hex and the number in decimal.
    public var description: String { "\(agent):\(seq)" }
}

extension OpID: Comparable {
    /// A total order for canonical lists: by agent, then by number. It says nothing of time.
    public static func < (left: OpID, right: OpID) -> Bool {
        (left.agent, left.seq) < (right.agent, right.seq)
    }
}

/// Consecutive operations of one agent.
public struct OpSpan: Hashable, Sendable {
    /// The first of them.
    public let start: OpID
    /// How many, at least 1.
    public let count: Int

    /// `count` operations from `start` on.
    public init(start: OpID, count: Int) {
        self.start = start
        self.count = count
    }

    /// The number behind the last one's.
    public var endSeq: Int { start.seq + count }
}

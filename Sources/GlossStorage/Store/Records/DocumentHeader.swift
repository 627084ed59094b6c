/// What there is to know of a document without reading its changes, all of one moment.
public struct DocumentHeader: Hashable, Sendable {
    /// The document.
    public var record: DocumentRecord
    /// The agents that have written to it, in ascending order.
    public var agents: [AgentRecord]
    /// The running checksum at the position asked about; `nil` if that is none of the log.
    public var sum: UInt64?

    /// A header of the given values.
    public init(record: DocumentRecord, agents: [AgentRecord], sum: UInt64?) {
        self.record = record
        self.agents = agents
        self.sum = sum
    }
}

/// What others need of a row to follow it or to compare it.
public struct LogMark: Hashable, Sendable {
    /// Where it stands.
    public var position: Int
    /// Its hash, 32 bytes.
    public var hash: [UInt8]
    /// The running checksum up to and including it.
    public var sum: UInt64
    /// When it was received, in milliseconds since 1970; `nil` if it is in a block.
    public var receivedAt: Int?

    /// A mark of the given values.
    public init(position: Int, hash: [UInt8], sum: UInt64, receivedAt: Int? = nil) {
        self.position = position
        self.receivedAt = receivedAt
        self.hash = hash
        self.sum = sum
    }
}

public import GlossCore

/// How far a change of a client's library has come.
public enum ChangeState: Hashable, Sendable {
    /// It has never left this device.
    case unsent
    /// Its bytes may have reached a server, which has not acknowledged it.
    case offered
    /// It is in the server's log.
    case acknowledged
    /// The server will not have it.
    case refused(code: String, message: String)
}

/// A change as it stands in a client's library.
public struct StoredChange: Hashable, Sendable {
    /// The document.
    public var document: DocumentID
    /// Its place in the local order, dense from 1 in each document when appended; dropping a change
    /// leaves a hole. Storage sets it.
    public var index: Int
    /// The agent that made it.
    public var agent: AgentID
    /// The sequence number of its first operation.
    public var seq: Int
    /// How many sequence numbers it takes, at least 1.
    public var count: Int
    /// Its bytes, never parsed here.
    public var bytes: [UInt8]
    /// Its hash, 32 bytes.
    public var hash: [UInt8]
    /// Its position in the server's log; `nil` while the server has not acknowledged it.
    public var position: Int?
    /// The account it came from, as the server says.
    public var user: String?
    /// The device it came from, as the server says.
    public var deviceLabel: String?
    /// When the server received it, in milliseconds since 1970.
    public var receivedAt: Int?
    /// How far it has come.
    public var state: ChangeState
    /// The history entry it belongs to; `nil` if it was not made here.
    public var entry: Int64?

    /// A record of the given values.
    public init(
        document: DocumentID, index: Int, agent: AgentID, seq: Int, count: Int, bytes: [UInt8],
        hash: [UInt8], position: Int? = nil, user: String? = nil, deviceLabel: String? = nil,
        receivedAt: Int? = nil, state: ChangeState, entry: Int64? = nil
    ) {
        self.document = document
        self.index = index
        self.agent = agent
        self.seq = seq
        self.count = count
        self.bytes = bytes
        self.hash = hash
        self.position = position
        self.user = user
        self.deviceLabel = deviceLabel
        self.receivedAt = receivedAt
        self.state = state
        self.entry = entry
    }
}

/// A change made on this device, to be appended.
public struct LocalChange: Hashable, Sendable {
    /// The document.
    public var document: DocumentID
    /// The agent that made it.
    public var agent: AgentID
    /// The sequence number of its first operation.
    public var seq: Int
    /// How many sequence numbers it takes, at least 1.
    public var count: Int
    /// Its bytes, never parsed here.
    public var bytes: [UInt8]
    /// Its hash, 32 bytes.
    public var hash: [UInt8]
    /// The history entry it belongs to; `nil` if it was not made here.
    public var entry: Int64?

    /// A record of the given values.
    public init(
        document: DocumentID, agent: AgentID, seq: Int, count: Int, bytes: [UInt8], hash: [UInt8],
        entry: Int64? = nil
    ) {
        self.document = document
        self.agent = agent
        self.seq = seq
        self.count = count
        self.bytes = bytes
        self.hash = hash
        self.entry = entry
    }
}

/// A change that came from the server, to be appended.
public struct ReceivedChange: Hashable, Sendable {
    /// The document.
    public var document: DocumentID
    /// The agent that made it.
    public var agent: AgentID
    /// The sequence number of its first operation.
    public var seq: Int
    /// How many sequence numbers it takes, at least 1.
    public var count: Int
    /// Its bytes, never parsed here.
    public var bytes: [UInt8]
    /// Its hash, 32 bytes.
    public var hash: [UInt8]
    /// Its position in the server's log.
    public var position: Int
    /// The account it came from.
    public var user: String
    /// The device it came from.
    public var deviceLabel: String
    /// When the server received it, in milliseconds since 1970.
    public var receivedAt: Int

    /// A record of the given values.
    public init(
        document: DocumentID, agent: AgentID, seq: Int, count: Int, bytes: [UInt8], hash: [UInt8],
        position: Int, user: String, deviceLabel: String, receivedAt: Int
    ) {
        self.document = document
        self.agent = agent
        self.seq = seq
        self.count = count
        self.bytes = bytes
        self.hash = hash
        self.position = position
        self.user = user
        self.deviceLabel = deviceLabel
        self.receivedAt = receivedAt
    }
}

/// What the server added to a change when it acknowledged it.
public struct Receipt: Hashable, Sendable {
    /// The change's position in the server's log.
    public var position: Int
    /// The account it came from.
    public var user: String
    /// The device it came from.
    public var deviceLabel: String
    /// When the server received it, in milliseconds since 1970.
    public var receivedAt: Int

    /// A record of the given values.
    public init(
        position: Int, user: String, deviceLabel: String, receivedAt: Int
    ) {
        self.position = position
        self.user = user
        self.deviceLabel = deviceLabel
        self.receivedAt = receivedAt
    }
}

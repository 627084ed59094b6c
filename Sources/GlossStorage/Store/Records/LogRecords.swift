public import GlossCore

/// A document of the server.
public struct DocumentRecord: Hashable, Sendable {
    /// Its id.
    public var id: DocumentID
    /// The library it belongs to.
    public var library: LibraryID
    /// The position of its last row, 0 if it has none.
    public var head: Int
    /// The running checksum at ``head``, 0 if there are no rows.
    public var sum: UInt64
    /// How many bytes its changes have, as they travel.
    public var byteCount: Int
    /// The hash of its log up to ``head``, 32 bytes, as whoever appended last has computed it; `nil`
    /// if they have not.
    public var chain: [UInt8]?
    /// When it was made, in milliseconds since 1970.
    public var createdAt: Int
    /// The article that it is, or is a set of.
    public var article: DocumentID
    /// Whose private set it is; `nil` of what all members share.
    public var owner: String?

    /// A record of the given values; `article` is what the id says if it is left out.
    public init(
        id: DocumentID, library: LibraryID, head: Int, sum: UInt64, byteCount: Int = 0,
        chain: [UInt8]? = nil, createdAt: Int, article: DocumentID? = nil, owner: String? = nil
    ) {
        self.article = article ?? id.article
        self.owner = owner
        self.chain = chain
        self.id = id
        self.library = library
        self.head = head
        self.sum = sum
        self.byteCount = byteCount
        self.createdAt = createdAt
    }

    /// What kind of document it is, which its id tells.
    public var kind: DocumentKind { id.kind }
}

/// A change to be appended: opaque bytes, and beside them what storage must know of it.
public struct NewRow: Hashable, Sendable {
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
    /// The account it came from.
    public var user: String
    /// The device it came from. The server may not know it any more.
    public var device: DeviceID
    /// What that device was called at the time.
    public var deviceLabel: String
    /// When the server received it, in milliseconds since 1970.
    public var receivedAt: Int

    /// A record of the given values.
    public init(
        agent: AgentID, seq: Int, count: Int, bytes: [UInt8], hash: [UInt8], user: String,
        device: DeviceID, deviceLabel: String, receivedAt: Int
    ) {
        self.agent = agent
        self.seq = seq
        self.count = count
        self.bytes = bytes
        self.hash = hash
        self.user = user
        self.device = device
        self.deviceLabel = deviceLabel
        self.receivedAt = receivedAt
    }
}

/// A change as it stands in a document's log.
public struct LogRow: Hashable, Sendable {
    /// Where: dense from 1 in each document.
    public var position: Int
    /// The agent that made it.
    public var agent: AgentID
    /// The sequence number of its first operation.
    public var seq: Int
    /// How many sequence numbers it takes.
    public var count: Int
    /// Its bytes.
    public var bytes: [UInt8]
    /// Its hash, 32 bytes.
    public var hash: [UInt8]
    /// The running checksum: the row before's plus the first 8 bytes of ``hash``, big endian, modulo
    /// 2^64.
    public var sum: UInt64
    /// The account it came from.
    public var user: String
    /// The device it came from.
    public var device: DeviceID
    /// What that device was called at the time.
    public var deviceLabel: String
    /// When the server received it, in milliseconds since 1970.
    public var receivedAt: Int

    /// A record of the given values.
    public init(
        position: Int, agent: AgentID, seq: Int, count: Int, bytes: [UInt8], hash: [UInt8],
        sum: UInt64, user: String, device: DeviceID, deviceLabel: String, receivedAt: Int
    ) {
        self.position = position
        self.agent = agent
        self.seq = seq
        self.count = count
        self.bytes = bytes
        self.hash = hash
        self.sum = sum
        self.user = user
        self.device = device
        self.deviceLabel = deviceLabel
        self.receivedAt = receivedAt
    }
}

/// Who writes with an agent in a document.
public struct AgentRecord: Hashable, Sendable {
    /// The document.
    public var document: DocumentID
    /// The agent.
    public var agent: AgentID
    /// The account it writes for.
    public var user: String
    /// The device that writes with it.
    public var device: DeviceID
    /// The sequence number of its next operation.
    public var nextSeq: Int

    /// A record of the given values.
    public init(
        document: DocumentID, agent: AgentID, user: String, device: DeviceID, nextSeq: Int
    ) {
        self.document = document
        self.agent = agent
        self.user = user
        self.device = device
        self.nextSeq = nextSeq
    }
}

/// Changes for the end of one document's log.
public struct Append: Hashable, Sendable {
    /// The document.
    public var document: DocumentID
    /// Where the caller believes the head to be.
    public var expectedHead: Int
    /// What to append, in order.
    public var rows: [NewRow]
    /// The hash of the log up to the last of them, 32 bytes, where it is known.
    public var chain: [UInt8]?

    /// A record of the given values.
    public init(
        document: DocumentID, expectedHead: Int, rows: [NewRow], chain: [UInt8]? = nil
    ) {
        self.chain = chain
        self.document = document
        self.expectedHead = expectedHead
        self.rows = rows
    }
}

/// Where an ``Append`` ended up.
public struct Appended: Hashable, Sendable {
    /// The document.
    public var document: DocumentID
    /// The position of its first row; the others follow densely. With no rows, the one behind the
    /// head.
    public var firstPosition: Int
    /// The running checksum at each row.
    public var sums: [UInt64]

    /// A record of the given values.
    public init(
        document: DocumentID, firstPosition: Int, sums: [UInt64]
    ) {
        self.document = document
        self.firstPosition = firstPosition
        self.sums = sums
    }
}

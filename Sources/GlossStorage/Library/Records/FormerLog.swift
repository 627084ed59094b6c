public import GlossCore

/// A server's signature on a document's log up to a position, as a library keeps it.
public struct KeptReceipt: Hashable, Sendable {
    /// The lineage of the log.
    public var lineage: UInt64
    /// The position, at least 1.
    public var position: Int
    /// The hash of the log there, 32 bytes.
    public var chain: [UInt8]
    /// The signature.
    public var signature: [UInt8]

    /// A record of the given values.
    public init(lineage: UInt64, position: Int, chain: [UInt8], signature: [UInt8]) {
        self.lineage = lineage
        self.position = position
        self.chain = chain
        self.signature = signature
    }
}

/// The end of a log that a server has signed and lost.
public struct FormerLog: Hashable, Sendable {
    /// Its number in the library.
    public var id: Int64
    /// The document.
    public var document: DocumentID
    /// The lineage of the log.
    public var lineage: UInt64
    /// The position in front of its first row.
    public var start: Int
    /// The hash of the log there, 32 bytes.
    public var startChain: [UInt8]
    /// The position of its last row.
    public var position: Int
    /// The signature there.
    public var signature: [UInt8]

    /// A record of the given values; storage sets `id`.
    public init(
        id: Int64 = 0, document: DocumentID, lineage: UInt64, start: Int, startChain: [UInt8],
        position: Int, signature: [UInt8]
    ) {
        self.id = id
        self.document = document
        self.lineage = lineage
        self.start = start
        self.startChain = startChain
        self.position = position
        self.signature = signature
    }
}

/// A row of a server's log, without the bytes of its change.
public struct LogOutline: Hashable, Sendable {
    /// Where it stands.
    public var position: Int
    /// The agent that made the change.
    public var agent: AgentID
    /// The sequence number of its first operation.
    public var seq: Int
    /// How many sequence numbers it takes.
    public var count: Int
    /// The account it came from.
    public var user: String
    /// The device it came from.
    public var deviceLabel: String
    /// When the server received it, in milliseconds since 1970.
    public var receivedAt: Int
    /// The hash of the change, 32 bytes.
    public var hash: [UInt8]
    /// How many bytes the change has.
    public var byteCount: Int

    /// A record of the given values.
    public init(
        position: Int, agent: AgentID, seq: Int, count: Int, user: String, deviceLabel: String,
        receivedAt: Int, hash: [UInt8], byteCount: Int
    ) {
        self.position = position
        self.agent = agent
        self.seq = seq
        self.count = count
        self.user = user
        self.deviceLabel = deviceLabel
        self.receivedAt = receivedAt
        self.hash = hash
        self.byteCount = byteCount
    }
}

/// A row of a former log that the server does not take back.
public struct RefusedRow: Hashable, Sendable {
    /// The number of the log.
    public var log: Int64
    /// The row.
    public var row: LogOutline
    /// Why, as the protocol's code.
    public var code: String
    /// Why, in words.
    public var message: String

    /// A record of the given values.
    public init(log: Int64, row: LogOutline, code: String, message: String) {
        self.log = log
        self.row = row
        self.code = code
        self.message = message
    }
}

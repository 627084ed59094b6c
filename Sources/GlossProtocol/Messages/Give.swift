public import GlossCore
public import GlossCrypto

/// A stretch of a log that a server once signed, whatever it has now. What it holds is proven by
/// the signature behind it.
public struct SignedStretch: Hashable, Sendable {
    /// The document.
    public var doc: DocumentID
    /// The lineage of the log that was signed.
    public var log: UInt64
    /// The first position.
    public var from: Int
    /// The chain in front of it.
    public var chain: SHA256Digest
    /// The last position, at least ``from``.
    public var at: Int
    /// The server's signature there.
    public var signature: [UInt8]

    /// A stretch.
    public init(
        doc: DocumentID, log: UInt64, from: Int, chain: SHA256Digest, at: Int, signature: [UInt8]
    ) {
        self.doc = doc
        self.log = log
        self.from = from
        self.chain = chain
        self.at = at
        self.signature = signature
    }
}

/// A row of a log as it was: a change, and what the server had added to it.
public struct GivenRow: Hashable, Sendable {
    /// The account it came from.
    public var user: String
    /// What that account called the device.
    public var device: String
    /// When the server received it, in milliseconds since 1970.
    public var time: Int
    /// The change.
    public var change: RawChange

    /// A row.
    public init(user: String, device: String, time: Int, change: RawChange) {
        self.user = user
        self.device = device
        self.time = time
        self.change = change
    }
}

/// The hash of a change that stands in front of a stretch, and that rows of it build on.
public struct GivenCause: Hashable, Sendable {
    /// The last operation of the change.
    public var id: OpID
    /// Its hash.
    public var hash: SHA256Digest

    /// A cause.
    public init(id: OpID, hash: SHA256Digest) {
        self.id = id
        self.hash = hash
    }
}

/// `give`: changes of anybody that the server had committed and does not have any more.
public struct Give: Hashable, Sendable {
    /// Echoed by the answer.
    public var id: Int
    /// Where they stood.
    public var stretch: SignedStretch
    /// The rows, one for each position of the stretch.
    public var rows: [GivenRow]
    /// What rows build on in front of the stretch and the server may have left out, at most
    /// ``WireLimits/stretch``. It is proven with the rows: their hashes follow from it.
    public var causes: [GivenCause]

    /// Rows to give back.
    public init(
        id: Int, stretch: SignedStretch, rows: [GivenRow], causes: [GivenCause] = []
    ) {
        self.id = id
        self.stretch = stretch
        self.rows = rows
        self.causes = causes
    }
}

/// A change that was given back and that the server did not take, though it had signed it.
public struct LeftOut: Hashable, Sendable {
    /// Its first operation.
    public var change: OpID
    /// What is wrong.
    public var code: ErrorCode
    /// What to do about it.
    public var retry: RetryClass
    /// What exactly, for people.
    public var message: String

    /// A change left out; the retry class is that of the code unless told otherwise.
    public init(change: OpID, code: ErrorCode, retry: RetryClass? = nil, message: String) {
        self.change = change
        self.code = code
        self.retry = retry ?? code.retry
        self.message = message
    }
}

/// What the chain takes of a row.
public struct RowOutline: Hashable, Sendable {
    /// The account it came from.
    public var user: String
    /// What that account called the device.
    public var device: String
    /// When the server received it, in milliseconds since 1970.
    public var time: Int
    /// The hash of the change.
    public var hash: SHA256Digest

    /// An outline.
    public init(user: String, device: String, time: Int, hash: SHA256Digest) {
        self.user = user
        self.device = device
        self.time = time
        self.hash = hash
    }
}

/// `receipt` from a client: asks for a receipt in front of a stretch, so that what is in front of it
/// can be given by itself.
public struct ReceiptRequest: Hashable, Sendable {
    /// Echoed by the answer.
    public var id: Int
    /// The stretch.
    public var stretch: SignedStretch
    /// Its rows, one for each position.
    public var rows: [RowOutline]

    /// A request.
    public init(id: Int, stretch: SignedStretch, rows: [RowOutline]) {
        self.id = id
        self.stretch = stretch
        self.rows = rows
    }
}

/// `receipt` from a server: the signature in front of the stretch.
public struct ReceiptAnswer: Hashable, Sendable {
    /// The `id` of the request.
    public var id: Int
    /// The document.
    public var doc: DocumentID
    /// The position in front of the stretch.
    public var at: Int
    /// The signature there, of the chain that the request named.
    public var signature: [UInt8]

    /// An answer.
    public init(id: Int, doc: DocumentID, at: Int, signature: [UInt8]) {
        self.id = id
        self.doc = doc
        self.at = at
        self.signature = signature
    }
}

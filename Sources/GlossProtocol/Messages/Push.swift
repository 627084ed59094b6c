public import GlossCore

/// The changes of a push for one document, in the order to commit them in.
public struct PushPart: Hashable, Sendable {
    /// The document.
    public var doc: DocumentID
    /// The changes, at least one.
    public var changes: [RawChange]

    /// Changes for a document.
    public init(doc: DocumentID, changes: [RawChange]) {
        self.doc = doc
        self.changes = changes
    }
}

/// `push`: changes for one document or several, committed as one or not at all.
public struct Push: Hashable, Sendable {
    /// Echoed by the answer.
    public var id: Int
    /// The changes by document, each document once.
    public var parts: [PushPart]

    /// A push.
    public init(id: Int, parts: [PushPart]) {
        self.id = id
        self.parts = parts
    }
}

/// Where the changes of a push stand in one document's log.
public struct AckPart: Hashable, Sendable {
    /// The document.
    public var doc: DocumentID
    /// The position of each change, in the order of the push. A change that was there before has
    /// the position it always had.
    public var positions: [Int]
    /// The checksum at the highest of them, where the server says so.
    public var sum: Checksum?
    /// When the server received those that were there before, by position, in milliseconds since 1970;
    /// only where that is not the time of the acknowledgement.
    public var earlierTimes: [Int: Int]
    /// Of what was given back, what the server did not take: these have no position.
    public var leftOut: [LeftOut]

    /// Positions in a log.
    public init(
        doc: DocumentID, positions: [Int], sum: Checksum? = nil, earlierTimes: [Int: Int] = [:],
        leftOut: [LeftOut] = []
    ) {
        self.doc = doc
        self.positions = positions
        self.earlierTimes = earlierTimes
        self.sum = sum
        self.leftOut = leftOut
    }
}

/// `ack`: a push is on disk. Never sent before.
public struct Ack: Hashable, Sendable {
    /// The `id` of the push.
    public var id: Int
    /// Positions by document, in the order of the push.
    public var parts: [AckPart]
    /// When the server received it, in milliseconds since 1970.
    public var time: Int

    /// An acknowledgement.
    public init(id: Int, parts: [AckPart], time: Int) {
        self.id = id
        self.parts = parts
        self.time = time
    }
}

/// `nack`: a push is refused. Nothing of it was committed.
public struct Nack: Hashable, Sendable {
    /// The `id` of the push.
    public var id: Int
    /// The document of the change at fault.
    public var doc: DocumentID
    /// The agent of the change at fault, where one could be read.
    public var agent: AgentID?
    /// The first sequence number of it.
    public var seq: Int?
    /// What is wrong.
    public var code: ErrorCode
    /// What to do about it.
    public var retry: RetryClass
    /// For `missing_dep`: operations the server does not have.
    public var missing: [OpID]
    /// What exactly, for people.
    public var message: String

    /// A refusal; the retry class is that of the code unless told otherwise.
    public init(
        id: Int, doc: DocumentID, agent: AgentID?, seq: Int?, code: ErrorCode,
        retry: RetryClass? = nil, missing: [OpID] = [], message: String
    ) {
        self.id = id
        self.doc = doc
        self.agent = agent
        self.seq = seq
        self.code = code
        self.retry = retry ?? code.retry
        self.missing = missing
        self.message = message
    }
}

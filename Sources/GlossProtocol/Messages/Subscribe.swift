public import GlossCore

/// `sub`: asks to follow a document from where the client stands.
public struct SubscribeRequest: Hashable, Sendable {
    /// Echoed by the answer.
    public var id: Int
    /// The document.
    public var doc: DocumentID
    /// The position of the log up to which the client has everything; 0 if it has nothing.
    public var at: Int
    /// The client's checksum of the changes up to there.
    public var sum: Checksum
    /// What the client has, without what waits in its outbox. May be left out in the hope that position and checksum match; if they
    /// do not, the answer is `log_mismatch`.
    public var vector: VersionVector?

    /// A request to follow.
    public init(id: Int, doc: DocumentID, at: Int, sum: Checksum, vector: VersionVector?) {
        self.id = id
        self.doc = doc
        self.at = at
        self.sum = sum
        self.vector = vector
    }
}

/// `unsub`: stops following a document.
public struct Unsubscribe: Hashable, Sendable {
    /// The document.
    public var doc: DocumentID

    /// Stops following `doc`.
    public init(doc: DocumentID) {
        self.doc = doc
    }
}

/// `have`: what the server has of a document, all of it durable.
public struct Have: Hashable, Sendable {
    /// The `id` of the `sub`.
    public var id: Int
    /// The document.
    public var doc: DocumentID
    /// The last position of its log.
    public var at: Int
    /// The checksum of the changes up to there.
    public var sum: Checksum
    /// The operations up to there.
    public var vector: VersionVector
    /// What this user may do.
    public var role: Role

    /// What the server has.
    public init(
        id: Int, doc: DocumentID, at: Int, sum: Checksum, vector: VersionVector, role: Role
    ) {
        self.id = id
        self.doc = doc
        self.at = at
        self.sum = sum
        self.vector = vector
        self.role = role
    }
}

/// A change in a document's log, with what the server added to it.
public struct CommittedChange: Hashable, Sendable {
    /// Its position: 1 for the first of a document.
    public var at: Int
    /// The name of the user who brought it.
    public var user: String
    /// What that user calls the device.
    public var device: String
    /// When the server received it, in milliseconds since 1970.
    public var time: Int
    /// The change, byte for byte as its author wrote it.
    public var change: RawChange

    /// A committed change.
    public init(at: Int, user: String, device: String, time: Int, change: RawChange) {
        self.at = at
        self.user = user
        self.device = device
        self.time = time
        self.change = change
    }
}

/// `ops`: a stretch of a followed document's log.
///
/// Positions of the stretch that are not among the rows are changes the client has: those its
/// vector covered, and those it pushed over this connection.
public struct LogPage: Hashable, Sendable {
    /// The document.
    public var doc: DocumentID
    /// The first position of the stretch.
    public var from: Int
    /// The last position of it.
    public var to: Int
    /// The changes, in ascending order of positions.
    public var changes: [CommittedChange]

    /// A stretch.
    public init(doc: DocumentID, from: Int, to: Int, changes: [CommittedChange]) {
        self.doc = doc
        self.from = from
        self.to = to
        self.changes = changes
    }
}

/// `live`: the client now has everything up to a position.
public struct Live: Hashable, Sendable {
    /// The document.
    public var doc: DocumentID
    /// The position.
    public var at: Int
    /// The checksum of the changes up to there.
    public var sum: Checksum
    /// The checksum of the state they lead to, where the server has computed it.
    public var state: UInt64?
    /// The server's receipt for everything up to there, now and then.
    public var receipt: LogReceipt?

    /// The end of the log for now. A receipt for another position is left out.
    public init(
        doc: DocumentID, at: Int, sum: Checksum, state: UInt64? = nil, receipt: LogReceipt? = nil
    ) {
        self.doc = doc
        self.at = at
        self.sum = sum
        self.state = state
        self.receipt = receipt?.chain.position == at ? receipt : nil
    }
}

/// `lag`: the client reads too slowly for this document.
public struct Lag: Hashable, Sendable {
    /// The document.
    public var doc: DocumentID

    /// A lag.
    public init(doc: DocumentID) {
        self.doc = doc
    }
}

/// `revoked`: a document or a whole library is no longer this user's to read.
public struct Revoked: Hashable, Sendable {
    /// What was taken away.
    public enum Subject: Hashable, Sendable {
        /// One document.
        case document(DocumentID)
        /// A library with all its documents.
        case library(LibraryID)
    }

    /// What was taken away.
    public var subject: Subject
    /// Why, for people.
    public var message: String

    /// Something taken away.
    public init(subject: Subject, message: String) {
        self.subject = subject
        self.message = message
    }
}

public import GlossCore

extension ServerSession {
    /// What happened. Indirect, as ``Action`` is: many a connection waits with room for some of them.
    public indirect enum Event: Hashable, Sendable {
        /// A line came, without its line feed.
        case line([UInt8])
        /// Bytes came of a line that is not whole yet. To be said in front of a ``tick``.
        case stirred
        /// A line was longer than allowed; nothing can be read any more.
        case framingFailed
        /// The answer to ``Action/authenticate(_:)``.
        case authenticated(Authentication)
        /// The answer to ``Action/listDocuments(_:)``.
        case listed(DocumentsPage)
        /// The other answer to it.
        case listRefused(id: Int, code: ErrorCode, message: String)
        /// A document has appeared in one of the user's libraries.
        case documentAppeared(DocumentAppeared)
        /// The answer to ``Action/subscribe(_:)``.
        case subscribed(id: Int, doc: DocumentID, Following)
        /// The other answer to it.
        case subscribeRefused(id: Int, doc: DocumentID, code: ErrorCode, message: String)
        /// The answer to ``Action/push(id:parts:)``.
        case pushDecided(id: Int, PushDecision)
        /// A followed document's log has grown, durably, to this position.
        case advanced(DocumentID, head: Int)
        /// The answer to ``Action/sendLog(_:after:)``.
        case logRead(LogSlice)
        /// The server has signed a followed document's log, or computed its state, at its end.
        case attested(LogSlice)
        /// The answer to ``Action/makeReceipt(_:)``.
        case receiptMade(ReceiptAnswer)
        /// The other answer to it.
        case receiptRefused(id: Int, code: ErrorCode, message: String)
        /// The log of a followed document could not be read.
        case logFailed(DocumentID, code: ErrorCode, message: String)
        /// The user may no longer read something; `docs` are the documents it covers.
        case accessLost(Revoked, docs: [DocumentID])
        /// What the user may do with a followed document, or in a library, has changed.
        case roleChanged(RoleChange)
        /// The device was revoked.
        case deviceRevoked
        /// Who is in a document that the client said `pres` for. Not to be given to a peer that has
        /// stopped reading.
        case presence(PresenceNews)
        /// The other answer to ``Action/takePresence(_:)``: as many as may are seen there.
        case presenceRefused(DocumentID)
        /// Whether more can be written without queueing it.
        case writable(Bool)
        /// The peer has taken some of what was written, at that time. To be said in front of a
        /// ``tick``, where it is news.
        case taken(at: Int)
        /// Time has passed. Due at ``ServerSession/deadline``, at the latest.
        case tick
        /// The connection is gone, and its subscriptions with it.
        case peerClosed
        /// The server is going down; the client is to stay away that many milliseconds.
        case drain(delay: Int)
    }

    /// What to do about it, in order.
    public indirect enum Action: Hashable, Sendable {
        /// Write a line.
        case send(ServerMessage)
        /// Lines may be that long from here on.
        case setLineLimit(Int)
        /// Find out whether that is somebody.
        case authenticate(Credential)
        /// Create what is to be created, then list.
        case listDocuments(DocumentsRequest)
        /// Start to report how a document advances, and say what there is of it.
        case subscribe(SubscribeRequest)
        /// Stop reporting it.
        case unsubscribe(DocumentID)
        /// Validate and commit, as one.
        case push(id: Int, parts: [ChangeBatch])
        /// Show the client to the others in a document, and tell it of them from now on, everybody at
        /// first. Ends with the subscription.
        case takePresence(PresenceReport)
        /// Validate by the receipt, and commit, as one. Answered as a push.
        case give(Give, changes: [EncodedChange])
        /// Sign what is in front of a stretch, if what is behind it is signed.
        case makeReceipt(ReceiptRequest)
        /// The client found that it has something else than the server.
        case clientReported(Failure)
        /// Read a document's log behind a position, about ``WireLimits/page`` bytes of it.
        case sendLog(DocumentID, after: Int)
        /// Close the connection once everything is written. The last action ever; subscriptions are
        /// over, and pushes still undecided need no answer.
        case close
    }

    /// Whether a credential is somebody's.
    public enum Authentication: Hashable, Sendable {
        /// It is.
        case admitted(Admission)
        /// It is not.
        case refused(ErrorCode, message: String)
    }

    /// Who has connected.
    public struct Admission: Hashable, Sendable {
        /// The user's name.
        public var user: String
        /// The device.
        public var device: DeviceID
        /// What the user calls it.
        public var label: String
        /// The lineage of the server's logs.
        public var log: UInt64
        /// The user's libraries.
        public var libraries: [LibrarySummary]
        /// The library just joined, when by invitation.
        public var joined: LibraryID?

        /// Somebody.
        public init(
            user: String, device: DeviceID, label: String, log: UInt64,
            libraries: [LibrarySummary], joined: LibraryID? = nil
        ) {
            self.user = user
            self.device = device
            self.label = label
            self.log = log
            self.libraries = libraries
            self.joined = joined
        }
    }

    /// A document somebody starts to follow; all of it durable.
    public struct Following: Hashable, Sendable {
        /// Where to go on.
        public enum Resume: Hashable, Sendable {
            /// Behind the client's position: its checksum there is that of the log.
            case position
            /// From the start of the log, without what the client's vector covers.
            case vector
        }

        /// The last position of the log.
        public var head: Int
        /// The checksum there.
        public var sum: Checksum
        /// The operations up to there.
        public var vector: VersionVector
        /// The checksum of the state there, where it is known.
        public var state: UInt64?
        /// The receipt for everything up to there, where there is one.
        public var receipt: LogReceipt?
        /// What the user may do.
        public var role: Role
        /// Where to go on.
        public var resume: Resume

        /// A document.
        public init(
            head: Int, sum: Checksum, vector: VersionVector, state: UInt64? = nil,
            receipt: LogReceipt? = nil, role: Role, resume: Resume
        ) {
            self.receipt = receipt
            self.head = head
            self.sum = sum
            self.vector = vector
            self.state = state
            self.role = role
            self.resume = resume
        }
    }

    /// What became of a push.
    public enum PushDecision: Hashable, Sendable {
        /// It is on disk.
        case committed(parts: [AckPart], time: Int)
        /// Nothing of it was committed.
        case refused(PushRefusal)
    }

    /// Why a push is refused.
    public struct PushRefusal: Hashable, Sendable {
        /// The document of the change at fault.
        public var doc: DocumentID
        /// The change at fault, by its first operation.
        public var change: OpID?
        /// What is wrong.
        public var code: ErrorCode
        /// For `missing_dep`: operations that are not there.
        public var missing: [OpID]
        /// What exactly, for people.
        public var message: String

        /// A refusal.
        public init(
            doc: DocumentID, change: OpID?, code: ErrorCode, missing: [OpID] = [],
            message: String
        ) {
            self.doc = doc
            self.change = change
            self.code = code
            self.missing = missing
            self.message = message
        }
    }

    /// A stretch of a log, all of it durable.
    public struct LogSlice: Hashable, Sendable {
        /// The document.
        public var doc: DocumentID
        /// The position it was read behind.
        public var after: Int
        /// The rows, one for each position from `after + 1` on; none only at the end of the log.
        public var rows: [CommittedChange]
        /// The last position of the log, when it was read.
        public var head: Int
        /// The checksum at the last of the rows.
        public var sum: Checksum
        /// The checksum of the state there, where it is known.
        public var state: UInt64?
        /// The receipt at the end of the log, where there is one.
        public var receipt: LogReceipt?

        /// A stretch.
        public init(
            doc: DocumentID, after: Int, rows: [CommittedChange], head: Int, sum: Checksum,
            state: UInt64? = nil, receipt: LogReceipt? = nil
        ) {
            self.receipt = receipt
            self.doc = doc
            self.after = after
            self.rows = rows
            self.head = head
            self.sum = sum
            self.state = state
        }
    }
}

public import GlossCore

extension ClientSession {
    /// What happened.
    public enum Event: Hashable, Sendable {
        /// The connection stands, and the server's key is the right one.
        case connected
        /// A line came, without its line feed.
        case line([UInt8])
        /// Bytes came of a line that is not whole yet. To be said in front of a ``tick``.
        case stirred
        /// A line was longer than allowed; nothing can be read any more.
        case framingFailed
        /// The connection is gone.
        case peerClosed
        /// Time has passed. Due at ``ClientSession/deadline``, at the latest.
        case tick
        /// List a library, after creating articles in it.
        case list(LibraryID, creating: [DocumentID])
        /// Have private annotation sets of the user's made in a library, of articles that it has. One
        /// ``Action/setsKnown(_:_:)`` or ``Action/setsFailed(_:_:)`` answers for each.
        case make(LibraryID, [PrivateSet])
        /// Follow a document; again, to start over with it.
        case follow(LocalDocument)
        /// Stop following one. What waits to be pushed to it is dropped. The session does not settle before
        /// ``nothingMore`` is said once more.
        case unfollow(DocumentID)
        /// Bring changes. The id is the driver's and new on this connection.
        case push(id: Int, parts: [ChangeBatch])
        /// The answer to ``Action/offer(id:)``: the changes are durably marked.
        case offered(id: Int)
        /// The other answer to ``Action/offer(id:)``: some of its changes are not there any more.
        /// Nothing of the push is sent; what is left of it may be pushed again.
        case cancelled(id: Int)
        /// The answer to ``Action/caughtUp(_:)``: what has been integrated up to there.
        case reached(DocumentID, at: Int, sum: Checksum, state: UInt64?)
        /// Give back a stretch of a log that the server once signed, and what it builds on in front of
        /// it that the server may have left out. One ``Action/given(_:leftOut:)`` or
        /// ``Action/giveRefused(_:_:)`` answers it.
        case give(SignedStretch, [GivenRow], causes: [GivenCause])
        /// Ask for a receipt in front of a stretch. ``Action/receiptMade(_:)`` or
        /// ``Action/giveRefused(_:_:)`` answers it.
        case askReceipt(SignedStretch, [RowOutline])
        /// Everything wanted has been listed, followed and pushed. Said again after each
        /// ``Action/documentsKnown(_:_:)``, ``Action/setsFailed(_:_:)``,
        /// ``Action/documentFailed(_:_:)``, ``Action/copied(_:_:)``, ``Action/refused(id:_:)``,
        /// ``Action/diverged(_:)``, ``Action/dropped(id:)``, ``Action/given(_:leftOut:)``,
        /// ``Action/receiptMade(_:)`` and ``Action/giveRefused(_:_:)``.
        case nothingMore
        /// Show something of this client in a followed document, or nothing, and hear of the others
        /// there. Stays said when the document is followed anew.
        case show(DocumentID, PresenceState?)
        /// Close in good order.
        case stop
    }

    /// What to do about it, in order.
    public enum Action: Hashable, Sendable {
        /// Write a line.
        case send(ClientMessage)
        /// Lines may be that long from here on.
        case setLineLimit(Int)
        /// The server knows who this is.
        case welcomed(Welcome)
        /// Documents of a library, perhaps none; more than once, and at any time.
        case documentsKnown(LibraryID, [DocumentID])
        /// Private annotation sets of a library, in front of ``documentsKnown(_:_:)``. Not said of none.
        case setsKnown(LibraryID, [PrivateSet])
        /// The server did not make one of some private sets, for the given reason. Those in front of it
        /// it may have made.
        case setsFailed([PrivateSet], Failure)
        /// A library could not be listed, or articles not be created. Comes in place of
        /// ``documentsKnown(_:_:)``.
        case listFailed(LibraryID, Failure)
        /// What the server has of a followed document. Comes before anything of it.
        case serverHas(Have)
        /// The server lost operations it had acknowledged to this device: they belong in the
        /// outbox again.
        case serverLacks(DocumentID, VersionVector)
        /// The server has operations of this device's own agents that the device never made: this
        /// is a copy. Its agents must retire; the document is no longer followed.
        case copied(DocumentID, VersionVector)
        /// Take these changes in. Everything up to position `to` has come then. Changes out of this
        /// device's own outbox may be among them: they are acknowledged by that.
        case integrate(DocumentID, [ReceivedChange], to: Int)
        /// Everything has come up to a position: answer with ``Event/reached(_:at:sum:state:)``, the
        /// checksum of all changes here but those in the outbox and those known to stand behind.
        case caughtUp(Live)
        /// What this device has differs from the server's log. No longer followed; to be followed
        /// again from position 0, once at most, or given up.
        case diverged(DocumentID)
        /// The server reads on later.
        case lagging(DocumentID)
        /// Something may no longer be read. Its documents are to be unfollowed.
        case revoked(Revoked)
        /// What the user may do with a document or in a library has changed.
        case roleChanged(RoleChange)
        /// Who is in a document, after ``Event/show(_:_:)``.
        case presence(PresenceNews)
        /// The server knows nothing of presence.
        case presenceUnknown
        /// A document cannot be followed, for the given reason.
        case documentFailed(DocumentID, Failure)
        /// Mark the changes of a push durably as offered, then say so; or that it is cancelled.
        case offer(id: Int)
        /// A push is on the server's disk.
        case acknowledged(id: Int, parts: [AckPart], time: Int)
        /// A push is refused.
        case refused(id: Int, Nack)
        /// A push is not sent, as one of its documents is not followed any more.
        case dropped(id: Int)
        /// What was given back of a document is on the server's disk, but for what it left out.
        case given(DocumentID, leftOut: [LeftOut])
        /// The server has signed what is in front of a stretch.
        case receiptMade(ReceiptAnswer)
        /// The server does not take what was given back of a document, or does not sign.
        case giveRefused(DocumentID, Failure)
        /// Everything followed is live, nothing is left to push, and the driver has nothing more.
        case settled
        /// The connection cannot go on. What to do about it, and how long the server asks to wait.
        case failed(Failure)
        /// Close the connection once everything is written. The last action ever.
        case close
    }

    /// A document as this device has it.
    public struct LocalDocument: Hashable, Sendable {
        /// Which.
        public var doc: DocumentID
        /// The position of the server's log up to which everything is here; 0 at first, and when
        /// the lineage of the server's log is another one.
        public var at: Int
        /// The checksum of the changes up to there.
        public var sum: Checksum
        /// Everything that is here, without what waits in the outbox: if the server has some of
        /// that, it is to send it, with its position.
        public var vector: VersionVector
        /// Of this device's own agents: what the server has acknowledged.
        public var acknowledged: VersionVector
        /// Of this device's own agents: everything they made.
        public var own: VersionVector

        /// A local document.
        public init(
            doc: DocumentID, at: Int, sum: Checksum, vector: VersionVector,
            acknowledged: VersionVector, own: VersionVector
        ) {
            self.doc = doc
            self.at = at
            self.sum = sum
            self.vector = vector
            self.acknowledged = acknowledged
            self.own = own
        }
    }

    /// How long to stay.
    public enum Mode: Hashable, Sendable {
        /// Until everything is settled.
        case once
        /// Until told to stop.
        case stay
    }
}

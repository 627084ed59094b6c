import GlossCore
import GlossProtocol
import GlossStorage

/// What is on disk of a document.
struct DocumentStatus: Hashable {
    var library: LibraryID
    var head: Int
    var sum: Checksum
    var vector: VersionVector
    /// The checksum at the position asked about; `nil` if that lies beyond the head.
    var sumAtPosition: Checksum?
    /// The checksum of the state, unless changes are on their way to disk.
    var state: UInt64?
}

extension Rooms {
    /// What is on disk of a document; `nil` if there is no such document, or none that `user` may
    /// read.
    func status(
        of id: DocumentID, at position: Int, for user: String
    ) async throws(StoreError) -> DocumentStatus? {
        repeat {
            guard try await load(id, for: user) else { return nil }
        } while rooms[id] == nil
        guard let room = rooms[id], let sum = room.sum(at: room.durableHead) else { return nil }
        return DocumentStatus(
            library: room.library, head: room.durableHead, sum: sum, vector: room.durableVector,
            sumAtPosition: room.sum(at: position),
            state: room.isDurable ? room.replica.stateChecksum : nil)
    }

    /// About a page of a document's log behind a position: from memory where it is recent, else
    /// from the store.
    func slice(
        of id: DocumentID, after position: Int
    ) async throws(StoreError) -> ServerSession.LogSlice {
        let bytes = WireLimits.page
        if let room = rooms[id], let rows = room.recent.rows(after: position, maxBytes: bytes) {
            return ServerSession.LogSlice(
                id, after: position, rows, head: room.durableHead, sum: room.sum(at: position))
        }
        // The head first: rows that come while this waits must not make it look as if some were lost.
        let head = try await store.document(id)?.head
        let rows = try await store.rows(
            of: id, after: position, maxBytes: bytes, maxRows: WireLimits.pushChanges)
        let sum = try await store.sum(of: id, at: position)
        return ServerSession.LogSlice(
            id, after: position, rows, head: head ?? position,
            sum: sum.map { Checksum(rawValue: $0) })
    }

    // MARK: Following

    /// Tells `follower` from now on when the document's log has grown.
    func follow(_ document: DocumentID, _ follower: any Follower) {
        followers[document, default: [:]][ObjectIdentifier(follower)] = follower
    }

    /// Tells `follower` no more.
    func unfollow(_ document: DocumentID, _ follower: any Follower) {
        followers[document]?[ObjectIdentifier(follower)] = nil
        if followers[document]?.isEmpty == true { followers[document] = nil }
    }

    func tellFollowers(_ document: DocumentID, _ head: Int) {
        for follower in (followers[document] ?? [:]).values {
            follower.logGrew(document, to: head)
        }
    }
}

extension ServerSession.LogSlice {
    /// Rows as the store has them; `sum` is the checksum at `position`, in case there are none.
    fileprivate init(
        _ document: DocumentID, after position: Int, _ rows: [LogRow], head: Int, sum: Checksum?
    ) {
        let committed = rows.map { row in
            CommittedChange(
                at: row.position, user: row.user, device: row.deviceLabel, time: row.receivedAt,
                change: RawChange(bytes: row.bytes))
        }
        self.init(
            doc: document, after: position, rows: committed, head: head,
            sum: rows.last.map { Checksum(rawValue: $0.sum) } ?? sum ?? Checksum())
    }
}

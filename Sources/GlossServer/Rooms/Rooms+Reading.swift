import GlossCore
import GlossProtocol
import GlossStorage

/// What is on disk of a document.
struct DocumentStatus: Hashable {
    var scope: DocumentScope
    var head: Int
    var sum: Checksum
    var vector: VersionVector
    /// The checksum at the position asked about; `nil` if that lies beyond the head.
    var sumAtPosition: Checksum?
    /// The checksum of the state at the position asked about, where that is the end and the document
    /// is in memory.
    var state: UInt64?
    /// The receipt for what is on disk, where one can be made.
    var receipt: LogReceipt?

    /// What the store has.
    init(_ header: DocumentHeader) {
        scope = header.record.scope
        head = header.record.head
        sum = Checksum(rawValue: header.record.sum)
        vector = VersionVector(header.agents.map { ($0.agent, $0.nextSeq) })
        sumAtPosition = header.sum.map { Checksum(rawValue: $0) }
    }
}

extension Rooms {
    /// What is on disk of a document; `nil` if there is no such document, or none that `user` may
    /// read. Loads nothing.
    func status(
        of id: DocumentID, at position: Int, for user: String
    ) async throws(StoreError) -> DocumentStatus? {
        guard let header = try await store.header(of: id, at: position),
            access.role(of: user, in: header.record.scope) != nil
        else { return nil }
        var status = DocumentStatus(header)
        if let room = rooms[id] {
            // The store may be ahead of what was told; nothing of that comes before its ack.
            status.head = room.durableHead
            status.vector = room.durableVector
            if header.record.head != room.durableHead {
                status.sum = room.marks.sum(at: room.durableHead) ?? status.sum
                if position > room.durableHead { status.sumAtPosition = nil }
            }
        }
        status.receipt = try await receipt(for: header)
        if position == status.head, let state = await state(of: id), state.head == position {
            status.state = state.sum
        }
        return status
    }

    /// About a page of a document's log behind a position: from memory where it is recent, else
    /// from the store.
    func slice(
        of id: DocumentID, after position: Int
    ) async throws(StoreError) -> ServerSession.LogSlice {
        let bytes = WireLimits.page
        if let room = rooms[id], position < room.durableHead,
            let recent = room.recent.rows(after: position, maxBytes: bytes), let sum = recent.sum
        {
            return ServerSession.LogSlice(
                doc: id, after: position, rows: recent.rows, head: room.durableHead, sum: sum,
                receipt: recent.rows.last?.at == room.durableHead ? receiptNow(of: id) : nil)
        }
        // The head first: rows that come while this waits must not make it look as if some were lost.
        guard let header = try await store.header(of: id, at: position) else {
            throw StoreError(.gone, "Document \(id) was purged.")
        }
        let rows = try await store.rows(
            of: id, after: position, maxBytes: bytes, maxRows: WireLimits.pushChanges)
        return ServerSession.LogSlice(
            doc: id, after: position, rows: rows.map(CommittedChange.init),
            head: header.record.head,
            sum: Checksum(rawValue: rows.last?.sum ?? header.sum ?? 0),
            receipt: rows.last?.position == header.record.head
                ? try await receipt(for: header) : nil)
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

    func tellFollowers(_ news: ServerSession.LogSlice) {
        for follower in (followers[news.doc] ?? [:]).values { follower.logGrew(by: news) }
    }
}

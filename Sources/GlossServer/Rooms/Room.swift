import GlossCore
import GlossProtocol
import GlossStorage

/// One document in memory: what is on disk, and on top of it the changes on their way there.
///
/// The replica takes changes in the order of the log, so a change's index in it is its position
/// less one. What a change has beside that is kept of the last ones only: the store has the rest.
struct Room {
    /// The end of a log that is not compacted.
    struct Tail {
        /// The position in front of it.
        var start: Int
        /// How many bytes its changes have.
        var byteCount = 0
        /// How many of its changes were tried, and are not worth packing by themselves.
        var triedCount = 0
    }

    let id: DocumentID
    let scope: DocumentScope
    var replica: Replica
    var owners: [AgentID: AgentOwner] = [:]
    /// What is known of the last changes beside the changes.
    var marks: RecentMarks
    /// The last position on disk.
    private(set) var durableHead: Int
    /// The operations on disk.
    private(set) var durableVector: VersionVector
    /// How many bytes its changes have, on disk or on their way there.
    var byteCount: Int
    /// The hash of the log on disk; `nil` if the store does not say it.
    private(set) var chain: LogChain?
    var receipts = RoomReceipts()
    /// The last rows on disk, for those who follow.
    private(set) var recent = RecentRows()
    /// What of the log is not compacted.
    var tail = Tail(start: 0)
    /// The last position that may go to disk, if changes behind it are of a push that was refused.
    var validHead: Int?
    /// When it was last used, in the ticks of the rooms' own counter.
    var lastUse = 0
    /// The checksum of the state, and how many changes led to it.
    private(set) var state: (head: Int, sum: UInt64)?

    /// The last position, on disk or on its way there.
    var head: Int { replica.log.entries.count }
    /// Whether everything it holds is on disk.
    var isDurable: Bool { durableHead == head }

    /// The document as its log has it.
    ///
    /// - Throws: ``StoreError`` with `corrupt` if there are not as many changes as the log has.
    init(_ header: DocumentHeader, replica: Replica) throws(StoreError) {
        id = header.record.id
        scope = header.record.scope
        self.replica = replica
        durableHead = header.record.head
        byteCount = header.record.byteCount
        chain = LogChain(header.record)
        durableVector = replica.versionVector
        marks = RecentMarks(
            head: header.record.head, sum: Checksum(rawValue: header.record.sum))
        for agent in header.agents {
            owners[agent.agent] = AgentOwner(user: agent.user, device: agent.device)
        }
        guard head == durableHead else {
            throw Room.damaged(id, head, "the log has \(durableHead) changes")
        }
    }

    static func damaged(_ id: DocumentID, _ position: Int, _ reason: String) -> StoreError {
        StoreError(.corrupt, "Document \(id) is damaged at position \(position): \(reason).")
    }

    /// Notes that rows are on disk now, and the hash of the log up to them.
    mutating func settle(_ rows: [LogRow], _ chain: LogChain?) {
        self.chain = chain
        for row in rows {
            precondition(row.position == durableHead + 1, "rows settle in order")
            durableHead = row.position
            durableVector[row.agent] = row.seq + row.count
            recent.append(row)
            tail.byteCount += row.bytes.count
        }
        marks.trim(durableHead: durableHead)
    }

    /// Keeps the checksum of the state that some changes lead to, if these are all there are.
    mutating func note(state sum: UInt64, at head: Int) {
        if head == self.head { state = (head, sum) }
    }
}

extension Room {
    /// Reads a document from the store; `nil` if there is none of that id.
    ///
    /// - Throws: ``StoreError`` with `corrupt` if the log is no valid history.
    init?(
        loading id: DocumentID, from store: any Store, pageBytes: Int
    ) async throws(StoreError) {
        // The block first: the log is then at least as long.
        let block = try await store.block(of: id)
        guard let header = try await store.header(of: id, at: 0) else { return nil }
        var replica = Replica(id: id)
        if let block { replica = try PackedHistory(block.changes, of: id).log.replica }
        var position = replica.log.entries.count
        var tail = Tail(start: position)
        while position < header.record.head {
            let rows = try await store.rows(
                of: id, after: position, maxBytes: pageBytes, maxRows: 16_384)
            guard !rows.isEmpty else { throw Room.damaged(id, position, "rows are missing") }
            for row in rows.prefix(header.record.head - position) {
                try replica.take(row, of: id)
                position = row.position
                tail.byteCount += row.bytes.count
                guard position < header.record.head || row.sum == header.record.sum else {
                    throw Room.damaged(id, position, "its checksum is another")
                }
            }
        }
        // Most rooms are loaded for a few notes, and kept long.
        replica.shrink()
        try self.init(header, replica: replica)
        self.tail = tail
        if chain == nil {
            chain = try await LogChain(
                of: id, to: header.record.head, in: store, pageBytes: pageBytes)
        }
    }
}

extension Replica {
    /// Takes in the next row of a document's log.
    ///
    /// - Throws: ``StoreError`` with `corrupt` if it cannot be that.
    mutating func take(_ row: LogRow, of document: DocumentID) throws(StoreError) {
        do {
            let outcome = try integrate(ChangeCodec.decode(row.bytes))
            guard case .applied = outcome else {
                throw Room.damaged(document, row.position, "its causes are missing or it is twice")
            }
        } catch {
            throw error as? StoreError ?? Room.damaged(document, row.position, "\(error)")
        }
    }
}

import GlossCore
import GlossProtocol
import GlossStorage

/// One document in memory: what is on disk, and on top of it the changes on their way there.
///
/// The replica takes changes in the order of the log, so a change's index in it is its position
/// less one.
struct Room {
    /// What is known of a change beside the change.
    struct Mark {
        var hash: ChangeHash
        /// The running checksum up to and including it.
        var sum: Checksum
    }

    let id: DocumentID
    let library: LibraryID
    var replica: Replica
    var owners: [AgentID: AgentOwner] = [:]
    /// By position, from 1 on.
    var marks: [Mark] = []
    /// The last position on disk.
    private(set) var durableHead: Int
    /// The operations on disk.
    private(set) var durableVector: VersionVector
    /// The last rows on disk, for those who follow.
    private(set) var recent = RecentRows()
    /// When it was last used, in the ticks of the rooms' own counter.
    var lastUse = 0

    /// The last position, on disk or on its way there.
    var head: Int { marks.count }
    /// Whether everything it holds is on disk.
    var isDurable: Bool { durableHead == head }

    /// The document as its log has it.
    ///
    /// - Throws: ``StoreError`` with `corrupt` if the log is no valid history.
    init(
        id: DocumentID, library: LibraryID, rows: [LogRow], agents: [AgentRecord]
    ) throws(StoreError) {
        self.id = id
        self.library = library
        var changes: [Change] = []
        for row in rows {
            do throws(WireError) {
                changes.append(try EncodedChange(bytes: row.bytes).change)
            } catch {
                throw Room.damaged(id, row.position, error.message)
            }
        }
        do throws(ChangeError) {
            replica = try Replica(id: id, changes: changes)
        } catch {
            throw Room.damaged(id, 0, error.message)
        }
        guard replica.log.entries.count == rows.count else {
            throw Room.damaged(id, 0, "a change is there twice")
        }
        durableHead = rows.count
        durableVector = replica.versionVector
        for row in rows {
            guard let hash = ChangeHash(bytes: row.hash) else {
                throw Room.damaged(id, row.position, "the hash is malformed")
            }
            marks.append(Mark(hash: hash, sum: Checksum(rawValue: row.sum)))
        }
        for agent in agents {
            owners[agent.agent] = AgentOwner(user: agent.user, device: agent.device)
        }
        for row in rows.suffix(RecentRows.countLimit) { recent.append(row) }
    }

    private static func damaged(_ id: DocumentID, _ position: Int, _ reason: String) -> StoreError {
        StoreError(.corrupt, "Document \(id) is damaged at position \(position): \(reason).")
    }

    /// The checksum at a position on disk; `nil` beyond the head.
    func sum(at position: Int) -> Checksum? {
        guard (0...durableHead).contains(position) else { return nil }
        return position == 0 ? Checksum() : marks[position - 1].sum
    }

    /// Notes that rows are on disk now.
    mutating func settle(_ rows: [LogRow]) {
        for row in rows {
            precondition(row.position == durableHead + 1, "rows settle in order")
            durableHead = row.position
            durableVector[row.agent] = row.seq + row.count
            recent.append(row)
        }
    }
}

/// The end of a log, bounded in rows and bytes.
struct RecentRows {
    static let countLimit = 256
    static let byteLimit = 131_072

    private var rows: [LogRow] = []
    private var byteCount = 0

    mutating func append(_ row: LogRow) {
        rows.append(row)
        byteCount += row.bytes.count
        guard rows.count > 2 * Self.countLimit || byteCount > 2 * Self.byteLimit else { return }
        var dropped = 0
        while rows.count - dropped > Self.countLimit || byteCount > Self.byteLimit,
            dropped < rows.count
        {
            byteCount -= rows[dropped].bytes.count
            dropped += 1
        }
        rows.removeFirst(dropped)
    }

    /// The rows behind a position, at least one if there is one; `nil` if they are not all here.
    func rows(after position: Int, maxBytes: Int) -> [LogRow]? {
        guard let first = rows.first, position + 1 >= first.position else { return nil }
        var found: [LogRow] = []
        var bytes = 0
        for row in rows.dropFirst(position + 1 - first.position) {
            bytes += row.bytes.count
            guard found.isEmpty || bytes <= maxBytes else { break }
            found.append(row)
        }
        return found
    }
}

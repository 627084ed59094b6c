import GlossCore

/// A block as it is kept: the first rows of a log in one piece.
struct StoredBlock: Sendable {
    /// How many rows it holds: those at the positions from 1 on.
    var head: Int
    /// The running checksum at its last row.
    var sum: UInt64
    /// ``BlockColumns``.
    var columns: [UInt8]
    /// The hashes of the rows, one behind the other.
    var hashes: [UInt8]
    /// The bytes of the rows, packed.
    var changes: [UInt8]
}

/// A block that was unpacked: gives its rows as they were appended.
struct OpenBlock: Sendable {
    let document: DocumentID
    let head: Int
    /// How many bytes it has where it is kept; opened it has some times as many.
    let byteCount: Int
    private let columns: BlockColumns
    private let hashes: [UInt8]
    private let sums: [UInt64]
    private let agents: [AgentID: AgentRecord]
    private let changes: any PackedChanges

    /// Unpacks a block. O(n).
    ///
    /// - Throws: ``StoreError`` with `corrupt`, naming the document, if its parts do not agree.
    init(
        _ block: StoredBlock, of document: DocumentID, agents: [AgentRecord],
        packing: any ChangePacking
    ) throws(StoreError) {
        self.document = document
        head = block.head
        byteCount = block.columns.count + block.hashes.count + block.changes.count
        changes = try packing.unpack(block.changes, of: document)
        guard let columns = BlockColumns(block.columns, count: block.head),
            changes.count == block.head,
            block.hashes.count == block.head * LogRules.hashLength
        else { throw Self.damaged(document, "its parts differ in length") }
        self.columns = columns
        hashes = block.hashes
        sums = LogRules.sums(ofHashes: block.hashes)
        self.agents = Dictionary(agents.map { ($0.agent, $0) }) { first, _ in first }
        guard sums.last == block.sum else { throw Self.damaged(document, "its checksum is wrong") }
        guard columns.writers.allSatisfy({ self.agents[$0.agent] != nil }) else {
            throw Self.damaged(document, "nobody is known who wrote in it")
        }
    }

    static func damaged(_ document: DocumentID, _ reason: String) -> StoreError {
        StoreError(
            .corrupt,
            "The block of document \(document) is damaged (\(reason)). Restore a backup.")
    }

    /// The row at a position from 1 to ``head``.
    func row(at position: Int) throws(StoreError) -> LogRow {
        let entry = columns.entries[position - 1]
        let writer = columns.writers[entry.writer]
        guard let agent = agents[writer.agent] else {
            preconditionFailure("looked for when the block was opened")
        }
        let start = (position - 1) * LogRules.hashLength
        return LogRow(
            position: position, agent: writer.agent, seq: entry.seq, count: entry.count,
            bytes: try changes.bytes(at: position - 1),
            hash: Array(hashes[start..<start + LogRules.hashLength]), sum: sums[position - 1],
            user: agent.user, device: agent.device, deviceLabel: AccountRules.cut(writer.label),
            receivedAt: entry.receivedAt)
    }

    /// The position of the row that holds an operation, or `nil`. O(n).
    func position(holding id: OpID) -> Int? {
        columns.entries.firstIndex { entry in
            columns.writers[entry.writer].agent == id.agent
                && (entry.seq..<entry.seq + entry.count).contains(id.seq)
        }.map { $0 + 1 }
    }
}

extension LogRules {
    /// The running checksums of rows from the first of a log on, from their hashes one behind the
    /// other.
    static func sums(ofHashes hashes: [UInt8]) -> [UInt64] {
        var sum: UInt64 = 0
        return stride(from: 0, to: hashes.count - hashLength + 1, by: hashLength).map { start in
            sum = self.sum(after: sum, hash: hashes[start..<start + hashLength])
            return sum
        }
    }
}

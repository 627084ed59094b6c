public import GlossCore
import Synchronization

extension SQLiteStore {
    /// How many bytes of rows are compared at once.
    private static let comparedBytes = 1_048_576

    /// The ``Store`` requirement.
    public func size(of document: DocumentID) async throws(StoreError) -> LogSize? {
        try await read { (store) throws(StoreError) in
            guard let number = try store.number(of: document) else { return nil }
            return try store.first(
                """
                SELECT documents.head, coalesce(blocks.head, 0),
                    coalesce(length(columns) + length(hashes) + length(changes), 0),
                    (SELECT coalesce(sum(length(bytes) + length(hash) + length(user)
                        + length(device_label) + \(LogSize.rowBytes)), 0)
                        FROM log WHERE document = number)
                FROM documents LEFT JOIN blocks ON blocks.document = number WHERE number = ?
                """, [number]
            ) { (row: inout Columns) throws(StoreError) in
                LogSize(
                    head: try row.position(), blockHead: try row.position(),
                    blockBytes: try row.position(), tailBytes: try row.position())
            }
        }
    }

    /// The ``Store`` requirement.
    public func block(of document: DocumentID) async throws(StoreError) -> LogBlock? {
        try await read { (store) throws(StoreError) in
            guard let number = try store.number(of: document) else { return nil }
            return try store.first(
                "SELECT head, changes FROM blocks WHERE document = ?", [number]
            ) { (row: inout Columns) throws(StoreError) in
                LogBlock(head: try row.position(), changes: try row.bytes())
            }
        }
    }

    /// The ``Store`` requirement. Other calls wait while rows are replaced, not while they are
    /// compared.
    public func compact(
        _ document: DocumentID, to position: Int, from blockHead: Int, changes: [UInt8]
    ) async throws(StoreError) {
        let unpacked = try packing.unpack(changes, of: document)
        guard unpacked.count == position, position > blockHead else {
            throw LogRules.notTheSame(document, position)
        }
        // Rows never change, so what is compared here is what is replaced below.
        var compared = 0
        while compared < position {
            let rows = try await rows(
                of: document, after: compared, maxBytes: Self.comparedBytes, maxRows: 4_096)
            guard let last = rows.last else {
                throw try await self.document(document) == nil
                    ? LogRules.unknown(document) : LogRules.tooShort(document, compared)
            }
            for row in rows.prefix(position - compared)
            where try unpacked.bytes(at: row.position - 1) != row.bytes {
                throw LogRules.notTheSame(document, row.position)
            }
            compared = last.position
            await Task.yield()
        }
        openBlocks.withLock { $0.drop(document) }
        try await write { (store) throws(StoreError) in
            guard let number = try store.number(of: document) else {
                throw try store.absence(of: document)
            }
            try store.replaceRows(
                of: document, number, to: position, from: blockHead, by: changes)
        }
    }

    /// The block of a document, opened, if it holds a position.
    func openBlock(
        of document: DocumentID, holding position: Int
    ) async throws(StoreError) -> OpenBlock? {
        let head = try await read { (store) throws(StoreError) in
            try store.number(of: document).map { number throws(StoreError) in
                try store.blockHead(number)
            } ?? 0
        }
        guard position <= head else { return nil }
        let block = openBlocks.withLock { blocks in
            blocks.block(of: document, head: head) {
                Task { try await self.open(document, head: head) }
            }
        }
        switch block {
        case .opened(let block): return block
        case .opening(let task):
            do {
                return try await task.value
            } catch {
                throw error as? StoreError
                    ?? StoreError(.io, "The block of \(document) could not be opened: \(error)")
            }
        }
    }

    /// Opens the block of a document for all who read in it.
    private func open(_ document: DocumentID, head: Int) async throws(StoreError) -> OpenBlock? {
        var opened: OpenBlock?
        defer { openBlocks.withLock { $0.finish(document, head: head, opened) } }
        let found = try await read { (store) throws(StoreError) -> (StoredBlock, [AgentRecord])? in
            guard let number = try store.number(of: document),
                let block = try store.storedBlock(number)
            else { return nil }
            return (block, try store.agents(of: document, number))
        }
        guard let (stored, agents) = found else { return nil }
        opened = try OpenBlock(stored, of: document, agents: agents, packing: packing)
        return opened
    }
}

extension Connection {
    /// How far the block of a document reaches; 0 without one.
    func blockHead(_ number: Int64) throws(StoreError) -> Int {
        try first("SELECT head FROM blocks WHERE document = ?", [number]) {
            (row: inout Columns) throws(StoreError) in try row.position()
        } ?? 0
    }

    fileprivate func storedBlock(_ number: Int64) throws(StoreError) -> StoredBlock? {
        try first(
            "SELECT head, sum, columns, hashes, changes FROM blocks WHERE document = ?", [number]
        ) { (row: inout Columns) throws(StoreError) in
            StoredBlock(
                head: try row.position(), sum: try row.bits(), columns: try row.bytes(),
                hashes: try row.bytes(), changes: try row.bytes())
        }
    }

    /// Puts rows that were compared with what `changes` gives into one block.
    fileprivate func replaceRows(
        of document: DocumentID, _ number: Int64, to position: Int, from blockHead: Int,
        by changes: [UInt8]
    ) throws(StoreError) {
        let block = try storedBlock(number)
        guard (block?.head ?? 0) == blockHead else { throw LogRules.otherBlock(document) }
        var columns = BlockColumns()
        if let block {
            guard let known = BlockColumns(block.columns, count: block.head) else {
                throw OpenBlock.damaged(document, "its columns cannot be read")
            }
            columns = known
        }
        var hashes = block?.hashes ?? []
        var sum = block?.sum ?? 0
        var next = blockHead + 1
        try each(
            """
            SELECT position, agent, device_label, count, received_at, hash, sum FROM log
            WHERE document = ? AND position <= ? ORDER BY position
            """, [number, position]
        ) { (row: inout Columns) throws(StoreError) in
            guard try row.position() == next else { return false }
            next += 1
            columns.append(
                agent: try row.agent(), label: try row.text(), count: try row.count(),
                receivedAt: try row.int())
            hashes += try row.hash()
            sum = try row.bits()
            return true
        }
        guard next == position + 1 else { throw LogRules.tooShort(document, next - 1) }
        try run(
            """
            INSERT OR REPLACE INTO blocks (document, head, sum, columns, hashes, changes)
            VALUES (?, ?, ?, ?, ?, ?)
            """, [number, position, sum.sql, columns.bytes, hashes, changes])
        try run("DELETE FROM log WHERE document = ? AND position <= ?", [number, position])
        guard changed == position - blockHead else { throw LogRules.tooShort(document, position) }
    }
}

extension LogRules {
    /// What to say of packed changes that do not give a log's rows.
    static func notTheSame(_ document: DocumentID, _ position: Int) -> StoreError {
        StoreError(
            .invalid,
            "Document \(document) was packed, and did not come back the same at \(position).")
    }

    /// What to say of a log that is shorter than a caller believes.
    static func tooShort(_ document: DocumentID, _ position: Int) -> StoreError {
        StoreError(.stale, "The log of document \(document) ends at \(position).")
    }

    /// What to say when somebody else has compacted a log.
    static func otherBlock(_ document: DocumentID) -> StoreError {
        StoreError(.stale, "Document \(document) has another block by now.")
    }
}

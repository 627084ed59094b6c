public import GlossCore
import Synchronization

extension SQLiteStore {
    /// The ``Store`` requirement.
    public func rows(
        of document: DocumentID, after position: Int, maxBytes: Int, maxRows: Int
    ) async throws(StoreError) -> [LogRow] {
        var page = LogPage(after: max(0, position), maxBytes: maxBytes, maxRows: maxRows)
        while true {
            if let whole = try await appendTail(of: document, to: page) { return whole.rows }
            guard let block = try await openBlock(of: document, holding: page.last + 1) else {
                return page.rows
            }
            for position in page.last + 1...block.head {
                guard !page.isFull, page.append(try block.row(at: position)) else {
                    return page.rows
                }
            }
        }
    }

    /// Adds what fits of the rows that are in no block; `nil` if one in a block comes next.
    private func appendTail(
        of document: DocumentID, to page: LogPage
    ) async throws(StoreError) -> LogPage? {
        try await read { (store) throws(StoreError) in
            guard !page.isFull, let number = try store.number(of: document) else { return page }
            if page.last < (try store.blockHead(number)) { return nil }
            var page = page
            try store.each(
                """
                SELECT \(Connection.logColumns) WHERE document = ? AND position > ?
                ORDER BY position LIMIT ?
                """, [number, page.last, page.maxRows - page.rows.count]
            ) { (columns: inout Columns) throws(StoreError) in
                page.append(try LogRow(row: &columns))
            }
            return page
        }
    }

    /// The ``Store`` requirement.
    public func row(
        of document: DocumentID, holding id: OpID
    ) async throws(StoreError) -> LogRow? {
        let found = try await read { (store) throws(StoreError) -> LogRow? in
            guard let number = try store.number(of: document) else { return nil }
            return try store.first(
                """
                SELECT \(Connection.logColumns) WHERE document = ? AND agent = ? AND seq <= ?
                ORDER BY seq DESC LIMIT 1
                """, [number, id.agent.sql, id.seq], LogRow.init(row:))
        }
        if let found { return found.seq + found.count > id.seq ? found : nil }
        guard let block = try await openBlock(of: document, holding: 1),
            let position = block.position(holding: id)
        else { return nil }
        return try block.row(at: position)
    }

    /// The ``Store`` requirement.
    public func agents(of document: DocumentID) async throws(StoreError) -> [AgentRecord] {
        try await read { (store) throws(StoreError) in
            guard let number = try store.number(of: document) else { return [] }
            return try store.agents(of: document, number)
        }
    }

    /// The ``Store`` requirement.
    public func sum(
        of document: DocumentID, at position: Int
    ) async throws(StoreError) -> UInt64? {
        try await read { (store) throws(StoreError) in
            guard let number = try store.number(of: document) else { return nil }
            return try store.sum(of: document, number, at: position, self.blockSums)
        }
    }

    /// The ``Store`` requirement.
    public func marks(
        of document: DocumentID, at positions: [Int]
    ) async throws(StoreError) -> [LogMark] {
        try await read { (store) throws(StoreError) in
            guard let number = try store.number(of: document) else { return [] }
            var found = try store.blockMarks(of: document, number, at: positions, self.blockSums)
            for position in positions where found[position] == nil {
                found[position] = try store.first(
                    """
                    SELECT position, hash, sum, received_at FROM log
                    WHERE document = ? AND position = ?
                    """,
                    [number, position], LogMark.init(row:))
            }
            return positions.compactMap { found[$0] }
        }
    }

    /// The ``Store`` requirement.
    public func setChain(
        _ chain: [UInt8], of document: DocumentID, at head: Int
    ) async throws(StoreError) {
        try LogRules.check(length: chain)
        try await write { (store) throws(StoreError) in
            try store.run(
                "UPDATE documents SET chain = ? WHERE id = ? AND head = ?",
                [chain, document.sql, head])
        }
    }

    /// The ``Store`` requirement.
    public func commit(_ appends: [Append]) async throws(StoreError) -> [Appended] {
        for append in appends {
            for row in append.rows { try LogRules.check(row) }
            try LogRules.check(length: append.chain)
        }
        return try await write { (store) throws(StoreError) in
            var results: [Appended] = []
            for append in appends { results.append(try store.append(append)) }
            return results
        }
    }
}

extension Connection {
    static let logColumns = """
        position, agent, seq, count, bytes, hash, sum, user, device, device_label, received_at
        FROM log
        """

    static let agentColumns = "agent, user, device, next_seq FROM agents"

    func agents(of document: DocumentID, _ number: Int64) throws(StoreError) -> [AgentRecord] {
        let found = try all("SELECT \(Self.agentColumns) WHERE document = ?", [number]) {
            (row: inout Columns) throws(StoreError) in
            try AgentRecord(document: document, row: &row)
        }
        return found.sorted { $0.agent < $1.agent }
    }

    /// The marks of rows that are in a block, of those at some positions.
    fileprivate func blockMarks(
        of document: DocumentID, _ number: Int64, at positions: [Int], _ sums: BlockSums
    ) throws(StoreError) -> [Int: LogMark] {
        try withBlockHashes(number) { (hashes: borrowing BlockHashes) throws(StoreError) in
            var found: [Int: LogMark] = [:]
            var last: (position: Int, sum: UInt64)?
            for position in positions.sorted() where position >= 1 && position <= hashes.count {
                let sum = try sums.sum(of: document, at: position, in: hashes, near: last)
                last = (position, sum)
                found[position] = LogMark(
                    position: position,
                    hash: try hashes.hashes(after: position - 1, to: position), sum: sum)
            }
            return found
        } ?? [:]
    }

    func sum(
        of document: DocumentID, _ number: Int64, at position: Int, _ sums: BlockSums
    ) throws(StoreError) -> UInt64? {
        if position == 0 { return 0 }
        let sum = try first(
            """
            SELECT sum FROM log WHERE document = ?1 AND position = ?2
            UNION ALL SELECT sum FROM blocks WHERE document = ?1 AND head = ?2
            """, [number, position]
        ) { (row: inout Columns) throws(StoreError) in try row.bits() }
        if let sum { return sum }
        return try withBlockHashes(number) {
            (hashes: borrowing BlockHashes) throws(StoreError) -> UInt64? in
            guard position > 0, position <= hashes.count else { return nil }
            return try sums.sum(of: document, at: position, in: hashes)
        } ?? nil
    }

    fileprivate func append(_ append: Append) throws(StoreError) -> Appended {
        guard var end = try end(of: append.document) else {
            throw try absence(of: append.document)
        }
        let number = end.number
        try LogRules.check(append, against: end.head)
        var result = Appended(
            document: append.document, firstPosition: end.head + 1, sums: [])
        var agents: [AgentID: AgentRecord] = [:]
        for row in append.rows {
            var agent = agents[row.agent]
            if agent == nil { agent = try self.agent(row.agent, of: append.document, number) }
            try LogRules.check(row, in: append.document, continuing: agent)
            agents[row.agent] = AgentRecord(
                document: append.document, agent: row.agent, user: row.user, device: row.device,
                nextSeq: row.seq + row.count)
            end.head += 1
            end.sum = LogRules.sum(after: end.sum, hash: row.hash)
            end.byteCount += row.bytes.count
            try insert(row, number, position: end.head, sum: end.sum)
            result.sums.append(end.sum)
        }
        for (_, agent) in agents.sorted(by: { $0.key < $1.key }) { try note(agent, number) }
        if append.rows.isEmpty { return result }
        try run(
            "UPDATE documents SET head = ?, sum = ?, byte_count = ?, chain = ? WHERE number = ?",
            [end.head, end.sum.sql, end.byteCount, append.chain, number])
        return result
    }

    /// What appending to a log takes.
    private struct LogEnd {
        var number: Int64
        var head: Int
        var sum: UInt64
        var byteCount: Int
    }

    private func end(of document: DocumentID) throws(StoreError) -> LogEnd? {
        try first(
            "SELECT number, head, sum, byte_count FROM documents WHERE id = ?", [document.sql]
        ) { (row: inout Columns) throws(StoreError) in
            LogEnd(
                number: try row.int64(), head: try row.position(), sum: try row.bits(),
                byteCount: try row.int())
        }
    }

    private func agent(
        _ agent: AgentID, of document: DocumentID, _ number: Int64
    ) throws(StoreError) -> AgentRecord? {
        try first(
            "SELECT \(Self.agentColumns) WHERE document = ? AND agent = ?", [number, agent.sql]
        ) { (row: inout Columns) throws(StoreError) in
            try AgentRecord(document: document, row: &row)
        }
    }

    /// Keeps how far an agent has come.
    private func note(_ agent: AgentRecord, _ number: Int64) throws(StoreError) {
        try run(
            """
            INSERT INTO agents (document, agent, user, device, next_seq) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET next_seq = excluded.next_seq
            """, [number, agent.agent.sql, agent.user, agent.device.sql, agent.nextSeq])
    }

    private func insert(
        _ row: NewRow, _ number: Int64, position: Int, sum: UInt64
    ) throws(StoreError) {
        try run(
            """
            INSERT INTO log (document, position, agent, seq, count, hash, sum, user, device,
                device_label, received_at, bytes)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                number, position, row.agent.sql, row.seq, row.count, row.hash, sum.sql,
                row.user, row.device.sql, row.deviceLabel, row.receivedAt, row.bytes,
            ])
    }
}

/// Rows being read, up to a limit.
struct LogPage {
    let maxBytes: Int
    let maxRows: Int
    private(set) var rows: [LogRow] = []
    /// The position behind which the next row stands.
    private(set) var last: Int
    private var bytes = 0

    init(after position: Int, maxBytes: Int, maxRows: Int) {
        last = position
        self.maxBytes = maxBytes
        self.maxRows = maxRows
    }

    var isFull: Bool { rows.count >= maxRows }

    /// Adds a row if it fits, the first one anyway; gives whether it did.
    mutating func append(_ row: LogRow) -> Bool {
        bytes += row.bytes.count
        guard rows.isEmpty || bytes <= maxBytes else { return false }
        rows.append(row)
        last = row.position
        return true
    }
}

extension LogRow {
    init(row: inout Columns) throws(StoreError) {
        self.init(
            position: try row.position(), agent: try row.agent(), seq: try row.seq(),
            count: try row.count(), bytes: try row.bytes(), hash: try row.hash(),
            sum: try row.bits(), user: try row.text(), device: try row.device(),
            deviceLabel: AccountRules.cut(try row.text()), receivedAt: try row.int())
    }
}

extension LogMark {
    init(row: inout Columns) throws(StoreError) {
        self.init(
            position: try row.position(), hash: try row.hash(), sum: try row.bits(),
            receivedAt: try row.int())
    }
}

extension AgentRecord {
    init(document: DocumentID, row: inout Columns) throws(StoreError) {
        self.init(
            document: document, agent: try row.agent(), user: try row.text(),
            device: try row.device(), nextSeq: try row.count())
    }
}

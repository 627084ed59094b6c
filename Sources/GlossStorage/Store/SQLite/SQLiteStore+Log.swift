public import GlossCore

extension SQLiteStore {
    /// The ``Store`` requirement.
    public func rows(
        of document: DocumentID, after position: Int, maxBytes: Int, maxRows: Int
    ) async throws(StoreError) -> [LogRow] {
        try await read { (store) throws(StoreError) in
            guard maxRows > 0, let number = try store.number(of: document) else { return [] }
            var found: [LogRow] = []
            var bytes = 0
            try store.each(
                """
                SELECT \(Connection.logColumns) WHERE document = ? AND position > ?
                ORDER BY position LIMIT ?
                """, [number, position, maxRows]
            ) { (columns: inout Columns) throws(StoreError) in
                let row = try LogRow(row: &columns)
                bytes += row.bytes.count
                guard found.isEmpty || bytes <= maxBytes else { return false }
                found.append(row)
                return true
            }
            return found
        }
    }

    /// The ``Store`` requirement.
    public func row(
        of document: DocumentID, holding id: OpID
    ) async throws(StoreError) -> LogRow? {
        try await read { (store) throws(StoreError) in
            guard let number = try store.number(of: document) else { return nil }
            let row = try store.first(
                """
                SELECT \(Connection.logColumns) WHERE document = ? AND agent = ? AND seq <= ?
                ORDER BY seq DESC LIMIT 1
                """, [number, id.agent.sql, id.seq], LogRow.init(row:))
            return row.flatMap { $0.seq + $0.count > id.seq ? $0 : nil }
        }
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
            return try store.sum(of: document, number, at: position)
        }
    }

    /// The ``Store`` requirement.
    public func marks(
        of document: DocumentID, at positions: [Int]
    ) async throws(StoreError) -> [LogMark] {
        try await read { (store) throws(StoreError) in
            guard let number = try store.number(of: document) else { return [] }
            var found: [LogMark] = []
            for position in positions {
                let mark = try store.first(
                    "SELECT position, hash, sum FROM log WHERE document = ? AND position = ?",
                    [number, position], LogMark.init(row:))
                if let mark { found.append(mark) }
            }
            return found
        }
    }

    /// The ``Store`` requirement.
    public func commit(_ appends: [Append]) async throws(StoreError) -> [Appended] {
        for append in appends {
            for row in append.rows { try LogRules.check(row) }
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

    func sum(
        of document: DocumentID, _ number: Int64, at position: Int
    ) throws(StoreError) -> UInt64? {
        if position == 0 { return 0 }
        return try first(
            "SELECT sum FROM log WHERE document = ? AND position = ?", [number, position]
        ) { (row: inout Columns) throws(StoreError) in try row.bits() }
    }

    fileprivate func append(_ append: Append) throws(StoreError) -> Appended {
        guard let number = try number(of: append.document),
            var record = try document(append.document)
        else { throw LogRules.unknown(append.document) }
        try LogRules.check(append, against: record.head)
        var result = Appended(
            document: append.document, firstPosition: record.head + 1, sums: [])
        var agents: [AgentID: AgentRecord] = [:]
        for row in append.rows {
            var agent = agents[row.agent]
            if agent == nil { agent = try self.agent(row.agent, of: append.document, number) }
            try LogRules.check(row, in: append.document, continuing: agent)
            agents[row.agent] = AgentRecord(
                document: append.document, agent: row.agent, user: row.user, device: row.device,
                nextSeq: row.seq + row.count)
            record.head += 1
            record.sum = LogRules.sum(after: record.sum, hash: row.hash)
            record.byteCount += row.bytes.count
            try insert(row, number, position: record.head, sum: record.sum)
            result.sums.append(record.sum)
        }
        for (_, agent) in agents.sorted(by: { $0.key < $1.key }) { try note(agent, number) }
        try run(
            "UPDATE documents SET head = ?, sum = ?, byte_count = ? WHERE number = ?",
            [record.head, record.sum.sql, record.byteCount, number])
        return result
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
                number, position, row.agent.sql, row.seq, row.count, row.hash.sql, sum.sql,
                row.user, row.device.sql, row.deviceLabel, row.receivedAt, row.bytes.sql,
            ])
    }
}

extension LogRow {
    init(row: inout Columns) throws(StoreError) {
        self.init(
            position: try row.position(), agent: try row.agent(), seq: try row.seq(),
            count: try row.count(), bytes: try row.bytes(), hash: try row.hash(),
            sum: try row.bits(), user: try row.text(), device: try row.device(),
            deviceLabel: try row.text(), receivedAt: try row.int())
    }
}

extension LogMark {
    init(row: inout Columns) throws(StoreError) {
        self.init(position: try row.position(), hash: try row.hash(), sum: try row.bits())
    }
}

extension AgentRecord {
    init(document: DocumentID, row: inout Columns) throws(StoreError) {
        self.init(
            document: document, agent: try row.agent(), user: try row.text(),
            device: try row.device(), nextSeq: try row.count())
    }
}

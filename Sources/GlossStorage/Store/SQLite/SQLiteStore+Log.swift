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
            let found = try store.all(
                """
                SELECT \(Connection.agentColumns) WHERE document = ?
                """, [number]
            ) { (row: inout Columns) throws(StoreError) in
                try AgentRecord(document: document, row: &row)
            }
            return found.sorted { $0.agent < $1.agent }
        }
    }

    /// The ``Store`` requirement.
    public func sum(
        of document: DocumentID, at position: Int
    ) async throws(StoreError) -> UInt64? {
        try await read { (store) throws(StoreError) in
            guard let number = try store.number(of: document) else { return nil }
            if position == 0 { return 0 }
            return try store.first(
                "SELECT sum FROM log WHERE document = ? AND position = ?", [number, position]
            ) { (row: inout Columns) throws(StoreError) in try row.bits() }
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

    /// An agent's next number is behind its last row, found through the index on numbers.
    static let agentColumns = """
        agent, user, device,
            (SELECT seq + count FROM log
             WHERE log.document = agents.document AND log.agent = agents.agent
             ORDER BY seq DESC LIMIT 1)
        FROM agents
        """

    fileprivate func append(_ append: Append) throws(StoreError) -> Appended {
        guard let number = try number(of: append.document) else {
            throw LogRules.unknown(append.document)
        }
        var head = 0
        var sum: UInt64 = 0
        let last = "SELECT position, sum FROM log WHERE document = ? ORDER BY position DESC LIMIT 1"
        try each(last, [number]) { (row: inout Columns) throws(StoreError) in
            (head, sum) = (try row.position(), try row.bits())
            return false
        }
        try LogRules.check(append, against: head)
        var result = Appended(document: append.document, firstPosition: head + 1, sums: [])
        var agents: [AgentID: AgentRecord] = [:]
        for row in append.rows {
            var agent = agents[row.agent]
            if agent == nil { agent = try self.agent(row.agent, of: append.document, number) }
            try LogRules.check(row, in: append.document, continuing: agent)
            if agent == nil {
                try run(
                    "INSERT INTO agents (document, agent, user, device) VALUES (?, ?, ?, ?)",
                    [number, row.agent.sql, row.user, row.device.sql])
            }
            agent = AgentRecord(
                document: append.document, agent: row.agent, user: row.user, device: row.device,
                nextSeq: row.seq + row.count)
            agents[row.agent] = agent
            head += 1
            sum = LogRules.sum(after: sum, hash: row.hash)
            try insert(row, number, position: head, sum: sum)
            result.sums.append(sum)
        }
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

extension AgentRecord {
    init(document: DocumentID, row: inout Columns) throws(StoreError) {
        self.init(
            document: document, agent: try row.agent(), user: try row.text(),
            device: try row.device(), nextSeq: try row.count())
    }
}

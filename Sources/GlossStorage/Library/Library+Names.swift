import GlossCore

extension LibraryReader {
    /// What the names of a range of keys stand for, in order of keys, at most `limit`. The keys
    /// that begin with some bits are such a range.
    public func names(
        in keys: ClosedRange<UInt64>, limit: Int = .max
    ) throws(StoreError) -> [NameRecord] {
        try connection.all(
            """
            SELECT key, document, agent, seq, kind FROM names WHERE key BETWEEN ? AND ?
            ORDER BY key, document, agent, seq LIMIT ?
            """, [keys.lowerBound.orderedSQL, keys.upperBound.orderedSQL, max(0, limit)],
            NameRecord.init(row:))
    }
}

extension LibraryWriter {
    /// Adds a name. Adding it again changes nothing.
    public func addName(_ name: NameRecord) throws(StoreError) {
        try connection.run(
            """
            INSERT INTO names (key, document, agent, seq, kind) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT DO NOTHING
            """,
            [name.key.orderedSQL, name.document.sql, name.id.agent.sql, name.id.seq, name.kind])
    }
}

extension LibraryWriter {
    /// Removes a name, if it is there.
    public func dropName(_ name: NameRecord) throws(StoreError) {
        try connection.run(
            "DELETE FROM names WHERE key = ? AND document = ? AND agent = ? AND seq = ?",
            [name.key.orderedSQL, name.document.sql, name.id.agent.sql, name.id.seq])
    }
}

extension NameRecord {
    init(row: inout Columns) throws(StoreError) {
        self.init(
            key: try row.orderedBits(), document: try row.document(),
            id: OpID(agent: try row.agent(), seq: try row.seq()), kind: try row.text())
    }
}

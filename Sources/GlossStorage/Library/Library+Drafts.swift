public import GlossCore

extension LibraryReader {
    /// All drafts, the newest first.
    public func drafts() throws(StoreError) -> [Draft] {
        try connection.all(
            """
            SELECT id, document, purpose, base_version, text, time FROM drafts
            ORDER BY id DESC
            """, [], Draft.init(row:))
    }
}

extension LibraryWriter {
    /// Keeps a draft and says its number.
    @discardableResult
    public func keepDraft(
        document: DocumentID, purpose: String, baseVersion: [UInt8], text: String, time: Int
    ) throws(StoreError) -> Int64 {
        try connection.run(
            """
            INSERT INTO drafts (document, purpose, base_version, text, time)
            VALUES (?, ?, ?, ?, ?)
            """, [document.sql, purpose, baseVersion, text, time])
        return connection.insertedRowID
    }

    /// Says that a draft was written on another version; `notFound` if there is none of that number.
    public func rebaseDraft(_ id: Int64, on baseVersion: [UInt8]) throws(StoreError) {
        try connection.run(
            "UPDATE drafts SET base_version = ? WHERE id = ?", [baseVersion, id])
        guard connection.changed == 1 else {
            throw StoreError(.notFound, "There is no draft \(id).")
        }
    }

    /// Throws a draft away; `notFound` if there is none of that number.
    public func dropDraft(_ id: Int64) throws(StoreError) {
        try connection.run("DELETE FROM drafts WHERE id = ?", [id])
        guard connection.changed == 1 else {
            throw StoreError(.notFound, "There is no draft \(id).")
        }
    }
}

extension Draft {
    init(row: inout Columns) throws(StoreError) {
        self.init(
            id: try row.int64(), document: try row.document(), purpose: try row.text(),
            baseVersion: try row.bytes(), text: try row.text(), time: try row.int())
    }
}

public import GlossCore

extension SQLiteStore {
    /// The ``Store`` requirement.
    public func createArticle(
        _ id: DocumentID, in library: LibraryID, now: Int
    ) async throws(StoreError) -> (article: DocumentRecord, annotations: DocumentRecord) {
        guard id.kind == .article else {
            throw StoreError(.invalid, "\(id) is not the id of an article.")
        }
        return try await write { (store) throws(StoreError) in
            try store.requireLibrary(library)
            if let known = try store.document(id), known.library != library {
                throw StoreError(.exists, "Document \(id) is in another library.")
            }
            for document in [id, id.annotations] {
                try store.run(
                    """
                    INSERT INTO documents (id, library, created_at) VALUES (?, ?, ?)
                    ON CONFLICT DO NOTHING
                    """, [document.sql, library.sql, now])
            }
            guard let article = try store.document(id),
                let annotations = try store.document(id.annotations)
            else { preconditionFailure("made above") }
            return (article, annotations)
        }
    }

    /// The ``Store`` requirement.
    public func document(_ id: DocumentID) async throws(StoreError) -> DocumentRecord? {
        try await read { (store) throws(StoreError) in try store.document(id) }
    }

    /// The ``Store`` requirement.
    public func documents(
        in library: LibraryID, after: DocumentID?, limit: Int
    ) async throws(StoreError) -> [DocumentRecord] {
        try await read { (store) throws(StoreError) in
            try store.all(
                """
                SELECT \(Connection.documentColumns) WHERE library = ? AND id > ?
                ORDER BY id LIMIT ?
                """,
                [library.sql, after?.sql ?? [UInt8]().sql, max(0, limit)],
                DocumentRecord.init(row:))
        }
    }
}

extension Connection {
    /// The head and its checksum are those of the last row, found through the log's own order.
    static let documentColumns = """
        id, library, created_at,
            (SELECT position FROM log WHERE document = number ORDER BY position DESC LIMIT 1),
            (SELECT sum FROM log WHERE document = number ORDER BY position DESC LIMIT 1)
        FROM documents
        """

    func document(_ id: DocumentID) throws(StoreError) -> DocumentRecord? {
        try first(
            "SELECT \(Self.documentColumns) WHERE id = ?", [id.sql], DocumentRecord.init(row:))
    }

    func number(of document: DocumentID) throws(StoreError) -> Int64? {
        try first("SELECT number FROM documents WHERE id = ?", [document.sql]) {
            (row: inout Columns) throws(StoreError) in try row.int64()
        }
    }
}

extension DocumentRecord {
    init(row: inout Columns) throws(StoreError) {
        self.init(
            id: try row.document(), library: try row.library(), head: 0, sum: 0,
            createdAt: try row.int())
        head = try row.optionalPosition() ?? 0
        sum = try row.optionalInt64().map { UInt64(bitPattern: $0) } ?? 0
    }
}

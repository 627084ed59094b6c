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
            if try store.purgedDocument(id) != nil { throw LogRules.gone(id) }
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
                [library.sql, after?.sql ?? [UInt8](), max(0, limit)],
                DocumentRecord.init(row:))
        }
    }

    /// The ``Store`` requirement.
    public func documents(
        in library: LibraryID, readableBy user: String, after: DocumentID?, limit: Int
    ) async throws(StoreError) -> [DocumentRecord] {
        try await read { (store) throws(StoreError) in
            guard limit > 0 else { return [] }
            let hidden = try store.all(
                "SELECT article FROM document_roles WHERE library = ? AND user = ? AND role = ?",
                [library.sql, user, DocumentRole.none]
            ) { (row: inout Columns) throws(StoreError) in try row.document() }
            let articles = Set(hidden)
            var found: [DocumentRecord] = []
            // Private sets stand behind all others. Those of other users, which may be very many, are
            // not read.
            let parts: [(String, Connection.Arguments)] = [
                ("id < x'ffffffff'", []),
                ("id >= x'ffffffff' AND private_sets.user = ?", [user]),
            ]
            for (condition, arguments) in parts where found.count < limit {
                try store.each(
                    """
                    SELECT \(Connection.documentColumns)
                    WHERE library = ? AND id > ? AND \(condition) ORDER BY id
                    """, [library.sql, after?.sql ?? [UInt8]()] + arguments
                ) { (row: inout Columns) throws(StoreError) in
                    let record = try DocumentRecord(row: &row)
                    if !articles.contains(record.article) { found.append(record) }
                    return found.count < limit
                }
            }
            return found
        }
    }
}

extension SQLiteStore {
    /// The ``Store`` requirement.
    public func header(
        of document: DocumentID, at position: Int
    ) async throws(StoreError) -> DocumentHeader? {
        try await read { (store) throws(StoreError) in
            guard let record = try store.document(document),
                let number = try store.number(of: document)
            else { return nil }
            let sum =
                position == record.head
                ? record.sum : try store.sum(of: document, number, at: position, self.blockSums)
            return DocumentHeader(
                record: record, agents: try store.agents(of: document, number), sum: sum)
        }
    }
}

extension Connection {
    static let documentColumns = """
        id, library, created_at, head, sum, byte_count, chain, private_sets.article,
        private_sets.user
        FROM documents LEFT JOIN private_sets ON private_sets.document = documents.number
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
        head = try row.position()
        sum = try row.bits()
        byteCount = try row.position()
        chain = try row.optionalBytes()
        if let article = try row.optionalDocument() { self.article = article }
        owner = try row.optionalText()
    }
}

public import GlossCore

extension SQLiteStore {
    /// The ``Store`` requirement.
    public func createPrivateSet(
        _ id: DocumentID, of article: DocumentID, for user: String, now: Int
    ) async throws(StoreError) -> DocumentRecord {
        try LogRules.checkPrivateSet(id, of: article)
        return try await write { (store) throws(StoreError) in
            guard let library = try store.document(article)?.library else {
                throw try store.absence(of: article)
            }
            guard try store.hasUser(user) else { throw AccountRules.unknown(user: user) }
            if let known = try store.document(id) {
                guard known.article == article, known.owner == user else {
                    throw LogRules.taken(id)
                }
                return known
            }
            try store.run(
                "INSERT INTO documents (id, library, created_at) VALUES (?, ?, ?)",
                [id.sql, library.sql, now])
            try store.run(
                "INSERT INTO private_sets (document, article, user) VALUES (?, ?, ?)",
                [store.insertedRowID, article.sql, user])
            guard let record = try store.document(id) else { preconditionFailure("made above") }
            return record
        }
    }

    /// The ``Store`` requirement.
    public func privateSets(
        of article: DocumentID
    ) async throws(StoreError) -> [DocumentRecord] {
        try await read { (store) throws(StoreError) in try store.privateSets(of: article) }
    }
}

extension Connection {
    func privateSets(of article: DocumentID) throws(StoreError) -> [DocumentRecord] {
        try all(
            "SELECT \(Self.documentColumns) WHERE private_sets.article = ? ORDER BY id",
            [article.sql], DocumentRecord.init(row:))
    }
}

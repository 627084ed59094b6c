import GRDB
public import GlossCore
import Synchronization

extension SQLiteStore {
    /// The ``Store`` requirement.
    public func purge(
        _ article: DocumentID, now: Int
    ) async throws(StoreError) -> [DocumentRecord] {
        try LogRules.checkPurge(article)
        let records = try await write { (store) throws(StoreError) -> [DocumentRecord] in
            if try store.purgedDocument(article) != nil { return [] }
            var records: [DocumentRecord] = []
            let sets = try store.privateSets(of: article).map(\.id)
            for document in [article, article.annotations] + sets {
                guard let record = try store.document(document),
                    let number = try store.number(of: document)
                else { throw LogRules.unknown(document) }
                records.append(record)
                for table in ["log", "agents", "blocks", "private_sets"] {
                    try store.run("DELETE FROM \(table) WHERE document = ?", [number])
                }
                try store.run("DELETE FROM documents WHERE number = ?", [number])
                try store.run(
                    """
                    INSERT INTO purged (id, library, purged_at, article, user)
                    VALUES (?, ?, ?, ?, ?)
                    """,
                    [document.sql, record.library.sql, now, article.sql, record.owner])
            }
            return records
        }
        openBlocks.withLock { blocks in
            for record in records { blocks.drop(record.id) }
        }
        for record in records { blockSums.drop(record.id) }
        return records
    }

    /// The ``Store`` requirement.
    public func purgedDocument(
        _ document: DocumentID
    ) async throws(StoreError) -> PurgedRecord? {
        try await read { (store) throws(StoreError) in try store.purgedDocument(document) }
    }

    /// The ``Store`` requirement.
    public func reclaim() async throws(StoreError) {
        let path = path
        try await read { (store) throws(StoreError) in
            do {
                try store.database.execute(sql: "VACUUM")
                // The old pages are in the write-ahead log until this has made it empty.
                let isBusy = try Int.fetchOne(
                    store.database, sql: "PRAGMA wal_checkpoint(TRUNCATE)")
                if isBusy != 0 {
                    throw StoreError(.locked, "\(path): something else reads the database.")
                }
            } catch let error as StoreError {
                throw error
            } catch {
                throw StoreError(error, path: path)
            }
        }
    }
}

extension Connection {
    func purgedDocument(_ document: DocumentID) throws(StoreError) -> PurgedRecord? {
        try first("SELECT library, article, user FROM purged WHERE id = ?", [document.sql]) {
            (row: inout Columns) throws(StoreError) in
            PurgedRecord(
                id: document, library: try row.library(),
                article: try row.optionalDocument() ?? document.article,
                owner: try row.optionalText())
        }
    }

    /// What to say of a document that does not exist: whether it ever did.
    func absence(of document: DocumentID) throws(StoreError) -> StoreError {
        try purgedDocument(document) == nil ? LogRules.unknown(document) : LogRules.gone(document)
    }
}

extension LogRules {
    /// Refuses a role on what is no article.
    static func checkArticle(_ document: DocumentID) throws(StoreError) {
        guard document.kind == .article else {
            throw StoreError(
                .invalid, "\(document) is an annotation set. Its article is \(document.article).")
        }
    }

    /// Refuses to purge what is no article.
    static func checkPurge(_ document: DocumentID) throws(StoreError) {
        guard document.kind == .article else {
            throw StoreError(
                .invalid,
                "\(document) is an annotation set. Purge its article, \(document.article).")
        }
    }

    /// Refuses to make a private set that is none, or of what is no article.
    static func checkPrivateSet(
        _ id: DocumentID, of article: DocumentID
    ) throws(StoreError) {
        try checkArticle(article)
        guard id.kind == .privateAnnotations else {
            throw StoreError(.invalid, "\(id) is not the id of a private annotation set.")
        }
    }

    /// What to say of a private set whose id is another's.
    static func taken(_ id: DocumentID) -> StoreError {
        StoreError(.exists, "The private annotation set \(id) is somebody else's.")
    }

    /// What to say of a document that was purged.
    static func gone(_ document: DocumentID) -> StoreError {
        StoreError(.gone, "Document \(document) was purged.")
    }
}

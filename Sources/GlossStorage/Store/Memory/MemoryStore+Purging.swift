public import GlossCore

extension MemoryStore {
    /// The ``Store`` requirement.
    public func purge(_ article: DocumentID, now: Int) throws(StoreError) -> [DocumentRecord] {
        try checkOpen()
        try LogRules.checkPurge(article)
        if purged[article] != nil { return [] }
        var records: [DocumentRecord] = []
        for id in [article, article.annotations] {
            guard let record = try document(id) else { throw LogRules.unknown(id) }
            records.append(record)
        }
        records += try privateSets(of: article)
        for record in records {
            logs[record.id] = nil
            purged[record.id] = PurgedRecord(
                id: record.id, library: record.library, article: article, owner: record.owner)
        }
        return records
    }

    /// The ``Store`` requirement.
    public func purgedDocument(_ document: DocumentID) throws(StoreError) -> PurgedRecord? {
        try checkOpen()
        return purged[document]
    }

    /// The ``Store`` requirement. Memory keeps nothing of what was removed.
    public func reclaim() throws(StoreError) {
        try checkOpen()
    }
}

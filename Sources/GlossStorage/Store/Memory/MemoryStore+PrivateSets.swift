public import GlossCore

extension MemoryStore {
    /// The ``Store`` requirement.
    public func createPrivateSet(
        _ id: DocumentID, of article: DocumentID, for user: String, now: Int
    ) throws(StoreError) -> DocumentRecord {
        try checkOpen()
        try LogRules.checkPrivateSet(id, of: article)
        if purged[article] != nil { throw LogRules.gone(article) }
        guard let library = logs[article]?.library else { throw LogRules.unknown(article) }
        guard userRecords[user] != nil else { throw AccountRules.unknown(user: user) }
        let made = MemoryLog(library: library, createdAt: now, article: article, owner: user)
        let log = logs[id] ?? made
        guard log.article == article, log.owner == user else { throw LogRules.taken(id) }
        logs[id] = log
        guard let record = try document(id) else { preconditionFailure("made above") }
        return record
    }

    /// The ``Store`` requirement.
    public func privateSets(of article: DocumentID) throws(StoreError) -> [DocumentRecord] {
        try checkOpen()
        let ids = logs.filter { $0.value.article == article && $0.value.owner != nil }.map(\.key)
        var found: [DocumentRecord] = []
        for id in ids.sorted() {
            if let record = try document(id) { found.append(record) }
        }
        return found
    }
}

public import GlossCore

extension LibraryReader {
    /// The annotation sets of an article that are here, the shared one first.
    public func sets(of article: DocumentID) throws(StoreError) -> [DocumentID] {
        [article.annotations]
            + (try connection.all(
                "SELECT id FROM replicas WHERE article = ? ORDER BY number", [article.sql]
            ) { (row: inout Columns) throws(StoreError) in try row.document() })
    }

    /// An article and its annotation sets that are here.
    public func documents(of article: DocumentID) throws(StoreError) -> [DocumentID] {
        [article] + (try sets(of: article))
    }

    /// The article that a document is or belongs to; of a private set that is not here no document.
    public func article(of document: DocumentID) throws(StoreError) -> DocumentID {
        guard document.kind == .privateAnnotations else { return document.article }
        return try replica(document)?.article ?? document.article
    }
}

extension LibraryWriter {
    /// Gives a private set another id, with all that is here of it: it belongs to another user.
    ///
    /// `notFound` if there is no such replica, `exists` if there is one of the new id.
    public func rename(
        _ set: DocumentID, to id: DocumentID
    ) throws(StoreError) {
        precondition(set.kind == .privateAnnotations && id.kind == .privateAnnotations)
        guard try existingNumber(of: id) == nil else {
            throw StoreError(.exists, "This library has a replica of document \(id) already.")
        }
        try connection.run("UPDATE replicas SET id = ? WHERE id = ?", [id.sql, set.sql])
        guard connection.changed == 1 else { throw Self.noReplica(of: set) }
        try connection.run("UPDATE names SET document = ? WHERE document = ?", [id.sql, set.sql])
    }
}

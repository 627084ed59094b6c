public import GlossCore
import GlossStorage

extension Library {
    /// Removes an article that was purged on the server from this device, with its notes, its drafts and
    /// what the history has of it. Nothing brings it back.
    ///
    /// - Parameter withUnsent: also if some work on it was never sent, which goes with it.
    /// - Returns: how many changes and drafts were.
    /// - Throws: ``ClientError`` `invalid` for an article that was not purged, and for unsent work that
    ///   nobody gave up.
    @discardableResult
    public func forget(_ article: DocumentID, withUnsent: Bool = false) throws -> Int {
        do {
            return try store.write { writer in
                let name = try writer.article(article)?.name ?? ""
                guard try writer.replica(article)?.purged == true else {
                    throw ClientError(
                        .invalid,
                        "\(name) was not purged on a server: what is forgotten here only would come again.",
                        tries: ["gloss archive \(name)"])
                }
                let documents = try writer.documents(of: article)
                let changes = try documents.reduce(0) { count, document in
                    try count
                        + writer.changes(of: document).count { $0.state != .acknowledged }
                }
                let unsent = try changes + writer.drafts().count { documents.contains($0.document) }
                guard unsent == 0 || withUnsent else {
                    let what = unsent == 1 ? "1 change" : "\(unsent) changes"
                    throw ClientError(
                        .invalid, "\(what) of \(name) never reached a server, and would be gone.",
                        tries: [
                            "gloss export \(name) --format changes --private -o \(name).jsonl",
                            "gloss forget \(name) --with-unsent",
                        ])
                }
                try writer.forget(documents)
                return unsent
            }
        } catch let error as StoreError {
            throw ClientError(error)
        }
    }
}

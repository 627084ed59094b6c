import GlossCore
import GlossProtocol
import GlossStorage

extension Rooms {
    /// Removes an article and its annotation sets for good. Whoever follows them is told; what is on
    /// its way to disk goes with them. What comes meanwhile is to come again: if this throws, the
    /// documents are as they were.
    ///
    /// - Returns: what they were; none if they were purged before.
    func purge(_ article: DocumentID, now: Int) async throws(StoreError) -> [DocumentRecord] {
        let documents = [article, article.annotations]
        let isNew = purging.isDisjoint(with: documents)
        purging.formUnion(documents)
        do throws(StoreError) {
            // Commits are of several documents at once: none may fail because of these.
            while queue.mentions(rooms.all.filter { $0.scope.article == article }.map(\.id)) {
                try? await clock.sleep(limits.tick)
            }
            let records = try await store.purge(article, now: now)
            purged.formUnion(documents)
            purging.subtract(documents)
            let loaded = rooms.all.filter { $0.scope.article == article }.map(\.id)
            for document in Set(documents + records.map(\.id) + loaded).sorted() {
                rooms[document] = nil
                compactions.remove(document)
                for follower in (followers[document] ?? [:]).values {
                    follower.documentGone(document)
                }
            }
            return records
        } catch {
            if isNew { purging.subtract(documents) }
            throw error
        }
    }

    /// Whether a document was purged that `user` might read.
    func isGone(_ document: DocumentID, for user: String) async throws(StoreError) -> Bool {
        guard let purged = try await store.purgedDocument(document) else { return false }
        return access.role(of: user, in: purged.scope) != nil
    }
}

extension CommitQueue {
    /// Whether a push that is not on disk is for one of some documents.
    func mentions(_ documents: [DocumentID]) -> Bool {
        (inFlight + waiting).contains { push in
            push.parts.contains { documents.contains($0.document) }
        }
    }
}

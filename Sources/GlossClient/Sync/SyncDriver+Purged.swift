import GlossCore
import GlossProtocol
import GlossStorage

extension SyncDriver {
    /// Keeps an article that the server has purged as it is here, with what was not sent of it, and
    /// syncs it no more.
    func keepPurged(_ article: DocumentID) throws -> [ClientSession.Event] {
        let documents = try documents(of: article)
        let isNews = try library.store.write { writer in
            var isNews = false
            for document in documents {
                guard var record = try writer.replica(document), !record.purged else { continue }
                record.purged = true
                try writer.updateReplica(record)
                isNews = true
            }
            return isNews
        }
        purged.formUnion(documents)
        unknownToServer.subtract(documents)
        caughtUp.subtract(documents)
        for document in documents { (returns[document], makingWay[document]) = (.ended, nil) }
        if isNews {
            let name = try library.articleName(article)
            report.purged.append(name)
            onEvent(.purged(article: article))
        }
        return try documents.map { .unfollow($0) } + outboxEvents() + [.nothingMore]
    }
}

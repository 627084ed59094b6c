import GlossCore
import GlossProtocol
import GlossStorage

/// Which documents are followed on this connection.
extension SyncDriver {
    /// Goes on with documents that the server has.
    func know(_ documents: [DocumentID]) throws -> [ClientSession.Event] {
        unknownToServer.subtract(documents)
        try restore(Set(documents))
        return try keepKnown(documents.map { ($0, $0.article) }) + [.nothingMore]
    }

    /// Keeps documents that the server has, with their articles, and goes on with them.
    func keepKnown(
        _ documents: [(id: DocumentID, article: DocumentID)]
    ) throws -> [ClientSession.Event] {
        try library.store.write { writer in
            for (document, article) in documents {
                if var known = try writer.replica(document) {
                    guard known.createdLocally else { continue }
                    known.createdLocally = false
                    try writer.updateReplica(known)
                } else {
                    try writer.addReplica(
                        ReplicaRecord(
                            id: document, agent: AgentID(rawValue: library.environment.random()),
                            article: article))
                }
            }
        }
        return try follow(documents.map(\.id)) + makeSets() + outboxEvents()
    }

    /// Follows the documents that are not followed yet.
    func follow(_ documents: [DocumentID]) throws -> [ClientSession.Event] {
        try documents.filter { document in
            !purged.contains(document) && !givenUp.contains(document)
                && makingWay[document] != .paused && followed.insert(document).inserted
        }.map { document in
            // Of one that was hidden no private set was made.
            if document.kind == .article { askedSets.subtract(try sets(of: document)) }
            return .follow(try library.store.read { try $0.localDocument(document) })
        }
    }

    func stopFollowing(_ document: DocumentID) {
        followed.remove(document)
        caughtUp.remove(document)
        arrived.remove(document)
    }

    func readAnew(_ document: DocumentID) throws -> [ClientSession.Event] {
        guard resynced.insert(document).inserted else {
            return try giveUp(
                document, "this copy differs from the server's, and reading it anew did not help")
        }
        report.resynced += 1
        let local = try library.store.write { writer in
            try writer.forgetPosition(of: document)
            return try writer.localDocument(document)
        }
        return [.follow(local), .nothingMore]
    }
}

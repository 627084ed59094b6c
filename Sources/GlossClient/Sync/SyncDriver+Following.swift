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
            // What was given up with the document, as it could not be read, goes on with it.
            if makingWay[document] == nil, returns[document]?.isOver == true {
                returns[document] = nil
            }
            // Of one that was hidden no private set was made.
            if document.kind == .article { askedSets.subtract(try sets(of: document)) }
            return .follow(try library.store.read { try $0.localDocument(document) })
        }
    }

    /// Goes on without a document that the server does not give: what is made of it waits. It may be
    /// hidden, and come again; if the server cannot just now, it is asked again when it is time.
    func failed(_ document: DocumentID, _ failure: Failure) throws -> [ClientSession.Event] {
        if failure.code == .gone { return try keepPurged(article(of: document)) }
        makingWay[document] = nil
        if failure.code == .notFound, let events = try bringBack(document) { return events }
        stopFollowing(document)
        fail(document, failure.message)
        if failure.isPassing {
            deferredDocuments.insert(document)
            scheduleRetry()
        }
        return try endReturning(document) + [.nothingMore]
    }

    /// Asks again for what the server could not give or make just now, when it is time.
    func followDeferred() throws -> [ClientSession.Event] {
        let documents = deferredDocuments.sorted()
        deferredDocuments = []
        var events = try follow(documents)
        if isListingDeferred, let libraryID {
            (isListingDeferred, isListingAlone) = (false, false)
            events += [.list(libraryID, creating: try articlesToMake()), .nothingMore]
        }
        return events
    }

    /// Articles that the server does not have: made here, or lost there. One whose adding was taken back is
    /// none to anybody else, and one that it would not make again is not asked for twice.
    func articlesToMake() throws -> [DocumentID] {
        let refused = broughtBack.subtracting(lost)
        return try library.store.read { reader in
            try unknownToServer.filter { $0.kind == .article && !refused.contains($0) }.sorted()
                .filter { try !reader.changes(of: $0).isEmpty }
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

extension Failure {
    /// Whether the same may be asked again on this connection, when it is time.
    var isPassing: Bool { retry == .later || retry == .now }
}

import GlossCore
import GlossProtocol
import GlossStorage

/// What the server has lost makes way for what has its numbers now, since a copy of a library went on in
/// them.
extension SyncDriver {
    /// Something of a document that the server has lost stands in the way of what has its number now.
    /// First all that was signed is given back, for as long as it is here as it was; then the document is
    /// read again, and that gives way.
    func makeWay(in document: DocumentID) throws -> [ClientSession.Event] {
        guard makingWay[document] == nil else {
            return try giveUp(
                document, "the server has something else under the number of what it had lost")
        }
        stopFollowing(document)
        makingWay[document] = .paused
        if case .postponed? = returns[document] { returns[document] = nil }
        let mustReturn =
            switch returns[document] {
            case .underWay, .deferred: true
            case .ended, .postponed: false
            case nil: try library.store.read { try !$0.formerLogs(of: document).isEmpty }
            }
        arrived.insert(document)
        let events = mustReturn ? try returnLost(document) : try endReturning(document)
        // Behind what is to be done, or there may seem to be nothing more; following anew implies it.
        let pause: [ClientSession.Event] =
            makingWay[document] == .paused ? [.unfollow(document)] : []
        return events + pause + [.nothingMore]
    }

    /// Follows the documents again in which something makes way, once all that was signed is given back
    /// and nothing of their article is on its way: what was pushed would be made again.
    func followPaused() throws -> [ClientSession.Event] {
        let ready = try returnedPaused.filter { try isQuiet(article(of: $0)) }
        if ready.isEmpty { return [] }
        for document in ready { makingWay[document] = .followed }
        arrived.subtract(ready)
        return try follow(ready) + [.nothingMore]
    }

    /// Whether documents pause for answers to pushes alone, and are followed again behind these.
    var awaitsAnswers: Bool { !returnedPaused.isEmpty }

    /// Documents that pause though nothing more is given back of them.
    private var returnedPaused: [DocumentID] {
        if makingWay.isEmpty { return [] }
        return makingWay.keys.filter { makingWay[$0] == .paused && returns[$0]?.isOver == true }
            .sorted()
    }

    /// Has a document pause until the server takes back what it would not take just now.
    func deferReturn(of document: DocumentID, _ returning: Returning) -> [ClientSession.Event] {
        var returning = returning
        // A page that was given, rather than one for which a receipt was asked.
        if returning.pages.allSatisfy({ $0.signature != nil }) {
            returning.given = max(-1, returning.given - 1)
        }
        returns[document] = .deferred(returning)
        scheduleRetry()
        return [.nothingMore]
    }

    /// Gives back what the server would not take just now, when it is time.
    func returnDeferred() throws -> [ClientSession.Event] {
        let deferred = returns.keys.filter { returns[$0]?.isDeferred == true }.sorted()
        return try deferred.compactMap { document in
            returns[document]?.resume()
            return try nextReturn(document)
        }
    }

    /// Whether no push of an article or its notes is on its way.
    func isQuiet(_ article: DocumentID) throws -> Bool {
        try !pushes.values.joined().contains { try self.article(of: $0.document) == article }
    }
}

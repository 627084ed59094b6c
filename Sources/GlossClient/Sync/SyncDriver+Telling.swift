import GlossCore
import GlossProtocol
import GlossStorage

/// What is said of what does not come through.
extension SyncDriver {
    /// Stops following a document, and reports what is wrong with it. What is made of it waits; the
    /// others go on.
    func giveUp(_ document: DocumentID, _ message: String) throws -> [ClientSession.Event] {
        fail(document, message)
        givenUp.insert(document)
        stopFollowing(document)
        return try [.unfollow(document)] + endReturning(document) + [.nothingMore]
    }

    /// Reports what was wrong with a document, under the name of its article.
    func fail(_ document: DocumentID, _ message: String) {
        let name = (try? library.articleName(article(of: document))) ?? ""
        let text = (name.isEmpty ? "\(document)" : name) + ": " + message
        // An article and its notes are one thing to people.
        if report.failures.contains(where: { $0.message == text }) { return }
        report.failures.append(SyncReport.Failure(document: document, message: text))
        onEvent(.failed(article: (try? article(of: document)) ?? document, message: message))
    }

    /// Reports why changes wait: each time where a sync ends with that, once where it goes on.
    func postpone(_ reason: String) {
        if mode == .once || !report.postponed.contains(reason) { report.postponed.append(reason) }
        tell(reason)
    }

    /// Tells why changes wait, unless that was told.
    func tell(_ reason: String) {
        if toldReasons.insert(reason).inserted { onEvent(.postponed(message: reason)) }
    }
}

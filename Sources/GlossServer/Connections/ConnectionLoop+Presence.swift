import GlossCore
import GlossProtocol

extension ConnectionLoop {
    /// Shows the client to the others in a document, and tells it of them.
    mutating func takePresence(_ report: PresenceReport) {
        guard let admission, mayHear(of: report.doc) else { return }
        present.insert(report.doc)
        let answer = services.presence.take(
            report, of: connection, user: admission.user, device: admission.label)
        if let everybody = answer.everybody { enqueue(.presence(everybody)) }
        if !answer.isShown { enqueue(.presenceRefused(report.doc)) }
    }

    /// Tells the client who has come, moved or left; everybody who is there, if it has missed something.
    mutating func tellPresence(_ doc: DocumentID, _ news: PresenceNews?) async {
        guard present.contains(doc), mayHear(of: doc),
            let news = news ?? services.presence.everybody(in: doc, for: connection)
        else { return }
        await handle(.presence(news))
    }

    /// Takes the client out of a document.
    mutating func leavePresence(_ doc: DocumentID) {
        guard present.remove(doc) != nil else { return }
        services.presence.leave(doc, connection)
        connection.mailbox.forgetPresence(in: doc)
    }

    /// Checked each time, as with the log: the role may have gone since the subscription.
    func mayHear(of doc: DocumentID) -> Bool {
        following[doc].map { role(in: $0.scope) != nil } ?? false
    }
}

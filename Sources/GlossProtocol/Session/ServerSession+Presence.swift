import GlossCore

extension ServerSession {
    /// Takes in where the client is. What it says of a document that it does not follow may have
    /// crossed with the end of the subscription, so that nothing is said about it.
    mutating func take(_ report: PresenceReport) {
        if subscriptions[report.doc] != nil { actions.append(.takePresence(report)) }
    }

    mutating func tell(_ news: PresenceNews) {
        if subscriptions[news.doc] != nil { send(.pres(news)) }
    }

    mutating func refusePresence(_ doc: DocumentID) {
        send(
            .err(
                Failure(
                    scope: .message, doc: doc, code: .overloaded,
                    message: "\(WireLimits.presenceEntries) are seen there already")))
    }
}

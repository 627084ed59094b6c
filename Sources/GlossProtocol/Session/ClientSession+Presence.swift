import GlossCore

extension ClientSession {
    /// What this client shows of itself in a document.
    struct Whereabouts {
        var state: PresenceState?
        /// When the server was told last, on this subscription.
        var saidAt: Int?
        var isSaid = false
    }

    mutating func show(_ doc: DocumentID, _ state: PresenceState?) {
        var place = whereabouts[doc] ?? Whereabouts()
        if place.isSaid, place.state == state { return }
        place.state = state
        place.isSaid = false
        whereabouts[doc] = place
        wantToShow(doc)
    }

    /// A new subscription begins: the server knows nothing of this client there.
    mutating func showAgain(_ doc: DocumentID) {
        whereabouts[doc]?.isSaid = false
        whereabouts[doc]?.saidAt = nil
        if whereabouts[doc] != nil { wantToShow(doc) }
    }

    private mutating func wantToShow(_ doc: DocumentID) {
        if !lacksPresence, !unshown.contains(doc) { unshown.append(doc) }
    }

    /// When the next of what is to be shown may be; `nil` if nothing is.
    var showDeadline: Int? {
        unshown.compactMap { mayShow($0) }.min()
    }

    /// From when on a document's `pres` may be sent; `nil` while the document is not followed.
    private func mayShow(_ doc: DocumentID) -> Int? {
        switch replicas[doc]?.state {
        case nil, .wanted, .asked: nil
        case .reading, .checking, .live:
            whereabouts[doc]?.saidAt.map { $0 + WireLimits.presencePause } ?? .min
        }
    }

    /// Says what is to be shown, where it is time.
    mutating func sayWhereabouts(now: Int) {
        guard phase == .ready, !unshown.isEmpty else { return }
        let due = unshown.filter { mayShow($0).map { $0 <= now } ?? false }
        if due.isEmpty { return }
        unshown.removeAll { due.contains($0) }
        for doc in due {
            whereabouts[doc]?.saidAt = now
            whereabouts[doc]?.isSaid = true
            send(.pres(PresenceReport(doc: doc, state: whereabouts[doc]?.state)))
        }
    }

    mutating func take(_ news: PresenceNews) {
        if replicas[news.doc] != nil, whereabouts[news.doc]?.isSaid == true {
            actions.append(.presence(news))
        }
    }

    /// An error that names no message: the answer to `pres` of a server that does not know it.
    mutating func takeUnnamed(_ failure: Failure) {
        guard failure.code == .unknownType, !lacksPresence,
            whereabouts.values.contains(where: \.isSaid)
        else { return }
        lacksPresence = true
        unshown = []
        actions.append(.presenceUnknown)
    }
}

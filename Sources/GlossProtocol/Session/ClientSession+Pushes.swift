import GlossCore

extension ClientSession {
    mutating func enqueue(_ id: Int, _ parts: [ChangeBatch]) {
        precondition((0..<Self.pushIDs).contains(id), "ids of pushes are below 2^40")
        precondition(!parts.isEmpty && parts.allSatisfy { !$0.changes.isEmpty })
        isSettled = false
        queue.append(
            Outgoing(id: id, parts: parts, byteCount: parts.reduce(0) { $0 + $1.byteCount }))
        refuseQueued()
        offerNext()
    }

    /// Offers pushes in order, while the server has room for them. The next one waits until the
    /// server has said what it has of each of its documents: that is how a copied library is found
    /// before it can do harm.
    mutating func offerNext() {
        guard phase == .ready else { return }
        while let next = queue.first {
            let inFlight = offering.count + sent.count
            let isFull =
                inFlight >= limits.batches
                || (inFlight > 0 && bytesInFlight + next.byteCount > limits.inflight)
            if isFull || !next.parts.allSatisfy({ isOpen($0.doc) }) { return }
            queue.removeFirst()
            if isTooLarge(next), let doc = next.parts.first?.doc {
                refuseHere(next, doc, Failure(code: .tooLarge, message: "the push is too large"))
                continue
            }
            offering[next.id] = next
            bytesInFlight += next.byteCount
            actions.append(.offer(id: next.id))
        }
    }

    /// Whether no server would take a push, or not this one.
    private func isTooLarge(_ push: Outgoing) -> Bool {
        let changes = push.parts.reduce(0) { $0 + $1.changes.count }
        let line = push.byteCount + changes + 128 * (push.parts.count + 1)
        return line > limits.line || changes > WireLimits.pushChanges
            || push.parts.count > WireLimits.pushDocuments
            || push.parts.contains { part in
                part.changes.contains { $0.bytes.count > limits.change }
            }
    }

    private func isOpen(_ doc: DocumentID) -> Bool {
        switch replicas[doc]?.state {
        case .reading, .checking, .live: true
        case .wanted, .asked, nil: false
        }
    }

    /// Forgets a push that was not sent yet.
    mutating func cancel(_ id: Int) {
        guard let push = offering.removeValue(forKey: id) else { return }
        bytesInFlight -= push.byteCount
        hasNothingMore = false
        offerNext()
    }

    mutating func offered(_ id: Int) {
        guard phase == .ready, let push = offering.removeValue(forKey: id) else { return }
        sent[id] = push
        send(
            .push(
                Push(
                    id: Self.pushIDs + id,
                    parts: push.parts.map {
                        PushPart(doc: $0.doc, changes: $0.changes.map { RawChange($0) })
                    })))
    }

    mutating func acknowledge(_ ack: Ack) {
        let id = ack.id - Self.pushIDs
        guard let push = sent.removeValue(forKey: id) else { return }
        let isWhole =
            push.parts.map(\.doc) == ack.parts.map(\.doc)
            && zip(push.parts, ack.parts).allSatisfy { $0.changes.count == $1.positions.count }
        if !isWhole { return fail(.badFrame, "an ack does not fit its push") }
        bytesInFlight -= push.byteCount
        for part in ack.parts {
            let highest = part.positions.max() ?? 0
            let known = replicas[part.doc]?.acknowledged ?? 0
            replicas[part.doc]?.acknowledged = max(known, highest)
        }
        actions.append(.acknowledged(id: id, parts: ack.parts, time: ack.time))
        offerNext()
    }

    mutating func refuse(_ nack: Nack) {
        let id = nack.id - Self.pushIDs
        guard let push = sent.removeValue(forKey: id) else { return }
        bytesInFlight -= push.byteCount
        hasNothingMore = false
        var nack = nack
        nack.id = id
        actions.append(.refused(id: id, nack))
        offerNext()
    }

    /// Refuses what waits for documents that cannot be followed.
    mutating func refuseQueued() {
        let failures = self.failures
        let isRefused = { (push: Outgoing) in
            push.parts.contains { failures[$0.doc] != nil }
        }
        let refused = queue.filter(isRefused)
        if refused.isEmpty { return }
        queue.removeAll(where: isRefused)
        for push in refused {
            guard let failure = push.parts.lazy.compactMap({ failures[$0.doc] }).first,
                let doc = failure.doc ?? push.parts.first?.doc
            else { continue }
            refuseHere(push, doc, failure)
        }
        offerNext()
    }

    /// Drops what waits to be pushed to a document.
    mutating func dropQueued(for doc: DocumentID) {
        let isDropped = { (push: Outgoing) in push.parts.contains { $0.doc == doc } }
        let dropped = queue.filter(isDropped)
        if dropped.isEmpty { return }
        queue.removeAll(where: isDropped)
        hasNothingMore = false
        actions += dropped.map { .dropped(id: $0.id) }
        offerNext()
    }

    /// Refuses a push that was never sent.
    private mutating func refuseHere(
        _ push: Outgoing, _ doc: DocumentID, _ failure: Failure
    ) {
        hasNothingMore = false
        actions.append(
            .refused(
                id: push.id,
                Nack(
                    id: push.id, doc: doc, agent: nil, seq: nil, code: failure.code,
                    retry: failure.retry, message: failure.message)))
    }
}

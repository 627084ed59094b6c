import GlossCore

extension ClientSession {
    mutating func follow(_ local: LocalDocument) {
        unfollow(local.doc)
        failures[local.doc] = nil
        isSettled = false
        // With a position to compare, the vector is sent only when the comparison fails.
        replicas[local.doc] = Replica(
            local: local, sendsVector: local.at == 0, position: local.at)
        wanted.append(local.doc)
        subscribeNext()
    }

    mutating func unfollow(_ doc: DocumentID) {
        if let replica = replicas[doc], replica.state != .wanted, phase == .ready {
            send(.unsub(Unsubscribe(doc: doc)))
        }
        forget(doc)
    }

    mutating func forget(_ doc: DocumentID) {
        guard let replica = replicas.removeValue(forKey: doc) else { return }
        if case .asked = replica.state { asked -= 1 }
        wanted.removeAll { $0 == doc }
        subscribeNext()
    }

    /// Stops following a document for a reason, and refuses what waits to be pushed to it.
    mutating func giveUp(_ doc: DocumentID, _ failure: Failure) {
        forget(doc)
        failures[doc] = failure
        actions.append(.documentFailed(doc, failure))
        refuseQueued()
    }

    mutating func subscribeNext() {
        guard phase == .ready else { return }
        while asked < WireLimits.subscribesInFlight, !wanted.isEmpty {
            let doc = wanted.removeFirst()
            guard let replica = replicas[doc] else { continue }
            let id = newID()
            replicas[doc]?.state = .asked(id: id)
            asked += 1
            send(
                .sub(
                    SubscribeRequest(
                        id: id, doc: doc, at: replica.local.at, sum: replica.local.sum,
                        vector: replica.sendsVector ? replica.local.vector : nil)))
        }
    }

    mutating func takeHave(_ have: Have) {
        guard let replica = replicas[have.doc], case .asked(let id) = replica.state,
            id == have.id
        else { return }
        asked -= 1
        actions.append(.serverHas(have))
        let isCopy = replica.local.own.entries.contains { have.vector[$0.agent] > $0.next }
        if isCopy {
            replicas[have.doc]?.state = .reading
            unfollow(have.doc)
            failures[have.doc] = Failure(
                scope: .document, doc: have.doc, code: .agentFork,
                message: "the server has more of this device than the device made")
            hasNothingMore = false
            actions.append(.copied(have.doc, have.vector))
            return refuseQueued()
        }
        replicas[have.doc]?.state = .reading
        let isShort = replica.local.acknowledged.entries.contains {
            have.vector[$0.agent] < $0.next
        }
        if isShort { actions.append(.serverLacks(have.doc, have.vector)) }
        subscribeNext()
        offerNext()
    }

    mutating func integrate(_ page: LogPage) {
        guard let replica = replicas[page.doc] else { return }
        switch replica.state {
        case .wanted, .asked: return
        case .reading, .checking, .live: break
        }
        if page.from != replica.position + 1 {
            return fail(.badFrame, "a page does not follow the one before")
        }
        var changes: [ReceivedChange] = []
        changes.reserveCapacity(page.changes.count)
        for row in page.changes {
            do {
                changes.append(
                    ReceivedChange(
                        at: row.at, user: row.user, device: row.device, time: row.time,
                        change: try EncodedChange(row.change)))
            } catch {
                send(.unsub(Unsubscribe(doc: page.doc)))
                return giveUp(
                    page.doc,
                    Failure(
                        scope: .document, doc: page.doc, code: error.code,
                        message: "at position \(row.at): \(error.message)"))
            }
        }
        replicas[page.doc]?.position = page.to
        replicas[page.doc]?.state = .reading
        actions.append(.integrate(page.doc, changes, to: page.to))
    }

    mutating func takeLive(_ live: Live) {
        guard let replica = replicas[live.doc] else { return }
        switch replica.state {
        case .wanted, .asked: return
        case .reading, .checking, .live: break
        }
        if live.at < replica.position { return fail(.badFrame, "live behind what was sent") }
        replicas[live.doc]?.position = live.at
        replicas[live.doc]?.state = .checking(live)
        actions.append(.caughtUp(live))
    }

    mutating func reached(_ doc: DocumentID, _ at: Int, _ sum: Checksum, _ state: UInt64?) {
        guard case .checking(let live) = replicas[doc]?.state, live.at == at else { return }
        let isSameState = live.state == nil || state == nil || live.state == state
        if live.sum == sum, isSameState {
            replicas[doc]?.state = .live
            return
        }
        send(
            .err(
                Failure(
                    scope: .document, doc: doc, code: .logMismatch,
                    message: live.sum == sum ? "the state differs" : "the checksum differs")))
        unfollow(doc)
        actions.append(.diverged(doc))
        hasNothingMore = false
    }
}

import GlossCore

extension ClientSession {
    mutating func follow(_ local: LocalDocument) {
        unfollow(local.doc)
        failures[local.doc] = nil
        isSettled = false
        // With a position to compare, the vector is sent only when the comparison fails.
        replicas[local.doc] = Replica(
            local: local, sendsVector: local.at == 0, covered: RowContext(position: local.at))
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
        if let number = replica.number { numbers[number] = nil }
        wanted.removeAll { $0 == doc }
        unshown.removeAll { $0 == doc }
        subscribeNext()
    }

    /// Stops following a document for a reason, and refuses what waits to be pushed to it.
    mutating func giveUp(_ doc: DocumentID, _ failure: Failure) {
        forget(doc)
        failures[doc] = failure
        hasNothingMore = false
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
            replicas[doc]?.number = id
            numbers[id] = doc
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
        showAgain(have.doc)
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
        if page.from != replica.covered.position + 1 {
            return fail(.badFrame, "a page does not follow the one before")
        }
        guard let changes = received(page.changes, in: page.doc) else { return }
        if let last = page.changes.last { replicas[page.doc]?.covered.pass(last) }
        replicas[page.doc]?.covered.position = page.to
        replicas[page.doc]?.state = .reading
        actions.append(.integrate(page.doc, changes, to: page.to))
    }

    /// Takes one more change of a document that was live, and is so again.
    mutating func integrate(_ row: BriefRow) {
        guard let doc = numbers[row.subscription], var covered = replicas[doc]?.covered else {
            return
        }
        let whole: CommittedChange
        do {
            whole = try covered.expand(row)
        } catch {
            return fail(error.code, error.message)
        }
        guard let changes = received([whole], in: doc) else { return }
        replicas[doc]?.covered = covered
        actions.append(.integrate(doc, changes, to: whole.at))
    }

    /// Reads changes; gives up the document, and gives `nil`, if one is wrong.
    private mutating func received(
        _ rows: [CommittedChange], in doc: DocumentID
    ) -> [ReceivedChange]? {
        var changes: [ReceivedChange] = []
        changes.reserveCapacity(rows.count)
        for row in rows {
            do {
                changes.append(
                    ReceivedChange(
                        at: row.at, user: row.user, device: row.device, time: row.time,
                        change: try EncodedChange(row.change)))
            } catch {
                send(.unsub(Unsubscribe(doc: doc)))
                giveUp(
                    doc,
                    Failure(
                        scope: .document, doc: doc, code: error.code,
                        message: "at position \(row.at): \(error.message)"))
                return nil
            }
        }
        return changes
    }

    mutating func takeLive(_ live: Live) {
        guard let replica = replicas[live.doc] else { return }
        switch replica.state {
        case .wanted, .asked: return
        case .reading, .checking, .live: break
        }
        if live.at < replica.covered.position {
            return fail(.badFrame, "live behind what was sent")
        }
        replicas[live.doc]?.covered.position = live.at
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

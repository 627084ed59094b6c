import GlossCore

extension ServerSession {
    mutating func subscribed(_ id: Int, _ doc: DocumentID, _ following: Following) {
        guard let request = subscribing[doc], request.id == id else { return }
        subscribing[doc] = nil
        // Beyond the log is the position of another request of that id, not the one answered here.
        let isKnown = following.resume == .position && request.at <= following.head
        let start = isKnown ? request.at : 0
        if !isKnown, request.vector == nil, request.at > 0 {
            actions.append(.unsubscribe(doc))
            return send(
                .err(
                    Failure(
                        id: id, scope: .document, doc: doc, code: .logMismatch,
                        message: "the log is another one there")))
        }
        subscriptions[doc] = Subscription(
            number: id, read: start, told: RowContext(position: start),
            isLive: start == following.head, head: following.head,
            skip: Self.skip(request.vector ?? VersionVector(), from: start, following))
        send(
            .have(
                Have(
                    id: id, doc: doc, at: following.head, sum: following.sum,
                    vector: following.vector, role: following.role)))
        if start == following.head {
            send(
                .live(
                    Live(
                        doc: doc, at: start, sum: following.sum, state: following.state,
                        receipt: following.receipt)))
        } else {
            wantRead(doc)
        }
    }

    /// What of a client's vector is kept: only of agents that the log has, so that nobody fills
    /// memory with invented ones, and nothing that was all in front of where reading starts.
    private static func skip(
        _ vector: VersionVector, from start: Int, _ following: Following
    ) -> VersionVector {
        let entries = vector.entries.filter { agent, next in
            let known = following.vector[agent]
            return known > 0 && (start < following.head || next > known)
        }
        return VersionVector(entries)
    }

    mutating func advanced(_ doc: DocumentID, head: Int) {
        guard let subscription = subscriptions[doc], head > subscription.head else { return }
        subscriptions[doc]?.head = head
        wantRead(doc)
    }

    /// Puts a document in line for reading, unless it is there or being read.
    private mutating func wantRead(_ doc: DocumentID) {
        guard let subscription = subscriptions[doc], !subscription.isReading else { return }
        if !waitingToRead.contains(doc) { waitingToRead.append(doc) }
        if stalledSince != nil, !subscription.saidLag {
            subscriptions[doc]?.saidLag = true
            send(.lag(Lag(doc: doc)))
        }
        readNext()
    }

    /// Reads on while the peer does, a few documents at a time.
    private mutating func readNext() {
        guard stalledSince == nil else { return }
        while readsInFlight < WireLimits.readsInFlight, !waitingToRead.isEmpty {
            let doc = waitingToRead.removeFirst()
            guard let subscription = subscriptions[doc] else { continue }
            subscriptions[doc]?.isReading = true
            subscriptions[doc]?.saidLag = false
            readsInFlight += 1
            actions.append(.sendLog(doc, after: subscription.read))
        }
    }

    mutating func logRead(_ slice: LogSlice) {
        guard var subscription = subscriptions[slice.doc], subscription.isReading,
            subscription.read == slice.after
        else { return }
        let isWhole = zip(slice.rows, (slice.after + 1)...).allSatisfy { $0.at == $1 }
        if !isWhole || (slice.rows.isEmpty && slice.head > slice.after) {
            return logFailed(slice.doc, .internal, "the log has a hole")
        }
        subscription.head = max(subscription.head, slice.head)
        let isAtEnd = slice.after + slice.rows.count >= subscription.head
        let isBrief =
            isAtEnd && subscription.isLive && capabilities.contains(.rows)
            && slice.rows.count <= WireLimits.briefRows
        if isBrief {
            send(rows: slice, to: &subscription)
        } else {
            send(pages: slice, to: &subscription)
        }
        subscription.isReading = false
        readsInFlight -= 1
        if isAtEnd, !subscription.isLive {
            subscription.told.position = subscription.read
            subscription.isLive = true
            send(
                .live(
                    Live(
                        doc: slice.doc, at: subscription.read, sum: slice.sum,
                        state: slice.state, receipt: slice.receipt)))
        }
        subscriptions[slice.doc] = subscription
        if isAtEnd { readNext() } else { wantRead(slice.doc) }
    }

    /// Sends what the client does not have of a few rows at the end of the log, each by itself. With
    /// them it is live again, unless a checksum is due or the last row is one that it has.
    private mutating func send(rows slice: LogSlice, to subscription: inout Subscription) {
        for row in slice.rows where !isKnown(row, to: subscription) {
            send(.row(subscription.told.brief(row, subscription: subscription.number)))
        }
        subscription.read = slice.after + slice.rows.count
        let interval = WireLimits.rowsToChecksum
        subscription.isLive =
            subscription.told.position == subscription.read
            && slice.after / interval == subscription.read / interval
            && slice.state == nil && slice.receipt == nil
    }

    /// Sends what the client does not have of a slice, in pages.
    private mutating func send(pages slice: LogSlice, to subscription: inout Subscription) {
        var page: [CommittedChange] = []
        var bytes = 0
        for row in slice.rows {
            let size = row.change.bytes.count + 2 * (row.user.utf8.count + row.device.utf8.count)
            if !page.isEmpty, bytes + size > WireLimits.page {
                send(page: page, of: slice.doc, to: &subscription)
                page = []
                bytes = 0
            }
            subscription.read = row.at
            if isKnown(row, to: subscription) { continue }
            page.append(row)
            bytes += size
        }
        if !page.isEmpty { send(page: page, of: slice.doc, to: &subscription) }
        subscription.isLive = false
    }

    private mutating func send(
        page: [CommittedChange], of doc: DocumentID, to subscription: inout Subscription
    ) {
        let from = subscription.told.position + 1
        send(.ops(LogPage(doc: doc, from: from, to: subscription.read, changes: page)))
        if let last = page.last { subscription.told.pass(last) }
        subscription.told.position = subscription.read
    }

    /// Whether the client has a row already.
    private func isKnown(_ row: CommittedChange, to subscription: Subscription) -> Bool {
        if subscription.skip.count == 0 { return false }
        if let agent = ChangeCodec.leadingAgent(of: row.change.bytes),
            subscription.skip[agent] == 0
        {
            return false
        }
        let name = ChangeCodec.name(of: row.change.bytes)
        guard let agent = name.agent, let seq = name.seq else { return false }
        return subscription.skip.contains(OpID(agent: agent, seq: seq))
    }

    mutating func logFailed(_ doc: DocumentID, _ code: ErrorCode, _ message: String) {
        guard subscriptions[doc] != nil else { return }
        drop(doc)
        send(.err(Failure(scope: .document, doc: doc, code: code, message: message)))
        readNext()
    }

    mutating func accessLost(_ revoked: Revoked, _ docs: [DocumentID]) {
        for doc in docs { drop(doc) }
        if phase == .ready { send(.revoked(revoked)) }
        readNext()
    }

    mutating func writable(_ isWritable: Bool, now: Int) {
        if isWritable {
            stalledSince = nil
            readNext()
        } else if stalledSince == nil {
            stalledSince = now
        }
    }
}

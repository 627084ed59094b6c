import GlossCore

extension ClientSession {
    mutating func receive(_ line: [UInt8], now: Int) {
        heartbeat.heard(now: now)
        if line.count > WireLimits.line { return fail(.lineTooLong, "longer than announced") }
        let message: ServerMessage
        do {
            message = try ServerMessage.decode(line)
        } catch {
            // A type that is not known here is of no use here; anything else leaves a hole.
            if error.code == .unknownType, phase == .ready { return }
            return fail(error.code, error.message, isTold: !MessageLine.isError(line))
        }
        if phase == .ready {
            take(message)
        } else {
            first(message, now: now)
        }
    }

    private mutating func first(_ message: ServerMessage, now: Int) {
        switch message {
        case .welcome(let welcome):
            if welcome.version != 1 || welcome.id != hello.id {
                return fail(.badVersion, "the welcome is for somebody else")
            }
            phase = .ready
            limits = welcome.limits
            heartbeat = Heartbeat(interval: welcome.heartbeat * 1_000, now: now)
            actions.append(.setLineLimit(WireLimits.line))
            actions.append(.welcomed(welcome))
            for listing in earlyListings { request(listing, after: nil) }
            earlyListings = []
            subscribeNext()
        case .err(let failure): end(failure)
        case .bye(let bye): end(bye)
        default: fail(.badFrame, "the first line is a welcome")
        }
    }

    private mutating func end(_ bye: Bye) {
        end(
            Failure(
                scope: .connection, code: bye.code ?? .shuttingDown, delay: bye.delay,
                message: bye.message))
    }

    private mutating func take(_ message: ServerMessage) {
        switch message {
        case .welcome: fail(.badFrame, "a second welcome")
        case .docs(let page): listed(page)
        case .doc(let appeared):
            know(
                [
                    DocumentSummary(
                        doc: appeared.doc, kind: appeared.kind, at: 0, article: appeared.article)
                ], in: appeared.library)
        case .have(let have): takeHave(have)
        case .ops(let page): integrate(page)
        case .row(let row): integrate(row)
        case .live(let live): takeLive(live)
        case .ack(let ack): if !takeGiven(ack) { acknowledge(ack) }
        case .nack(let nack): if !refuseGiven(nack.id, Failure(nack)) { refuse(nack) }
        case .receipt(let answer): takeReceipt(answer)
        case .revoked(let revoked): revoke(revoked)
        case .role(let change): actions.append(.roleChanged(change))
        case .lag(let lag):
            if replicas[lag.doc] != nil { actions.append(.lagging(lag.doc)) }
        case .pres(let news): take(news)
        case .ping(let ping): send(.pong(ping))
        case .pong: break
        case .err(let failure): take(failure)
        case .bye(let bye): end(bye)
        }
    }

    private mutating func take(_ failure: Failure) {
        switch failure.scope {
        case .connection: end(failure)
        case .document:
            guard let doc = failure.doc, let replica = replicas[doc] else { return }
            if case .asked(let id) = replica.state, failure.id != id { return }
            let canRetry = failure.code == .logMismatch && !replica.sendsVector
            if canRetry {
                var local = replica.local
                local.at = 0
                local.sum = Checksum()
                // There is no subscription to end.
                forget(doc)
                return follow(local)
            }
            giveUp(doc, failure)
        case .message:
            guard let id = failure.id else { return takeUnnamed(failure) }
            if refuseGiven(id, failure) { return }
            if let listing = listings.removeValue(forKey: id) {
                hasNothingMore = false
                actions.append(
                    listing.sets.isEmpty
                        ? .listFailed(listing.library, failure)
                        : .setsFailed(listing.sets, failure))
            } else if let push = sent[id - Self.pushIDs], let part = push.parts.first {
                refuse(
                    Nack(
                        id: id, doc: part.doc, agent: nil, seq: nil, code: failure.code,
                        retry: failure.retry, message: failure.message))
            }
        }
    }

    mutating func list(_ library: LibraryID, _ creating: [DocumentID]) {
        hasNothingMore = false
        let listing = Listing(library: library, creating: creating)
        if phase == .ready { request(listing, after: nil) } else { earlyListings.append(listing) }
    }

    private mutating func request(_ listing: Listing, after: DocumentID?) {
        let now = Array(listing.creating.prefix(WireLimits.documents))
        let id = newID()
        listings[id] = Listing(
            library: listing.library, creating: Array(listing.creating.dropFirst(now.count)),
            sets: listing.sets)
        send(
            .docs(
                DocumentsRequest(
                    id: id, library: listing.library, after: after, creating: now,
                    creatingSets: listing.sets)))
    }

    /// Has private sets made. The answer lists nothing in front of such sets: they have the last ids.
    mutating func make(_ library: LibraryID, _ sets: [PrivateSet]) {
        precondition(phase == .ready, "who asks is known to the server")
        hasNothingMore = false
        var rest = sets[...]
        while !rest.isEmpty {
            let now = Array(rest.prefix(WireLimits.documents))
            rest = rest.dropFirst(now.count)
            request(
                Listing(library: library, creating: [], sets: now),
                after: .privateSet(high: 0, low: 0))
        }
    }

    private mutating func listed(_ page: DocumentsPage) {
        guard let listing = listings.removeValue(forKey: page.id) else { return }
        if !listing.creating.isEmpty { return request(listing, after: nil) }
        know(page.documents, in: listing.library, listing.sets)
        if page.more, let last = page.documents.last {
            request(Listing(library: listing.library, creating: []), after: last.doc)
        }
    }

    /// Tells of documents of a library, and of private sets that were made there. Kinds that are not
    /// known here are passed over.
    private mutating func know(
        _ documents: [DocumentSummary], in library: LibraryID, _ made: [PrivateSet]? = nil
    ) {
        let known = documents.filter { $0.kind == .article || $0.kind == .annotations }.map(\.doc)
        let listed = documents.compactMap { summary -> PrivateSet? in
            guard summary.kind == .privateAnnotations, let article = summary.article else {
                return nil
            }
            return PrivateSet(doc: summary.doc, article: article)
        }
        let sets = (made ?? []).filter { !listed.contains($0) } + listed
        let isAnswer = made != nil
        if known.isEmpty, sets.isEmpty, !isAnswer { return }
        hasNothingMore = false
        if !sets.isEmpty { actions.append(.setsKnown(library, sets)) }
        actions.append(.documentsKnown(library, known))
    }

    mutating func newID() -> Int {
        defer { nextID += 1 }
        return nextID
    }

    /// Pushes have ids of the driver's, shifted behind those of requests.
    static let pushIDs = 1 << 40

    private mutating func revoke(_ revoked: Revoked) {
        if case .document(let doc) = revoked.subject {
            forget(doc)
            failures[doc] = Failure(
                scope: .document, doc: doc, code: .forbidden, message: revoked.message)
            refuseQueued()
        }
        actions.append(.revoked(revoked))
    }
}

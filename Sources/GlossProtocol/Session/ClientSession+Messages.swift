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
            return fail(error.code, error.message)
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
            if !Self.follows(appeared.kind) { return }
            hasNothingMore = false
            actions.append(.documentsKnown(appeared.library, [appeared.doc]))
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
                actions.append(.listFailed(listing.library, failure))
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
            library: listing.library, creating: Array(listing.creating.dropFirst(now.count)))
        send(
            .docs(
                DocumentsRequest(id: id, library: listing.library, after: after, creating: now)))
    }

    private mutating func listed(_ page: DocumentsPage) {
        guard let listing = listings.removeValue(forKey: page.id) else { return }
        if !listing.creating.isEmpty { return request(listing, after: nil) }
        hasNothingMore = false
        let known = page.documents.filter { Self.follows($0.kind) }.map(\.doc)
        actions.append(.documentsKnown(listing.library, known))
        if page.more, let last = page.documents.last {
            request(Listing(library: listing.library, creating: []), after: last.doc)
        }
    }

    /// Whether documents of a kind are followed. Private sets are passed over, as are kinds that are not
    /// known here.
    private static func follows(_ kind: DocumentKind?) -> Bool {
        switch kind {
        case .article, .annotations: true
        case .privateAnnotations, nil: false
        }
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

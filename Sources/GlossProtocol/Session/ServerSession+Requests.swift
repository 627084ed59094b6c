import GlossCore

extension ServerSession {
    mutating func receive(_ line: [UInt8], now: Int) {
        heartbeat.heard(now: now)
        switch phase {
        case .awaitingHello: first(line)
        case .authenticating(let hello, var waiting):
            if line.count > WireLimits.lineBeforeLogin {
                fail(.lineTooLong, "longer than \(WireLimits.lineBeforeLogin) bytes")
            } else if waiting.count == WireLimits.linesBeforeWelcome {
                fail(.rateLimited, "too many lines before the welcome")
            } else {
                waiting.append(line)
                phase = .authenticating(hello: hello, waiting: waiting)
            }
        case .ready: answer(line)
        case .draining, .closed: break
        }
    }

    /// The first line: a `hello`, or the end.
    private mutating func first(_ line: [UInt8]) {
        if line.count > WireLimits.lineBeforeLogin {
            return fail(.lineTooLong, "longer than \(WireLimits.lineBeforeLogin) bytes")
        }
        let message: ClientMessage
        do {
            message = try ClientMessage.decode(line)
        } catch {
            let code = error.code == .unknownType ? .authRequired : error.code
            return fail(code, error.message, id: error.id)
        }
        guard case .hello(let hello) = message else {
            return fail(.authRequired, "the first line is a hello")
        }
        if !hello.versions.contains(1) {
            return fail(.badVersion, "version 1 is spoken here", id: hello.id)
        }
        guard let auth = hello.auth else {
            return fail(.authRequired, "a credential is needed", id: hello.id)
        }
        capabilities = hello.capabilities
        phase = .authenticating(hello: hello.id, waiting: [])
        actions.append(.authenticate(auth))
    }

    mutating func authenticated(_ answer: Authentication, now: Int) {
        guard case .authenticating(let hello, let waiting) = phase else { return }
        switch answer {
        case .refused(let code, let message): fail(code, message, id: hello)
        case .admitted(let admission):
            phase = .ready
            heartbeat.heard(now: now)
            send(
                .welcome(
                    Welcome(
                        id: hello, user: admission.user, device: admission.device,
                        label: admission.label, log: admission.log,
                        libraries: admission.libraries, joined: admission.joined,
                        heartbeat: heartbeat.interval / 1_000, limits: limits,
                        capabilities: capabilities)))
            actions.append(.setLineLimit(limits.line))
            for line in waiting where phase == .ready { self.answer(line) }
        }
    }

    private mutating func answer(_ line: [UInt8]) {
        if line.count > limits.line { return fail(.lineTooLong, "longer than announced") }
        let message: ClientMessage
        do {
            message = try ClientMessage.decode(line)
        } catch {
            if error.isFatal { return fail(error.code, error.message, id: error.id) }
            // Two sides that answered errors with errors would never end.
            if !MessageLine.isError(line) { send(.err(Failure(error))) }
            return
        }
        switch message {
        case .hello(let hello): reject(hello.id, .badField, "hello comes once")
        case .docs(let request): list(request)
        case .sub(let request): subscribe(request)
        case .unsub(let unsubscribe): drop(unsubscribe.doc)
        case .push(let push): take(push)
        case .pres(let report): take(report)
        case .give(let give): take(give)
        case .receipt(let request): sign(request)
        case .ping(let ping): send(.pong(ping))
        case .pong: break
        case .err(let failure):
            if failure.scope == .connection { close() } else { note(failure) }
        case .bye: close()
        }
    }

    mutating func reject(_ id: Int, _ code: ErrorCode, _ message: String) {
        send(.err(Failure(id: id, scope: .message, code: code, message: message)))
    }

    var hasTooManyRequests: Bool {
        listing.count + subscribing.count + signing.count >= WireLimits.requestsInFlight
    }

    private mutating func list(_ request: DocumentsRequest) {
        if hasTooManyRequests { return reject(request.id, .rateLimited, "too many requests") }
        if !listing.insert(request.id).inserted {
            return reject(request.id, .badField, "the id is in use")
        }
        actions.append(.listDocuments(request))
    }

    private mutating func subscribe(_ request: SubscribeRequest) {
        drop(request.doc)
        let isFull = subscriptions.count + subscribing.count >= limits.subscriptions
        if isFull || hasTooManyRequests {
            let code = isFull ? ErrorCode.tooLarge : .rateLimited
            return send(
                .err(
                    Failure(
                        id: request.id, scope: .document, doc: request.doc, code: code,
                        message: "too many subscriptions")))
        }
        subscribing[request.doc] = request
        actions.append(.subscribe(request))
    }

    /// Ends a subscription, if there is one.
    mutating func drop(_ doc: DocumentID) {
        let wasAsked = subscribing.removeValue(forKey: doc) != nil
        let subscription = subscriptions.removeValue(forKey: doc)
        if subscription?.isReading == true { readsInFlight -= 1 }
        waitingToRead.removeAll { $0 == doc }
        if wasAsked || subscription != nil { actions.append(.unsubscribe(doc)) }
    }

    private mutating func take(_ push: Push) {
        if pushes[push.id] != nil { return reject(push.id, .badField, "the id is in use") }
        var parts: [ChangeBatch] = []
        var bytes = 0
        for part in push.parts {
            var changes: [EncodedChange] = []
            for raw in part.changes {
                do {
                    changes.append(try EncodedChange(raw))
                } catch {
                    let name = ChangeCodec.name(of: raw.bytes)
                    return send(
                        .nack(
                            Nack(
                                id: push.id, doc: part.doc, agent: name.agent, seq: name.seq,
                                code: error.code, message: error.message)))
                }
                bytes += raw.bytes.count
            }
            parts.append(ChangeBatch(doc: part.doc, changes: changes))
        }
        if !takesLines, let first = push.parts.first {
            return send(
                .nack(
                    Nack(
                        id: push.id, doc: first.doc, agent: nil, seq: nil, code: .rateLimited,
                        message: "more in flight than announced")))
        }
        pushes[push.id] = parts
        pushBytes += bytes
        actions.append(.push(id: push.id, parts: parts))
    }

    mutating func decided(_ id: Int, _ decision: PushDecision) {
        guard let parts = pushes.removeValue(forKey: id) else { return }
        pushBytes -= parts.reduce(0) { $0 + $1.byteCount }
        let isGiven = giving.remove(id) != nil
        switch decision {
        case .committed(let positions, let time):
            // What was given back comes again, with its new positions. So does what is acknowledged while
            // a log is being read: what its author had before that must not be left out of it.
            for part in parts where !isGiven && subscriptions[part.doc]?.isLive == true {
                for change in part.changes.map(\.change) {
                    let known = subscriptions[part.doc]?.skip[change.agent] ?? 0
                    subscriptions[part.doc]?.skip[change.agent] = max(known, change.endSeq)
                }
            }
            send(.ack(Ack(id: id, parts: positions, time: time)))
        case .refused(let refusal):
            send(
                .nack(
                    Nack(
                        id: id, doc: refusal.doc, agent: refusal.change?.agent,
                        seq: refusal.change?.seq, code: refusal.code, missing: refusal.missing,
                        message: refusal.message)))
        }
        if case .draining(let delay) = phase, pushes.isEmpty { goodbye(delay: delay) }
    }
}

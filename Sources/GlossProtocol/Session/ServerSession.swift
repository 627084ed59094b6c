import GlossCore

/// The server's side of one connection, as a value: events in, actions out.
///
/// Knows no socket, clock or disk. Times are milliseconds of any clock that does not go back.
/// Everything it keeps is bounded by ``WireLimits``; it never holds log rows.
public struct ServerSession: Sendable {
    enum Phase: Hashable {
        case awaitingHello
        /// Lines that came meanwhile wait.
        case authenticating(hello: Int, waiting: [[UInt8]])
        case ready
        /// Waits for pushes to be decided, then says goodbye.
        case draining(delay: Int)
        case closed
    }

    /// A document this connection follows.
    struct Subscription {
        /// The `id` of its `sub`.
        let number: Int
        /// The last position the driver has given rows up to.
        var read: Int
        /// The last position the client was told of, and the last row.
        var told: RowContext
        /// Whether the client knows that there was nothing behind that position.
        var isLive = false
        /// The last position known to be durable.
        var head: Int
        /// What the client has anyway, of what may still come from the log.
        var skip: VersionVector
        var isReading = false
        var saidLag = false
    }

    let limits: SessionLimits
    let acceptedAt: Int
    var phase = Phase.awaitingHello
    var heartbeat: Heartbeat
    /// What both sides have named.
    var capabilities: [Capability] = []
    /// Since when the peer, which reads too slowly, has taken nothing; `nil` if it is fast enough.
    var stalledSince: Int?
    /// Documents asked for and not yet answered.
    var subscribing: [DocumentID: SubscribeRequest] = [:]
    var subscriptions: [DocumentID: Subscription] = [:]
    /// Documents with something to send, in the order they got it.
    var waitingToRead: [DocumentID] = []
    var readsInFlight = 0
    /// Unanswered `docs`.
    var listing: Set<Int> = []
    /// Unanswered `receipt`.
    var signing: Set<Int> = []
    /// Undecided pushes, and what is given back.
    var pushes: [Int: [ChangeBatch]] = [:]
    /// Those of them that give back.
    var giving: Set<Int> = []
    var pushBytes = 0
    /// What ``handle(_:now:)`` will return.
    var actions: [Action] = []

    /// A connection accepted at `now`. Its line limit starts at ``WireLimits/lineBeforeLogin``.
    public init(
        now: Int, limits: SessionLimits = SessionLimits(),
        heartbeatSeconds: Int = WireLimits.heartbeat
    ) {
        self.limits = limits
        acceptedAt = now
        heartbeat = Heartbeat(interval: heartbeatSeconds * 1_000, now: now)
    }

    /// Whether the last action was to close, or the peer has closed.
    public var isClosed: Bool { phase == .closed }

    /// How many pushes wait for a decision.
    public var undecidedPushes: Int { pushes.count }

    /// Whether the next line may be handed over. While it may not, nothing is to be read from the
    /// client: as much as was announced waits for an answer.
    public var takesLines: Bool {
        phase != .ready || (pushes.count < limits.batches && pushBytes < limits.inflight)
    }

    /// When ``Event/tick`` is due; `nil` once closed.
    public var deadline: Int? {
        switch phase {
        case .awaitingHello, .authenticating: acceptedAt + WireLimits.helloTime
        case .ready, .draining:
            min(heartbeat.deadline, stalledSince.map { $0 + WireLimits.stallTime } ?? .max)
        case .closed: nil
        }
    }

    /// Takes in what happened at `now` and says what to do about it.
    ///
    /// - Complexity: O(size of the event).
    public mutating func handle(_ event: Event, now: Int) -> [Action] {
        if phase == .closed { return [] }
        switch event {
        case .line(let line): receive(line, now: now)
        case .stirred: heartbeat.stirred()
        case .framingFailed: fail(.lineTooLong, "the line is longer than announced")
        case .authenticated(let answer): authenticated(answer, now: now)
        case .listed(let page):
            if listing.remove(page.id) != nil { send(.docs(page)) }
        case .listRefused(let id, let code, let message):
            if listing.remove(id) != nil {
                send(.err(Failure(id: id, scope: .message, code: code, message: message)))
            }
        case .documentAppeared(let appeared):
            if phase == .ready { send(.doc(appeared)) }
        case .subscribed(let id, let doc, let following): subscribed(id, doc, following)
        case .subscribeRefused(let id, let doc, let code, let message):
            if subscribing[doc]?.id == id {
                subscribing[doc] = nil
                send(
                    .err(
                        Failure(id: id, scope: .document, doc: doc, code: code, message: message)))
            }
        case .pushDecided(let id, let decision): decided(id, decision)
        case .advanced(let doc, let head): advanced(doc, head: head)
        case .logRead(let slice): logRead(slice)
        case .attested(let slice): attested(slice)
        case .receiptMade(let answer):
            if signing.remove(answer.id) != nil { send(.receipt(answer)) }
        case .receiptRefused(let id, let code, let message):
            if signing.remove(id) != nil {
                send(.err(Failure(id: id, scope: .message, code: code, message: message)))
            }
        case .logFailed(let doc, let code, let message): logFailed(doc, code, message)
        case .accessLost(let revoked, let docs): accessLost(revoked, docs)
        case .roleChanged(let change):
            if phase == .ready { send(.role(change)) }
        case .deviceRevoked: fail(.deviceRevoked, "this device was revoked")
        case .presence(let news): tell(news)
        case .presenceRefused(let doc): refusePresence(doc)
        case .writable(let isWritable): writable(isWritable, now: now)
        case .taken(let time): stalledSince = stalledSince.map { max($0, time) }
        case .tick: tick(now: now)
        case .peerClosed: phase = .closed
        case .drain(let delay): drain(delay: delay)
        }
        let result = actions
        actions = []
        return result
    }

    mutating func send(_ message: ServerMessage) {
        actions.append(.send(message))
    }

    /// Says what is wrong and closes.
    mutating func fail(_ code: ErrorCode, _ message: String, id: Int? = nil) {
        let versions = code == .badVersion ? [1] : []
        send(
            .err(
                Failure(
                    id: id, scope: .connection, code: code, versions: versions, message: message)))
        close()
    }

    mutating func close() {
        actions.append(.close)
        phase = .closed
        pushes = [:]
        subscriptions = [:]
        subscribing = [:]
        waitingToRead = []
    }

    private mutating func tick(now: Int) {
        guard let deadline, now >= deadline else { return }
        switch phase {
        case .awaitingHello, .authenticating: fail(.timedOut, "no login in time")
        case .ready, .draining:
            if let stalledSince, now >= stalledSince + WireLimits.stallTime {
                send(.bye(Bye(code: .slowConsumer, message: "nothing was read for a while")))
                close()
                return
            }
            // Whoever is not read from cannot be heard.
            if !takesLines || stalledSince != nil { heartbeat.heard(now: now) }
            switch heartbeat.check(now: now) {
            case .fine: break
            case .ask: send(.ping(Ping()))
            case .dead: fail(.timedOut, "no sign of life")
            }
        case .closed: break
        }
    }

    private mutating func drain(delay: Int) {
        if case .ready = phase, !pushes.isEmpty {
            phase = .draining(delay: delay)
        } else {
            goodbye(delay: delay)
        }
    }

    mutating func goodbye(delay: Int) {
        send(.bye(Bye(code: .shuttingDown, delay: delay, message: "the server is going down")))
        close()
    }
}

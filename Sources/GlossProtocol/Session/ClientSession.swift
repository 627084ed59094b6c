import GlossCore

/// The client's side of one connection, as a value: events in, actions out.
///
/// Knows no socket, clock or disk. Times are milliseconds of any clock that does not go back.
public struct ClientSession: Sendable {
    enum Phase: Hashable {
        case connecting
        case awaitingWelcome
        case ready
        case closed
    }

    /// A document this connection follows, or wants to.
    struct Replica {
        enum State: Hashable {
            /// In line for its `sub`.
            case wanted
            /// The `sub` with this id is out.
            case asked(id: Int)
            /// The log is coming.
            case reading
            /// Up to date according to the server; the driver is to confirm it.
            case checking(Live)
            /// Up to date.
            case live
        }

        var local: LocalDocument
        /// The `id` of its last `sub`, if one went out.
        var number: Int?
        var state = State.wanted
        /// Whether the `sub` has a version vector.
        var sendsVector: Bool
        /// The last position covered, and the last row.
        var covered: RowContext
        /// The highest position an acknowledgement of this connection named.
        var acknowledged = 0
    }

    struct Outgoing {
        var id: Int
        var parts: [ChangeBatch]
        var byteCount: Int
    }

    let mode: Mode
    let hello: Hello
    var phase = Phase.connecting
    var openedAt: Int
    var heartbeat: Heartbeat
    var limits = SessionLimits()
    /// The id of the next request of our own.
    var nextID = 1
    /// Listings that are out, by id: the library, what is still to be created in it, and the private
    /// sets that are being made.
    var listings: [Int: Listing] = [:]
    /// Listings asked for before there was a welcome.
    var earlyListings: [Listing] = []
    var replicas: [DocumentID: Replica] = [:]
    /// The documents by the `id` of their `sub`.
    var numbers: [Int: DocumentID] = [:]
    /// Documents in line for their `sub`.
    var wanted: [DocumentID] = []
    var asked = 0
    /// Documents that cannot be followed, and why: pushes to them are refused here.
    var failures: [DocumentID: Failure] = [:]
    var queue: [Outgoing] = []
    /// Pushes that are being offered.
    var offering: [Int: Outgoing] = [:]
    /// Pushes without an answer.
    var sent: [Int: Outgoing] = [:]
    /// What is being given back, by the id of its message.
    var returning: [Int: (doc: DocumentID, byteCount: Int)] = [:]
    var bytesInFlight = 0
    /// What this client shows of itself, by document.
    var whereabouts: [DocumentID: Whereabouts] = [:]
    /// Documents where the server does not know the latest of that.
    var unshown: [DocumentID] = []
    /// Whether the server does not know `pres`.
    var lacksPresence = false
    var hasNothingMore = false
    var isSettled = false
    /// What ``handle(_:now:)`` will return.
    var actions: [Action] = []

    struct Listing: Hashable {
        var library: LibraryID
        var creating: [DocumentID]
        var sets: [PrivateSet] = []
    }

    /// A connection about to be made at `now`.
    ///
    /// Its line limit starts at ``WireLimits/line``: a welcome with many libraries is long, and the
    /// server has been identified by its key.
    public init(mode: Mode, credential: Credential, software: String, now: Int) {
        self.mode = mode
        hello = Hello(
            id: 0, software: software, capabilities: Capability.allCases, auth: credential)
        openedAt = now
        heartbeat = Heartbeat(interval: WireLimits.heartbeat * 1_000, now: now)
    }

    /// Whether the last action was to close, or the peer has closed.
    public var isClosed: Bool { phase == .closed }

    /// When ``Event/tick`` is due; `nil` once closed.
    public var deadline: Int? {
        switch phase {
        case .connecting, .awaitingWelcome: openedAt + WireLimits.helloTime
        case .ready: min(heartbeat.deadline, showDeadline ?? .max)
        case .closed: nil
        }
    }

    /// Takes in what happened at `now` and says what to do about it.
    ///
    /// - Complexity: O(size of the event), and O(documents) when the session may have settled.
    public mutating func handle(_ event: Event, now: Int) -> [Action] {
        if phase == .closed { return [] }
        switch event {
        case .connected:
            phase = .awaitingWelcome
            openedAt = now
            send(.hello(hello))
        case .line(let line): receive(line, now: now)
        case .stirred: heartbeat.stirred()
        case .framingFailed: fail(.lineTooLong, "the line is longer than announced")
        case .peerClosed:
            let message = "the server closed the connection"
            actions.append(.failed(Failure(scope: .connection, code: .timedOut, message: message)))
            phase = .closed
        case .tick: tick(now: now)
        case .list(let library, let creating): list(library, creating)
        case .make(let library, let sets): make(library, sets)
        case .follow(let local): follow(local)
        case .unfollow(let doc):
            unfollow(doc)
            dropQueued(for: doc)
            hasNothingMore = false
        case .push(let id, let parts): enqueue(id, parts)
        case .offered(let id): offered(id)
        case .cancelled(let id): cancel(id)
        case .reached(let doc, let at, let sum, let state): reached(doc, at, sum, state)
        case .give(let stretch, let rows, let causes): give(stretch, rows, causes)
        case .askReceipt(let stretch, let rows): askReceipt(stretch, rows)
        case .nothingMore: hasNothingMore = true
        case .show(let doc, let state): show(doc, state)
        case .stop: leave()
        }
        sayWhereabouts(now: now)
        settle()
        let result = actions
        actions = []
        return result
    }

    mutating func send(_ message: ClientMessage) {
        actions.append(.send(message))
    }

    /// Tells the server what it did wrong, and the driver, and closes.
    mutating func fail(_ code: ErrorCode, _ message: String, isTold: Bool = true) {
        let failure = Failure(scope: .connection, code: code, message: message)
        if isTold, phase != .connecting { send(.err(failure)) }
        end(failure)
    }

    /// Closes for a reason.
    mutating func end(_ failure: Failure) {
        actions.append(.failed(failure))
        actions.append(.close)
        phase = .closed
    }

    private mutating func leave() {
        if phase != .connecting { send(.bye(Bye())) }
        actions.append(.close)
        phase = .closed
    }

    private mutating func tick(now: Int) {
        guard let deadline, now >= deadline else { return }
        switch phase {
        case .connecting, .awaitingWelcome: fail(.timedOut, "no welcome in time")
        case .ready:
            switch heartbeat.check(now: now) {
            case .fine: break
            case .ask: send(.ping(Ping()))
            case .dead: fail(.timedOut, "no sign of life")
            }
        case .closed: break
        }
    }

    /// Says so when everything is done, and leaves if that was all there was to do.
    private mutating func settle() {
        let isDone =
            phase == .ready && hasNothingMore && listings.isEmpty && queue.isEmpty
            && offering.isEmpty && sent.isEmpty && returning.isEmpty && wanted.isEmpty && asked == 0
            && replicas.values.allSatisfy {
                $0.state == .live && $0.covered.position >= $0.acknowledged
            }
        if isDone, !isSettled {
            actions.append(.settled)
            if mode == .once { leave() }
        }
        isSettled = isDone
    }
}

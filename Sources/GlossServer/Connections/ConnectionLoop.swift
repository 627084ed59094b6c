import GlossCore
import GlossProtocol
import GlossTransport
import Logging

/// What the loop of one connection knows: the session, and what the server must know beside it.
struct ConnectionLoop {
    let connection: Connection
    private let startedAt: Int
    private var session: ServerSession
    /// Events that actions led to, to be handled before anything else.
    private var events: [ServerSession.Event] = []
    /// Lines that the event being handled leads to.
    private var lines: [[UInt8]] = []
    private var isStalled = false
    /// Of the bytes that have come, how many the session was told of.
    private var stirredByteCount = 0
    /// Lines dealt with since others had their turn.
    private var linesInTurn = 0
    /// How many lines a connection may deal with in one.
    private static let turn = 64
    private var isClosing = false
    /// Who has logged in.
    var admission: ServerSession.Admission?
    /// The libraries the client believes to be a member of, and the roles it was told.
    var libraries: [LibraryID: Role] = [:]
    /// The documents followed, what they belong to, and the roles the client was told.
    var following: [DocumentID: (scope: DocumentScope, role: Role)] = [:]
    /// What has just been committed of a document, while that is being handled.
    private(set) var news: ServerSession.LogSlice?
    /// The documents in which it said where it is.
    var present: Set<DocumentID> = []
    var tally = Tally()

    /// What is said of a connection in the log.
    struct Tally {
        var pushes = 0
        var pushedChanges = 0
        var sentChanges = 0
        var refusals = 0
        var failure: ErrorCode?
    }

    var services: ConnectionServices { connection.services }

    init(_ connection: Connection, _ session: ServerSession) {
        self.connection = connection
        self.session = session
        startedAt = connection.services.clock.steady()
    }

    /// Deals with what comes until the session closes.
    mutating func run() async {
        while !isClosing, !session.isClosed {
            let takesLines = !isStalled && session.takesLines
            switch await connection.mailbox.next(
                takesLines: takesLines, takesPresence: takesLines && hasRoom())
            {
            // What was in line when it was hidden is news no more.
            case .event(.documentAppeared(let appeared)) where role(in: appeared.scope) == nil:
                continue
            case .event(let event): await handle(event)
            case .line(let line):
                await handle(line)
                await giveWay()
                connection.readOn()
            case .grown(let news):
                self.news = news
                await handle(.advanced(news.doc, head: news.head))
                self.news = nil
                if news.rows.isEmpty, news.after == news.head, mayHear(of: news.doc) {
                    await handle(.attested(news))
                }
            case .presence(let doc, let news): await tellPresence(doc, news)
            case .urgent(let urgent): await handle(urgent)
            case .closed: return
            }
        }
    }

    /// Lets others have the thread now and then: a peer that always has a line waiting would keep it.
    private mutating func giveWay() async {
        linesInTurn += 1
        if linesInTurn < Self.turn { return }
        linesInTurn = 0
        try? await services.clock.sleep(.zero)
    }

    private mutating func handle(_ urgent: Mailbox.Urgent) async {
        switch urgent {
        case .lost: await handle(ServerSession.Event.peerClosed)
        case .accessChanged: await checkAccess()
        case .tick:
            let byteCount = connection.line.receivedByteCount
            if byteCount != stirredByteCount {
                stirredByteCount = byteCount
                await handle(.stirred)
            }
            if isStalled { await handle(.taken(at: connection.outbox.takenAt)) }
            await handle(ServerSession.Event.tick)
        case .progress:
            if let pace = changeOfPace() {
                await handle(pace)
            } else if isStalled {
                // What was being read of logs has come in behind the report, and waits again.
                connection.outbox.reportProgress()
            }
        }
    }

    /// Hands an event to the session and does what it asks for, and so on with what comes of that.
    mutating func handle(_ event: ServerSession.Event) async {
        events.append(event)
        while !events.isEmpty {
            let event = events.removeFirst()
            if case .pushDecided(_, .refused) = event { tally.refusals += 1 }
            for action in session.handle(event, now: services.clock.steady()) {
                await perform(action)
            }
            if !lines.isEmpty {
                connection.outbox.append(lines)
                lines = []
            }
            // Goes first: a log that was read leads to reading on, for as long as the peer reads.
            if let pace = changeOfPace() { events.insert(pace, at: 0) }
        }
        connection.setDeadline(session.deadline)
    }

    /// What to tell the session when the peer has stopped reading, and when it reads again.
    private mutating func changeOfPace() -> ServerSession.Event? {
        let waiting = connection.outbox.byteCount
        if !isStalled, waiting > Outbox.highWater {
            isStalled = true
            connection.outbox.reportProgress()
            return .writable(false)
        } else if isStalled, waiting < Outbox.lowWater {
            isStalled = false
            return .writable(true)
        }
        return nil
    }

    /// Whether little enough waits for the peer that it may be told who is there. When it reads on, the
    /// mailbox is looked at again.
    private func hasRoom() -> Bool {
        if connection.outbox.byteCount < Outbox.lowWater { return true }
        connection.outbox.reportProgress()
        return false
    }

    private mutating func perform(_ action: ServerSession.Action) async {
        switch action {
        case .send(let message):
            note(message)
            let line = message.encode()
            connection.services.metrics.sent(message, line)
            lines.append(line)
        case .setLineLimit(let limit): connection.line.setLineLimit(limit)
        case .authenticate(let credential): await authenticate(credential)
        case .listDocuments(let request): await list(request)
        case .subscribe(let request): await subscribe(request)
        case .unsubscribe(let document): await unsubscribe(document)
        case .push(let id, let parts): await push(id, parts)
        case .give(let give, let changes): await submit(give, changes)
        case .makeReceipt(let request): await sign(request)
        case .clientReported(let failure): note(failure)
        case .sendLog(let document, let position): await sendLog(document, after: position)
        case .takePresence(let report): takePresence(report)
        case .close: isClosing = true
        }
    }

    /// Has the session handle something after what it handles now.
    mutating func enqueue(_ event: ServerSession.Event) {
        events.append(event)
    }

    private mutating func note(_ message: ServerMessage) {
        switch message {
        case .ops(let page): tally.sentChanges += page.changes.count
        case .row: tally.sentChanges += 1
        case .err(let failure) where failure.scope == .connection: tally.failure = failure.code
        case .bye(let bye): tally.failure = bye.code
        default: break
        }
    }

    /// Takes the connection off every list.
    mutating func leave() async {
        for document in present { leavePresence(document) }
        for document in following.keys { await services.rooms.unfollow(document, connection) }
        services.access.remove(connection)
    }

    /// Writes the one line there is in the log about a connection. No text, no secrets.
    func log() {
        var metadata: Logger.Metadata = [
            "peer": "\(connection.line.peerAddress)",
            "ms": "\(services.clock.steady() - startedAt)",
            "pushes": "\(tally.pushes)", "changes_in": "\(tally.pushedChanges)",
            "changes_out": "\(tally.sentChanges)", "refused": "\(tally.refusals)",
        ]
        if let admission {
            metadata["user"] = "\(admission.user)"
            metadata["device"] = "\(admission.device)"
        }
        if let failure = tally.failure { metadata["end"] = "\(failure.rawValue)" }
        services.log.info("connection ended", metadata: metadata)
    }
}

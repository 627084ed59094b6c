import GlossCore
import GlossProtocol
import GlossTransport
import Synchronization

/// One client: drives a ``ServerSession`` over a line connection.
///
/// One loop deals with everything that happens, one after the other: lines come to it from the
/// event loop, and the time from the server's timekeeper. It never waits for the peer.
final class Connection: Sendable, Follower, Access.Listener, PresenceWatcher, Timed {
    /// How long the last lines may take to be sent when the connection ends.
    static let farewellTime = Duration.milliseconds(800)

    let line: LineConnection
    let services: ConnectionServices
    let mailbox = Mailbox()
    let outbox: Outbox
    /// When the session wants to know the time, on the steady clock.
    private let nextTick = Mutex(0)

    init(_ line: LineConnection, _ services: ConnectionServices) {
        self.line = line
        self.services = services
        outbox = Outbox(line, clock: services.clock) { [mailbox] event in
            switch event {
            case .drained: mailbox.post(.progress)
            case .lost: mailbox.post(.lost)
            }
        }
    }

    /// Runs until the connection is at its end. Closing the line connection is left to the caller.
    func run() async {
        let session = ServerSession(
            now: services.clock.steady(), limits: services.limits,
            heartbeatSeconds: services.heartbeat)
        var loop = ConnectionLoop(self, session)
        setDeadline(session.deadline)
        services.timekeeper.add(self, clock: services.clock)
        readOn()
        await withTaskCancellationHandler {
            await loop.run()
        } onCancel: {
            mailbox.post(.lost)
        }
        services.timekeeper.remove(self)
        mailbox.close()
        await farewell()
        await loop.leave()
        loop.log()
    }

    /// The server is going down: the client is told to come back in `delay` milliseconds.
    func drain(delay: Int) {
        mailbox.post(drainIn: delay)
    }

    func setDeadline(_ time: Int?) {
        nextTick.withLock { $0 = time ?? .max }
    }

    var deadline: Int { nextTick.withLock { $0 } }

    func timeHasCome() {
        mailbox.post(.tick)
    }

    // MARK: What happens elsewhere

    func logGrew(by news: ServerSession.LogSlice) {
        mailbox.post(grown: news)
    }

    func documentGone(_ document: DocumentID) {
        mailbox.post(gone: document)
    }

    func accessChanged() {
        mailbox.post(.accessChanged)
    }

    func documentAppeared(_ appeared: DocumentAppeared) {
        mailbox.post(appeared: appeared)
    }

    func presenceChanged(_ news: PresenceNews) {
        mailbox.post(presence: news)
    }

    /// Asks for the next line, when the one before has been dealt with.
    func readOn() {
        line.nextLine { [mailbox, metrics = services.metrics] outcome in
            switch outcome {
            case .success(let line?):
                metrics.received(line)
                mailbox.post(line: .line(line))
            case .success(nil): mailbox.post(line: .peerClosed)
            case .failure(.lineTooLong): mailbox.post(line: .framingFailed)
            case .failure: mailbox.post(.lost)
            }
        }
    }

    /// Gives the last lines a moment to leave, and no more: a peer that does not read is cut.
    private func farewell() async {
        if outbox.isEmpty { return }
        let (line, clock) = (line, services.clock)
        let cut = Task {
            try await clock.sleep(Self.farewellTime)
            line.abort()
        }
        await outbox.finish()
        cut.cancel()
    }
}

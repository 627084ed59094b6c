import GlossCore
import GlossProtocol
import Testing

@Suite struct ClientSessionTests {
    private static let welcome = Welcome(
        id: 0, user: "ana", device: Sample.device, label: "laptop", log: 1, libraries: [],
        limits: SessionLimits(inflight: 1_000, batches: 2))

    private let doc = Sample.article

    private func ready(_ mode: ClientSession.Mode = .stay) -> ClientSession {
        var session = ClientSession(
            mode: mode, credential: Sample.credential, software: "test", now: 0)
        _ = session.handle(.connected, now: 0)
        _ = session.handle(Sample.line(.welcome(Self.welcome)), now: 0)
        return session
    }

    private func local(
        at: Int = 0, own: Int = 0, acknowledged: Int = 0
    ) -> ClientSession.LocalDocument {
        let own = VersionVector([(Sample.agent, own)])
        return ClientSession.LocalDocument(
            doc: doc, at: at, sum: Checksum(rawValue: UInt64(at)), vector: own,
            acknowledged: VersionVector([(Sample.agent, acknowledged)]), own: own)
    }

    private func have(_ id: Int, at: Int = 0, next: Int = 0) -> ClientSession.Event {
        Sample.line(
            .have(
                Have(
                    id: id, doc: doc, at: at, sum: Checksum(),
                    vector: VersionVector([(Sample.agent, next)]), role: .editor)))
    }

    /// The id of the `sub` among some actions.
    private func subID(_ actions: [ClientSession.Action]) throws -> Int {
        for case .send(.sub(let request)) in actions { return request.id }
        return try #require(nil, "no sub in \(actions)")
    }

    /// A session that follows the document from position `at` on, live at it.
    private func live(
        _ mode: ClientSession.Mode = .stay, at: Int = 0
    ) throws -> ClientSession {
        var session = ready(mode)
        let id = try subID(session.handle(.follow(local(at: at)), now: 0))
        _ = session.handle(have(id, at: at), now: 0)
        let sum = Checksum(rawValue: UInt64(at))
        let actions = session.handle(
            Sample.line(.live(Live(doc: doc, at: at, sum: sum))), now: 0)
        #expect(actions == [.caughtUp(Live(doc: doc, at: at, sum: sum))])
        _ = session.handle(.reached(doc, at: at, sum: sum, state: nil), now: 0)
        return session
    }

    @Test func `It says hello first and asks nothing before the welcome`() throws {
        var session = ClientSession(
            mode: .once, credential: Sample.credential, software: "test", now: 0)
        #expect(session.handle(.follow(local()), now: 0).isEmpty)
        #expect(session.handle(.list(Sample.library, creating: []), now: 0).isEmpty)
        let hello = Hello(
            id: 0, software: "test", capabilities: [.rows], auth: Sample.credential)
        #expect(session.handle(.connected, now: 0) == [.send(.hello(hello))])
        let actions = session.handle(Sample.line(.welcome(Self.welcome)), now: 0)
        #expect(actions.contains(.welcomed(Self.welcome)))
        _ = try subID(actions)
        #expect(
            actions.contains(.send(.docs(DocumentsRequest(id: 1, library: Sample.library)))))
    }

    @Test(arguments: [
        (
            #"{"t":"err","scope":"conn","code":"auth_failed","retry":"reauth"}"#,
            ErrorCode.authFailed
        ),
        (#"{"t":"err","scope":"conn","code":"bad_version","retry":"never","v":[2]}"#, .badVersion),
        (#"{"t":"bye","code":"shutting_down","ms":90}"#, .shuttingDown),
        (#"{"t":"ping"}"#, .badFrame), ("SSH-2.0", .badFrame), (#"{"t":"dance"}"#, .unknownType),
    ])
    func `Without a welcome the connection ends with a reason`(line: String, code: ErrorCode) {
        var session = ClientSession(
            mode: .once, credential: Sample.credential, software: "test", now: 0)
        _ = session.handle(.connected, now: 0)
        let actions = session.handle(Sample.brokenAnswer(line), now: 0)
        #expect(failure(actions)?.code == code)
        #expect(actions.last == .close)
        #expect(session.isClosed)
    }

    @Test func `An error that cannot be read ends the connection without another one`() {
        var session = ready()
        let actions = session.handle(Sample.brokenAnswer(#"{"t":"err","scope":"msg"}"#), now: 1)
        #expect(failure(actions)?.code == .badField)
        #expect(actions.last == .close)
        #expect(!actions.contains { if case .send = $0 { true } else { false } })
    }

    @Test func `No welcome in time, no sign of life`() {
        var session = ClientSession(
            mode: .once, credential: Sample.credential, software: "test", now: 0)
        _ = session.handle(.connected, now: 5)
        #expect(failure(session.handle(.tick, now: 10_005))?.code == .timedOut)

        session = ready()
        #expect(session.handle(.tick, now: 30_000) == [.send(.ping(Ping()))])
        #expect(failure(session.handle(.tick, now: 45_000))?.code == .timedOut)
    }

    @Test func `Bytes of a long line are no answer, and keep the connection`() {
        var session = ready()
        #expect(session.handle(.tick, now: 30_000) == [.send(.ping(Ping()))])
        #expect(session.handle(.stirred, now: 45_000).isEmpty)
        #expect(session.handle(.tick, now: 45_000) == [.send(.ping(Ping()))])
        #expect(failure(session.handle(.tick, now: 60_000))?.code == .timedOut)
    }

    @Test func `A goodbye says how long to stay away`() {
        var session = ready()
        let bye = Bye(code: .shuttingDown, delay: 750, message: "update")
        let actions = session.handle(Sample.line(.bye(bye)), now: 0)
        #expect(failure(actions)?.delay == 750)
        #expect(failure(actions)?.retry == .later)
    }

    @Test func `Unknown types are passed over`() {
        var session = ready()
        #expect(session.handle(Sample.brokenAnswer(#"{"t":"presence"}"#), now: 0).isEmpty)
    }

    @Test func `A position goes without a vector first, and with one when it does not match`()
        throws
    {
        var session = ready()
        let first = session.handle(.follow(local(at: 5, own: 2)), now: 0)
        let id = try subID(first)
        let failure = Failure(
            id: id, scope: .document, doc: doc, code: .logMismatch, message: "")
        #expect(
            first == [
                .send(
                    .sub(
                        SubscribeRequest(
                            id: id, doc: doc, at: 5, sum: Checksum(rawValue: 5), vector: nil)))
            ])
        let second = session.handle(Sample.line(.err(failure)), now: 0)
        guard second.count == 1, case .send(.sub(let request)) = second.last else {
            Issue.record("no second sub alone: \(second)")
            return
        }
        #expect(request.at == 0)
        #expect(request.sum == Checksum())
        #expect(request.vector == VersionVector([(Sample.agent, 2)]))
    }

    @Test func `A server that lost what it acknowledged is told on`() throws {
        var session = ready()
        let id = try subID(session.handle(.follow(local(own: 5, acknowledged: 3)), now: 0))
        let actions = session.handle(have(id, next: 2), now: 0)
        #expect(actions.contains(.serverLacks(doc, VersionVector([(Sample.agent, 2)]))))
    }

    @Test func `A copied library is found before anything is taken in or pushed`() throws {
        var session = ready()
        let id = try subID(session.handle(.follow(local(own: 5, acknowledged: 3)), now: 0))
        let batch = ChangeBatch(doc: doc, changes: [try Sample.change(seq: 3)])
        #expect(session.handle(.push(id: 1, parts: [batch]), now: 0).isEmpty)
        let actions = session.handle(have(id, at: 6, next: 6), now: 0)
        #expect(actions.contains(.copied(doc, VersionVector([(Sample.agent, 6)]))))
        let refusals = actions.compactMap { action -> ErrorCode? in
            guard case .refused(1, let nack) = action else { return nil }
            return nack.code
        }
        #expect(refusals == [.agentFork])
        let page = LogPage(doc: doc, from: 1, to: 1, changes: [])
        #expect(session.handle(Sample.line(.ops(page)), now: 0).isEmpty)
    }

    @Test func `Pages must follow each other`() throws {
        var session = try live()
        let change = try Sample.change(AgentID(rawValue: 9))
        let row = CommittedChange(
            at: 2, user: "bo", device: "desk", time: 4, change: RawChange(change))
        let page = LogPage(doc: doc, from: 1, to: 2, changes: [row])
        let received = ReceivedChange(at: 2, user: "bo", device: "desk", time: 4, change: change)
        #expect(
            session.handle(Sample.line(.ops(page)), now: 0)
                == [.integrate(doc, [received], to: 2)])
        let gap = LogPage(doc: doc, from: 4, to: 4, changes: [])
        let actions = session.handle(Sample.line(.ops(gap)), now: 0)
        #expect(failure(actions)?.code == .badFrame)
        #expect(session.isClosed)
    }

    @Test func `A page with a broken change ends its document, not the connection`() throws {
        var session = try live()
        let row = CommittedChange(
            at: 1, user: "bo", device: "desk", time: 4, change: RawChange(bytes: Array("{}".utf8)))
        let page = LogPage(doc: doc, from: 1, to: 1, changes: [row])
        let actions = session.handle(Sample.broken(.ops(page)), now: 0)
        guard case .documentFailed(doc, let failure) = actions.last else {
            Issue.record("not failed: \(actions)")
            return
        }
        #expect(failure.code == .invalidOp)
        #expect(!session.isClosed)
    }

    @Test(arguments: [
        (UInt64(4), UInt64?.none, UInt64?.none, false), (5, nil, nil, true),
        (4, 1, 1, false), (4, 1, 2, true), (4, 1, nil, false),
    ])
    func `A checksum that differs is divergence`(
        sum: UInt64, theirs: UInt64?, ours: UInt64?, diverges: Bool
    ) throws {
        var session = ready()
        let id = try subID(session.handle(.follow(local(at: 4)), now: 0))
        _ = session.handle(have(id, at: 4), now: 0)
        let live = Live(doc: doc, at: 4, sum: Checksum(rawValue: 4), state: theirs)
        _ = session.handle(Sample.line(.live(live)), now: 0)
        let actions = session.handle(
            .reached(doc, at: 4, sum: Checksum(rawValue: sum), state: ours), now: 0)
        #expect(actions.contains(.diverged(doc)) == diverges)
    }

    @Test func `A push is marked as offered before it is sent, and sent within the limits`()
        throws
    {
        var session = try live()
        var seq = 0
        func push(_ id: Int) throws -> [ClientSession.Action] {
            let batch = ChangeBatch(doc: doc, changes: [try Sample.change(seq: seq)])
            seq += 1
            return session.handle(.push(id: id, parts: [batch]), now: 0)
        }
        #expect(try push(1) == [.offer(id: 1)])
        #expect(try push(2) == [.offer(id: 2)])
        #expect(try push(3).isEmpty)
        guard case .send(.push(let sent)) = session.handle(.offered(id: 1), now: 0).first else {
            Issue.record("not sent")
            return
        }
        _ = session.handle(.offered(id: 2), now: 0)
        let parts = [AckPart(doc: doc, positions: [1])]
        let ack = Ack(id: sent.id, parts: parts, time: 8)
        #expect(
            session.handle(Sample.line(.ack(ack)), now: 0)
                == [.acknowledged(id: 1, parts: parts, time: 8), .offer(id: 3)])
        #expect(session.handle(Sample.line(.ack(ack)), now: 0).isEmpty)
    }

    @Test func `A push that is cancelled is not sent, and makes room for the next one`() throws {
        var session = try live(.once)
        for id in 1...3 {
            let batch = ChangeBatch(doc: doc, changes: [try Sample.change(seq: id - 1)])
            _ = session.handle(.push(id: id, parts: [batch]), now: 0)
        }
        #expect(session.handle(.cancelled(id: 1), now: 0) == [.offer(id: 3)])
        #expect(session.handle(.offered(id: 1), now: 0).isEmpty)
        #expect(session.handle(.cancelled(id: 2), now: 0).isEmpty)
        #expect(session.handle(.cancelled(id: 3), now: 0).isEmpty)
        #expect(session.handle(.nothingMore, now: 0).contains(.settled))
    }

    @Test func `An ack that does not fit its push ends the connection`() throws {
        var session = try live()
        let batch = ChangeBatch(doc: doc, changes: [try Sample.change()])
        _ = session.handle(.push(id: 1, parts: [batch]), now: 0)
        guard case .send(.push(let sent)) = session.handle(.offered(id: 1), now: 0).first else {
            Issue.record("not sent")
            return
        }
        let ack = Ack(id: sent.id, parts: [AckPart(doc: doc, positions: [1, 2])], time: 8)
        #expect(failure(session.handle(Sample.line(.ack(ack)), now: 0))?.code == .badFrame)
    }

    @Test func `A refusal reaches the driver and holds up nothing`() throws {
        var session = try live()
        for id in 1...3 {
            let batch = ChangeBatch(doc: doc, changes: [try Sample.change(seq: id - 1)])
            _ = session.handle(.push(id: id, parts: [batch]), now: 0)
        }
        guard case .send(.push(let sent)) = session.handle(.offered(id: 1), now: 0).first else {
            Issue.record("not sent")
            return
        }
        let nack = Nack(
            id: sent.id, doc: doc, agent: Sample.agent, seq: 0, code: .forbidden, message: "no")
        let actions = session.handle(Sample.line(.nack(nack)), now: 0)
        guard case .refused(1, let refusal) = actions.first else {
            Issue.record("not refused: \(actions)")
            return
        }
        #expect(refusal.code == .forbidden)
        #expect(refusal.seq == 0)
        #expect(actions.last == .offer(id: 3))
    }

    @Test func `Pushes to a document that cannot be followed are refused`() throws {
        var session = ready()
        let id = try subID(session.handle(.follow(local()), now: 0))
        let batch = ChangeBatch(doc: doc, changes: [try Sample.change()])
        _ = session.handle(.push(id: 1, parts: [batch]), now: 0)
        let failure = Failure(id: id, scope: .document, doc: doc, code: .gone, message: "purged")
        let actions = session.handle(Sample.line(.err(failure)), now: 0)
        #expect(actions.first == .documentFailed(doc, failure))
        guard case .refused(1, let nack) = actions.last else {
            Issue.record("not refused: \(actions)")
            return
        }
        #expect(nack.code == .gone)
        #expect(nack.retry == .never)
    }

    @Test func `A push that no server would take is refused here`() throws {
        var session = try live()
        let change = try Sample.change()
        let changes = Array(repeating: change, count: WireLimits.pushChanges + 1)
        let actions = session.handle(
            .push(id: 1, parts: [ChangeBatch(doc: doc, changes: changes)]), now: 0)
        guard case .refused(1, let nack) = actions.first, actions.count == 1 else {
            Issue.record("not refused: \(actions.count) actions")
            return
        }
        #expect(nack.code == .tooLarge)
    }

    @Test func `Once means until settled, and settled means confirmed`() throws {
        var session = ready(.once)
        let id = try subID(session.handle(.follow(local()), now: 0))
        #expect(session.handle(.nothingMore, now: 0).isEmpty)
        _ = session.handle(have(id), now: 0)
        #expect(
            session.handle(Sample.line(.live(Live(doc: doc, at: 0, sum: Checksum()))), now: 0)
                == [.caughtUp(Live(doc: doc, at: 0, sum: Checksum()))])
        #expect(
            session.handle(.reached(doc, at: 0, sum: Checksum(), state: nil), now: 0)
                == [.settled, .send(.bye(Bye())), .close])
    }

    @Test func `A copy that is followed again under another agent settles`() throws {
        var session = ready(.once)
        let first = try subID(session.handle(.follow(local(own: 1)), now: 0))
        let copied = session.handle(have(first, at: 2, next: 2), now: 0)
        #expect(copied.contains { if case .copied = $0 { true } else { false } })
        let second = try subID(session.handle(.follow(local(own: 2)), now: 0))
        _ = session.handle(.nothingMore, now: 0)
        _ = session.handle(have(second, at: 0, next: 2), now: 0)
        _ = session.handle(Sample.line(.live(Live(doc: doc, at: 0, sum: Checksum()))), now: 0)
        let last = session.handle(.reached(doc, at: 0, sum: Checksum(), state: nil), now: 0)
        #expect(last.contains(.settled))
    }

    @Test func `A copy that comes to light when all else is done is not the end`() throws {
        var session = ready(.once)
        let other = DocumentID(high: 1, low: 9)
        var last = local()
        last.doc = other
        let first = try subID(session.handle(.follow(last), now: 0))
        let second = try subID(session.handle(.follow(local(own: 1)), now: 0))
        _ = session.handle(.nothingMore, now: 0)
        _ = session.handle(
            Sample.line(
                .have(
                    Have(
                        id: first, doc: other, at: 0, sum: Checksum(), vector: VersionVector(),
                        role: .editor))), now: 0)
        _ = session.handle(
            Sample.line(.live(Live(doc: other, at: 0, sum: Checksum()))), now: 0)
        _ = session.handle(.reached(other, at: 0, sum: Checksum(), state: nil), now: 0)
        let copied = session.handle(have(second, at: 2, next: 2), now: 0)
        #expect(copied.last == .copied(doc, VersionVector([(Sample.agent, 2)])))
        #expect(!session.isClosed)
        _ = try subID(session.handle(.follow(local(own: 2)), now: 0))
    }

    @Test func `A listing that failed leaves time to ask for less`() throws {
        var session = ready(.once)
        let asked = session.handle(
            .list(Sample.library, creating: [Sample.article]), now: 0)
        guard case .send(.docs(let request))? = asked.first else {
            Issue.record("no docs in \(asked)")
            return
        }
        #expect(session.handle(.nothingMore, now: 0).isEmpty)
        let failure = Failure(id: request.id, code: .forbidden, message: "no")
        #expect(
            session.handle(Sample.line(.err(failure)), now: 0)
                == [.listFailed(Sample.library, failure)])
        #expect(!session.isClosed)
    }

    /// A session that is live, with a push of one change on its way.
    private func pushing(
        _ mode: ClientSession.Mode
    ) throws -> (session: ClientSession, sent: Push) {
        var session = try live(mode)
        let batch = ChangeBatch(doc: doc, changes: [try Sample.change()])
        _ = session.handle(.push(id: 1, parts: [batch]), now: 0)
        guard case .send(.push(let sent)) = session.handle(.offered(id: 1), now: 0).first else {
            throw NotSent()
        }
        return (session, sent)
    }

    private struct NotSent: Error {}

    @Test func `What is acknowledged must come around before all is settled`() throws {
        var (session, sent) = try pushing(.once)
        #expect(session.handle(.nothingMore, now: 0).isEmpty)
        let ack = Ack(id: sent.id, parts: [AckPart(doc: doc, positions: [1])], time: 8)
        #expect(!session.handle(Sample.line(.ack(ack)), now: 0).contains(.settled))
        let sum = Checksum(rawValue: 6)
        _ = session.handle(Sample.line(.live(Live(doc: doc, at: 1, sum: sum))), now: 0)
        let actions = session.handle(.reached(doc, at: 1, sum: sum, state: nil), now: 0)
        #expect(actions.first == .settled)
    }

    @Test func `What is left during a push may be followed again behind the answer`() throws {
        var (session, sent) = try pushing(.once)
        _ = session.handle(.nothingMore, now: 0)
        _ = session.handle(.unfollow(doc), now: 0)
        let ack = Ack(id: sent.id, parts: [AckPart(doc: doc, positions: [1])], time: 8)
        #expect(!session.handle(Sample.line(.ack(ack)), now: 0).contains(.settled))
        _ = try subID(session.handle(.follow(local()), now: 0))
        #expect(session.handle(.nothingMore, now: 0).isEmpty)
    }

    @Test func `A long list is asked for page by page, after all articles are created`() {
        var session = ready()
        let new = (0..<1_500).map { DocumentID(high: 3, low: UInt64(2 * $0)) }
        func request(_ actions: [ClientSession.Action]) -> DocumentsRequest? {
            for case .send(.docs(let request)) in actions { return request }
            return nil
        }
        func answer(_ id: Int, more: Bool, _ docs: [DocumentID]) -> [ClientSession.Action] {
            let summaries = docs.map { DocumentSummary(doc: $0, kind: $0.kind, at: 0) }
            let page = DocumentsPage(
                id: id, library: Sample.library, documents: summaries, more: more)
            return session.handle(Sample.line(.docs(page)), now: 0)
        }
        let first = request(session.handle(.list(Sample.library, creating: new), now: 0))
        #expect(first?.creating.count == WireLimits.documents)
        let second = request(answer(first?.id ?? -1, more: true, [new[0]]))
        #expect(second?.creating == Array(new.dropFirst(WireLimits.documents)))
        #expect(second?.after == nil)
        let known = answer(second?.id ?? -1, more: true, [new[0], new[1]])
        #expect(known.first == .documentsKnown(Sample.library, [new[0], new[1]]))
        #expect(request(known)?.after == new[1])
        #expect(request(known)?.creating == [])
    }

    @Test func `Backoff grows to its cap, has jitter and honours what the server asks`() {
        struct Counter: RandomNumberGenerator {
            var value: UInt64 = 0x9E37_79B9_7F4A_7C15
            mutating func next() -> UInt64 {
                value = value &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return value
            }
        }
        var random = Counter()
        var backoff = Backoff()
        let delays = (0..<200).map { _ in backoff.next(using: &random) }
        #expect(delays[0] <= Backoff.base)
        #expect(delays.allSatisfy { (0...Backoff.cap).contains($0) })
        #expect(delays.contains { $0 > Backoff.cap / 2 })
        #expect(Set(delays).count > 100)
        #expect((500...750).contains(backoff.next(asked: 500, using: &random)))
        backoff.reset()
        #expect(backoff.next(using: &random) <= Backoff.base)
    }

    private func failure(_ actions: [ClientSession.Action]) -> Failure? {
        for case .failed(let failure) in actions { return failure }
        return nil
    }
}

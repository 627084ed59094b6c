import GlossCore
import Testing

@testable import GlossProtocol

@Suite struct ServerSessionDocumentTests {
    private let doc = Sample.article

    private func rows(_ range: ClosedRange<Int>, bytes: Int = 1) throws -> [CommittedChange] {
        try range.map {
            let text = String(repeating: "x", count: bytes)
            let change = try Sample.change(AgentID(rawValue: UInt64($0)), text: text)
            return CommittedChange(
                at: $0, user: "bo", device: "desk", time: 1, change: RawChange(change))
        }
    }

    private func following(
        head: Int, _ resume: ServerSession.Following.Resume,
        vector: VersionVector = VersionVector()
    ) -> ServerSession.Following {
        ServerSession.Following(
            head: head, sum: Checksum(rawValue: 9), vector: vector, role: .editor,
            resume: resume)
    }

    private func sub(
        _ session: inout ServerSession, at: Int = 0, vector: VersionVector? = nil, head: Int,
        _ resume: ServerSession.Following.Resume = .position,
        log: VersionVector = VersionVector()
    ) -> [ServerSession.Action] {
        let request = SubscribeRequest(
            id: 1, doc: doc, at: at, sum: Checksum(), vector: vector)
        let asked = session.handle(Sample.line(.sub(request)), now: 0)
        #expect(asked.last == .subscribe(request))
        return session.handle(
            .subscribed(id: 1, doc: doc, following(head: head, resume, vector: log)), now: 0)
    }

    private func slice(
        _ rows: [CommittedChange], after: Int, head: Int
    ) -> ServerSession.Event {
        .logRead(
            ServerSession.LogSlice(
                doc: doc, after: after, rows: rows, head: head, sum: Checksum(rawValue: 5)))
    }

    @Test func `Somebody who is up to date hears so at once`() {
        var session = Sample.readyServer()
        let actions = sub(&session, at: 4, head: 4)
        let have = Have(
            id: 1, doc: doc, at: 4, sum: Checksum(rawValue: 9), vector: VersionVector(),
            role: .editor)
        #expect(
            actions == [
                .send(.have(have)),
                .send(.live(Live(doc: doc, at: 4, sum: Checksum(rawValue: 9)))),
            ])
    }

    @Test func `The log is read page after page until it ends, and again when it grows`() throws {
        var session = Sample.readyServer()
        #expect(sub(&session, head: 3).last == .sendLog(doc, after: 0))
        let first = try rows(1...2)
        #expect(
            session.handle(slice(first, after: 0, head: 3), now: 0) == [
                .send(.ops(LogPage(doc: doc, from: 1, to: 2, changes: first))),
                .sendLog(doc, after: 2),
            ])
        let last = try rows(3...3)
        let live = Live(doc: doc, at: 3, sum: Checksum(rawValue: 5))
        #expect(
            session.handle(slice(last, after: 2, head: 3), now: 0) == [
                .send(.ops(LogPage(doc: doc, from: 3, to: 3, changes: last))), .send(.live(live)),
            ])
        #expect(session.handle(.advanced(doc, head: 3), now: 0).isEmpty)
        #expect(session.handle(.advanced(doc, head: 4), now: 0) == [.sendLog(doc, after: 3)])
        #expect(session.handle(.advanced(doc, head: 5), now: 0).isEmpty)
        let more = session.handle(slice(try rows(4...4), after: 3, head: 4), now: 0)
        #expect(more.last == .sendLog(doc, after: 4))
    }

    @Test func `Pages stay below their size`() throws {
        var session = Sample.readyServer()
        _ = sub(&session, head: 5)
        let rows = try rows(1...5, bytes: 100_000)
        let actions = session.handle(slice(rows, after: 0, head: 5), now: 0)
        let pages = actions.compactMap { action -> [Int]? in
            guard case .send(.ops(let page)) = action else { return nil }
            return [page.from, page.to, page.changes.count]
        }
        #expect(pages == [[1, 2, 2], [3, 4, 2], [5, 5, 1]])
    }

    @Test func `What the vector covers is left out, and its positions are covered all the same`()
        throws
    {
        var session = Sample.readyServer()
        let vector = VersionVector([
            (AgentID(rawValue: 1), 1), (AgentID(rawValue: 2), 1), (AgentID(rawValue: 4), 1),
        ])
        let log = VersionVector((1...4).map { (AgentID(rawValue: $0), 1) })
        let actions = sub(&session, at: 9, vector: vector, head: 4, .vector, log: log)
        #expect(actions.last == .sendLog(doc, after: 0))
        let rows = try rows(1...4)
        #expect(
            session.handle(slice(rows, after: 0, head: 4), now: 0) == [
                .send(.ops(LogPage(doc: doc, from: 1, to: 4, changes: [rows[2]]))),
                .send(.live(Live(doc: doc, at: 4, sum: Checksum(rawValue: 5)))),
            ])
    }

    @Test func `Of a vector nothing is kept but what the log may still bring`() throws {
        let log = VersionVector([(AgentID(rawValue: 1), 1), (AgentID(rawValue: 2), 1)])
        // Agents that the log does not have may be invented: their rows come, if ever.
        let invented = (3...16_000).map { (AgentID(rawValue: $0), 1) }
        var behind = Sample.readyServer()
        _ = sub(
            &behind, vector: VersionVector([(AgentID(rawValue: 1), 2)] + invented), head: 2,
            log: log)
        #expect(behind.subscriptions[doc]?.skip == VersionVector([(AgentID(rawValue: 1), 2)]))
        let rows = try rows(1...3)
        #expect(
            behind.handle(slice(rows, after: 0, head: 3), now: 0).first
                == .send(.ops(LogPage(doc: doc, from: 1, to: 3, changes: Array(rows[1...])))))
        // Who is at the end needs nothing left out of what is in front of it.
        var live = Sample.readyServer()
        let ahead = [(AgentID(rawValue: 1), 1), (AgentID(rawValue: 2), 2)]
        _ = sub(&live, at: 2, vector: VersionVector(ahead + invented), head: 2, log: log)
        #expect(live.subscriptions[doc]?.skip == VersionVector([(AgentID(rawValue: 2), 2)]))
    }

    @Test func `Two requests of one id are answered, whichever the answer is to`() throws {
        let requests = [(0, VersionVector()), (9, VersionVector()), (9, nil)].map {
            SubscribeRequest(id: 1, doc: doc, at: $0, sum: Checksum(), vector: $1)
        }
        for second in requests[1...] {
            var session = Sample.readyServer()
            _ = session.handle(Sample.line(.sub(requests[0])), now: 0)
            _ = session.handle(Sample.line(.sub(second)), now: 0)
            // The position that matched is that of the first.
            let actions = session.handle(
                .subscribed(id: 1, doc: doc, following(head: 4, .position)), now: 0)
            if second.vector == nil {
                #expect(ServerSessionTests.failure(actions)?.code == .logMismatch)
            } else {
                #expect(actions.last == .sendLog(doc, after: 0))
            }
            #expect(
                session.handle(
                    .subscribed(id: 1, doc: doc, following(head: 4, .position)), now: 0
                ).isEmpty)
        }
    }

    @Test func `A position that does not match needs a vector`() {
        var session = Sample.readyServer()
        let actions = sub(&session, at: 9, head: 4, .vector)
        let failure = ServerSessionTests.failure(actions)
        #expect(failure?.code == .logMismatch)
        #expect(failure?.scope == .document)
        #expect(failure?.retry == .resync)
        #expect(actions.first == .unsubscribe(doc))
        #expect(!session.isClosed)
    }

    @Test func `What a connection pushed does not come back to it`() throws {
        var session = Sample.readyServer()
        _ = sub(&session, head: 0)
        let change = try Sample.change(AgentID(rawValue: 1))
        let part = PushPart(doc: doc, changes: [RawChange(change)])
        let actions = session.handle(Sample.line(.push(Push(id: 3, parts: [part]))), now: 0)
        #expect(actions == [.push(id: 3, parts: [ChangeBatch(doc: doc, changes: [change])])])
        let acks = [AckPart(doc: doc, positions: [1])]
        let decision = ServerSession.PushDecision.committed(parts: acks, time: 2)
        #expect(
            session.handle(.pushDecided(id: 3, decision), now: 0)
                == [.send(.ack(Ack(id: 3, parts: acks, time: 2)))])
        #expect(session.handle(.advanced(doc, head: 1), now: 0) == [.sendLog(doc, after: 0)])
        #expect(
            session.handle(slice(try rows(1...1), after: 0, head: 1), now: 0)
                == [.send(.live(Live(doc: doc, at: 1, sum: Checksum(rawValue: 5))))])
    }

    @Test func `A reader that stalls hears of it once and goes on from the log`() throws {
        var session = Sample.readyServer()
        _ = sub(&session, head: 0)
        _ = session.handle(.writable(false), now: 1)
        #expect(session.handle(.advanced(doc, head: 1), now: 2) == [.send(.lag(Lag(doc: doc)))])
        #expect(session.handle(.advanced(doc, head: 2), now: 3).isEmpty)
        #expect(session.handle(.writable(true), now: 4) == [.sendLog(doc, after: 0)])
    }

    @Test func `Only so many logs are read at once`() throws {
        var session = Sample.readyServer()
        var reads = 0
        for index in 0..<10 {
            let doc = DocumentID(high: 7, low: UInt64(index))
            let request = SubscribeRequest(
                id: index, doc: doc, at: 0, sum: Checksum(), vector: nil)
            _ = session.handle(Sample.line(.sub(request)), now: 0)
            let actions = session.handle(
                .subscribed(id: index, doc: doc, following(head: 1, .position)), now: 0)
            if actions.contains(.sendLog(doc, after: 0)) { reads += 1 }
        }
        #expect(reads == WireLimits.readsInFlight)
        let first = DocumentID(high: 7, low: 0)
        let actions = session.handle(Sample.line(.unsub(Unsubscribe(doc: first))), now: 0)
        #expect(actions.first == .unsubscribe(first))
        let next = session.handle(
            .logFailed(
                DocumentID(high: 7, low: 1), code: .internal,
                message: ""), now: 0)
        #expect(next.contains { if case .sendLog = $0 { true } else { false } })
    }

    @Test func `A log with a hole ends the subscription, not the server`() throws {
        for (rows, head) in [(try rows(2...2), 2), ([], 3)] {
            var session = Sample.readyServer()
            _ = sub(&session, head: 2)
            let actions = session.handle(slice(rows, after: 0, head: head), now: 0)
            #expect(ServerSessionTests.failure(actions)?.code == .internal)
            #expect(actions.first == .unsubscribe(doc))
            #expect(!session.isClosed)
        }
    }

    @Test func `Lost access ends subscriptions and nothing of them is sent any more`() throws {
        var session = Sample.readyServer()
        _ = sub(&session, head: 1)
        let revoked = Revoked(subject: .library(Sample.library), message: "")
        #expect(
            session.handle(.accessLost(revoked, docs: [doc]), now: 0)
                == [.unsubscribe(doc), .send(.revoked(revoked))])
        #expect(session.handle(slice(try rows(1...1), after: 0, head: 1), now: 0).isEmpty)
        #expect(session.handle(.advanced(doc, head: 2), now: 0).isEmpty)
    }

    @Test func `A change that cannot be read is refused by name, without asking anybody`() throws {
        var session = Sample.readyServer()
        let bad = Array(#"{"a":"00000000000000a1","o":[],"s":4,"w":1}"#.utf8)
        let part = PushPart(doc: doc, changes: [RawChange(bytes: bad)])
        let actions = session.handle(Sample.broken(.push(Push(id: 3, parts: [part]))), now: 0)
        guard case .send(.nack(let nack)) = actions.first, actions.count == 1 else {
            Issue.record("no nack: \(actions)")
            return
        }
        #expect(nack.code == .invalidOp)
        #expect(nack.retry == .never)
        #expect(nack.agent == Sample.agent)
        #expect(nack.seq == 4)
        #expect(session.undecidedPushes == 0)
    }

    @Test func `Pushes in flight are bounded by number and by bytes`() throws {
        let change = RawChange(try Sample.change())
        func push(_ id: Int) -> ServerSession.Event {
            let part = PushPart(doc: doc, changes: [change])
            return Sample.line(.push(Push(id: id, parts: [part])))
        }
        for limits in [
            SessionLimits(batches: 2), SessionLimits(inflight: 2 * change.bytes.count),
        ] {
            var session = Sample.readyServer(limits: limits)
            for id in 1...2 {
                guard case .push = session.handle(push(id), now: 0).first else {
                    Issue.record("refused too early")
                    return
                }
            }
            guard case .send(.nack(let nack)) = session.handle(push(3), now: 0).first else {
                Issue.record("not refused")
                return
            }
            #expect(nack.code == .rateLimited)
            #expect(nack.retry == .later)
            #expect(session.undecidedPushes == 2)
            #expect(!session.takesLines)
            let refusal = ServerSession.PushRefusal(
                doc: doc, change: nil, code: .forbidden, message: "")
            _ = session.handle(.pushDecided(id: 1, .refused(refusal)), now: 0)
            #expect(session.takesLines)
            guard case .push = session.handle(push(4), now: 0).first else {
                Issue.record("still refused")
                return
            }
        }
    }

    @Test func `Subscriptions are bounded`() {
        var session = Sample.readyServer(limits: SessionLimits(subscriptions: 1))
        _ = sub(&session, head: 0)
        let request = SubscribeRequest(
            id: 2, doc: doc.annotations, at: 0, sum: Checksum(), vector: nil)
        let failure = ServerSessionTests.failure(session.handle(Sample.line(.sub(request)), now: 0))
        #expect(failure?.code == .tooLarge)
        #expect(failure?.doc == doc.annotations)
    }
}

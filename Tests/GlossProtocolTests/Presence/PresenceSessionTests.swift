import GlossCore
import GlossProtocol
import TestSupport
import Testing

/// `pres` in the sessions of both sides.
@Suite struct PresenceSessionTests {
    private let doc = Sample.article
    private let state = PresenceState(at: OpID(agent: Sample.agent, seq: 4))

    // MARK: The server

    private func following() -> ServerSession {
        var session = Sample.readyServer()
        let request = SubscribeRequest(
            id: 2, doc: doc, at: 0, sum: Checksum(), vector: VersionVector())
        _ = session.handle(Sample.line(.sub(request)), now: 0)
        let following = ServerSession.Following(
            head: 0, sum: Checksum(), vector: VersionVector(), role: .reader, resume: .position)
        _ = session.handle(.subscribed(id: 2, doc: doc, following), now: 0)
        return session
    }

    @Test func `A server passes over what is said of a document that is not followed`() {
        var session = Sample.readyServer()
        let report = PresenceReport(doc: doc, state: state)
        #expect(session.handle(Sample.line(.pres(report)), now: 0) == [])
        session = following()
        #expect(session.handle(Sample.line(.pres(report)), now: 0) == [.takePresence(report)])
        _ = session.handle(Sample.line(.unsub(Unsubscribe(doc: doc))), now: 0)
        #expect(session.handle(Sample.line(.pres(report)), now: 0) == [])
    }

    @Test func `A server tells it while the document is followed, and no longer`() {
        var session = following()
        let news = PresenceNews(doc: doc, own: "1", present: [])
        #expect(session.handle(.presence(news), now: 0) == [.send(.pres(news))])
        let refusal = session.handle(.presenceRefused(doc), now: 0)
        let failure = ServerSessionTests.failure(refusal)
        #expect(failure?.code == .overloaded && failure?.scope == .message)
        #expect(failure?.doc == doc && failure?.id == nil)
        let revoked = Revoked(subject: .library(Sample.library), message: "")
        _ = session.handle(.accessLost(revoked, docs: [doc]), now: 0)
        #expect(session.handle(.presence(news), now: 0) == [])
    }

    // MARK: The client

    private func ready() -> ClientSession {
        var session = ClientSession(
            mode: .stay, credential: Sample.credential, software: "test", now: 0)
        _ = session.handle(.connected, now: 0)
        let welcome = Welcome(
            id: 0, user: "ana", device: Sample.device, label: "laptop", log: 1, libraries: [])
        _ = session.handle(Sample.line(.welcome(welcome)), now: 0)
        return session
    }

    /// Has a session follow the document, up to its `have`.
    private func follow(_ session: inout ClientSession, now: Int) -> [ClientSession.Action] {
        let local = ClientSession.LocalDocument(
            doc: doc, at: 0, sum: Checksum(), vector: VersionVector(),
            acknowledged: VersionVector(), own: VersionVector())
        let asked = session.handle(.follow(local), now: now)
        guard case .send(.sub(let sub))? = asked.last else { return asked }
        let have = Have(
            id: sub.id, doc: doc, at: 0, sum: Checksum(), vector: VersionVector(), role: .reader)
        return session.handle(Sample.line(.have(have)), now: now)
    }

    private func said(_ actions: [ClientSession.Action]) -> [PresenceReport] {
        actions.compactMap { action in
            if case .send(.pres(let report)) = action { report } else { nil }
        }
    }

    @Test func `A client says it when it follows, at a pace, and again when it follows anew`() {
        var session = ready()
        #expect(session.handle(.show(doc, state), now: 0) == [])
        #expect(said(follow(&session, now: 1)) == [PresenceReport(doc: doc, state: state)])
        #expect(session.handle(.show(doc, state), now: 2) == [])
        for number in 0..<50 {
            let moved = PresenceState(at: OpID(agent: Sample.agent, seq: number))
            #expect(said(session.handle(.show(doc, moved), now: 10 + number)) == [])
        }
        #expect(session.deadline == 101)
        let last = PresenceState(at: OpID(agent: Sample.agent, seq: 49))
        #expect(said(session.handle(.tick, now: 101)) == [PresenceReport(doc: doc, state: last)])
        #expect(said(follow(&session, now: 102)) == [PresenceReport(doc: doc, state: last)])
        let unseen = PresenceReport(doc: doc, state: nil)
        #expect(said(session.handle(.show(doc, nil), now: 500)) == [unseen])
    }

    @Test func `A client hears of others where it has asked`() {
        var session = ready()
        _ = follow(&session, now: 0)
        let news = PresenceNews(doc: doc, own: "1", present: [])
        #expect(session.handle(Sample.line(.pres(news)), now: 0) == [])
        _ = session.handle(.show(doc, nil), now: 0)
        #expect(session.handle(Sample.line(.pres(news)), now: 0) == [.presence(news)])
    }

    @Test func `A client notices a server that does not know it, once, and goes on`() {
        var session = ready()
        _ = follow(&session, now: 0)
        let failure = Failure(code: .unknownType, message: "a type that is not known here")
        #expect(session.handle(Sample.line(.err(failure)), now: 0) == [])
        _ = session.handle(.show(doc, state), now: 0)
        #expect(session.handle(Sample.line(.err(failure)), now: 0) == [.presenceUnknown])
        #expect(session.handle(Sample.line(.err(failure)), now: 0) == [])
        #expect(session.handle(.show(doc, nil), now: 1_000) == [])
        #expect(session.deadline ?? 0 > 1_000)
        #expect(!session.isClosed)
    }
}

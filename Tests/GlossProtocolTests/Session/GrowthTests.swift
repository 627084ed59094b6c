import GlossCore
import GlossProtocol
import TestSupport
import Testing

/// Adding a field, a message, a code or an operation later breaks nobody: a peer of the future talks
/// to the sessions of now.
@Suite struct GrowthTests {
    private let doc = Sample.article

    /// Lines of a later version: of types that are not known now.
    private static let unknown = [
        #"{"t":"glance","doc":"00000000000000010000000000000002","s":{"at":[1,2]}}"#,
        #"{"t":"later","id":4096,"v":[[]]}"#,
    ]

    /// A change as a later version may write it: fields and operations that are not known now.
    private func futureChange(_ agent: UInt64, seq: Int = 0) throws -> EncodedChange {
        let agent = AgentID(rawValue: agent)
        let left = seq == 0 ? "" : #""l":\#(seq - 1),"#
        let ops =
            #"{"k":"ins",\#(left)"t":"x","~wide":[{"a":1}]},"#
            + #"{"at":{"x":[1,[2]]},"k":"reaction","of":"👍"}"#
        let line = #"{"a":"\#(agent)","o":[\#(ops)],"s":\#(seq),"w":5,"~sig":"QQ"}"#
        return try EncodedChange(bytes: Array(line.utf8))
    }

    @Test(arguments: [false, true])
    func `Two sides sync whose every line has fields more, and messages more in between`(
        hasCapabilities: Bool
    ) throws {
        var server = MemoryServer()
        var ana = MemoryClient(agent: 0xA)
        var bo = MemoryClient(agent: 0xB)
        ana.replicas[doc, default: .init()].outbox = [try futureChange(0xA)]
        bo.replicas[doc, default: .init()].outbox = [try futureChange(0xB)]
        var welcomes = 0
        let pair = SessionPair(alter: { line in
            var text = String(decoding: FutureLine.extending(line), as: UTF8.self)
            let isFirst = text.contains(#""t":"hello""#) || text.contains(#""t":"welcome""#)
            if isFirst, hasCapabilities {
                text.replace(#""caps":["#, with: #""caps":["glance",{"k":2},"#)
            }
            welcomes += text.contains(#""t":"welcome""#) ? 1 : 0
            // The first line of each side is what it always was; then come others.
            return ([text] + (isFirst ? [] : Self.unknown)).map { Array($0.utf8) }
        })
        for _ in 0..<2 {
            pair.run(&ana, &server)
            pair.run(&bo, &server)
        }
        #expect(welcomes == 4)
        let log = try #require(server.logs[doc])
        #expect(
            log.rows.map(\.change.bytes) == (try [0xA, 0xB].map { try futureChange($0).bytes }))
        for client in [ana, bo] {
            #expect(client.log.last == "settled")
            #expect(client.sum(doc) == log.sum(at: 2))
        }
    }

    // MARK: A client of now, a server of the future

    private func ready() -> ClientSession {
        var session = ClientSession(
            mode: .stay, credential: Sample.credential, software: "test", now: 0)
        _ = session.handle(.connected, now: 0)
        let welcome = Welcome(
            id: 0, user: "ana", device: Sample.device, label: "laptop", log: 1, libraries: [])
        _ = session.handle(Sample.line(.welcome(welcome)), now: 0)
        return session
    }

    private func decode(_ line: String) throws -> ServerMessage {
        try ServerMessage.decode(Array(line.utf8))
    }

    @Test func `A role that is not known counts as the least one`() throws {
        let line = MessageTests.server[0].1.replacing(#""role":"owner""#, with: #""role":"scribe""#)
        guard case .welcome(let welcome) = try decode(line) else {
            Issue.record("no welcome")
            return
        }
        #expect(welcome.libraries.map(\.role) == [.reader])
    }

    @Test
    func `A retry class that is not known means later, a scope that is not known one message`()
        throws
    {
        let line = #"{"t":"err","id":3,"scope":"room","code":"too_sunny","retry":"tomorrow"}"#
        guard case .err(let failure) = try decode(line) else {
            Issue.record("no err")
            return
        }
        #expect(failure.code == .unrecognized)
        #expect(failure.retry == .later)
        #expect(failure.scope == .message)
        var session = ready()
        #expect(session.handle(Sample.brokenAnswer(line), now: 0).isEmpty)
        #expect(!session.isClosed)
    }

    @Test func `A refusal with a code and a class that are not known is not final`() throws {
        var session = ready()
        let follow = session.handle(
            .follow(
                ClientSession.LocalDocument(
                    doc: doc, at: 0, sum: Checksum(), vector: VersionVector(),
                    acknowledged: VersionVector(), own: VersionVector())), now: 0)
        guard case .send(.sub(let sub))? = follow.first else {
            Issue.record("no sub: \(follow)")
            return
        }
        let have = Have(
            id: sub.id, doc: doc, at: 0, sum: Checksum(), vector: VersionVector(), role: .editor)
        _ = session.handle(Sample.line(.have(have)), now: 0)
        let batch = ChangeBatch(doc: doc, changes: [try Sample.change()])
        _ = session.handle(.push(id: 1, parts: [batch]), now: 0)
        guard case .send(.push(let push))? = session.handle(.offered(id: 1), now: 0).first else {
            Issue.record("no push")
            return
        }
        let line =
            #"{"t":"nack","id":\#(push.id),"doc":"\#(doc)","code":"tired","retry":"tomorrow"}"#
        let actions = session.handle(Sample.brokenAnswer(line), now: 0)
        guard case .refused(1, let nack)? = actions.first else {
            Issue.record("not refused: \(actions)")
            return
        }
        #expect(nack.retry == .later)
        #expect(!session.isClosed)
    }

    @Test(arguments: [
        #"{"t":"bye","code":"moving_house","ms":40}"#,
        #"{"t":"err","scope":"conn","code":"moving_house","retry":"tomorrow","ms":40}"#,
    ])
    func `An end for a reason that is not known is one to come back from`(line: String) throws {
        var session = ready()
        let actions = session.handle(Sample.brokenAnswer(line), now: 0)
        guard case .failed(let failure)? = actions.first else {
            Issue.record("no end: \(actions)")
            return
        }
        #expect(failure.retry == .later)
        #expect(failure.delay == 40)
    }

    @Test func `Documents of kinds that are not known are passed over, and the list goes on`()
        throws
    {
        var session = ready()
        let doc = #"{"t":"doc","lib":"\#(Sample.library)","doc":"\#(doc)","kind":"table"}"#
        #expect(session.handle(Sample.brokenAnswer(doc), now: 0).isEmpty)

        let asked = session.handle(.list(Sample.library, creating: []), now: 0)
        guard case .send(.docs(let request))? = asked.first else {
            Issue.record("no docs: \(asked)")
            return
        }
        let page =
            #"{"t":"docs","id":\#(request.id),"lib":"\#(Sample.library)","#
            + #""docs":[{"doc":"\#(self.doc)","kind":"table","at":3}],"more":true}"#
        let actions = session.handle(Sample.brokenAnswer(page), now: 0)
        #expect(actions.first == .documentsKnown(Sample.library, []))
        guard case .send(.docs(let next))? = actions.last else {
            Issue.record("the list ends: \(actions)")
            return
        }
        #expect(next.after == self.doc)
    }

    // MARK: A server of now, a client of the future

    @Test func `A client that speaks newer versions, too, is welcome in this one`() {
        var session = ServerSession(now: 0)
        let hello =
            #"{"t":"hello","id":1,"v":[3,2,1],"sw":"x","caps":["z"],"auth":"#
            + #"{"k":"device","device":"00000000000000d1","key":"AQID","proof":{"n":1}}}"#
        #expect(
            session.handle(Sample.broken(hello), now: 0) == [.authenticate(Sample.credential)])
        let actions = session.handle(.authenticated(.admitted(Sample.admission)), now: 0)
        guard case .send(.welcome(let welcome))? = actions.first else {
            Issue.record("no welcome: \(actions)")
            return
        }
        #expect(welcome.version == 1)
    }

    @Test func `What a client complains of in words that are not known ends nothing`() {
        var session = Sample.readyServer()
        let line = #"{"t":"err","scope":"room","code":"too_sunny","retry":"tomorrow"}"#
        #expect(session.handle(Sample.broken(line), now: 0).isEmpty)
        for line in Self.unknown {
            let actions = session.handle(Sample.broken(line), now: 0)
            #expect(ServerSessionTests.failure(actions)?.code == .unknownType)
        }
        #expect(!session.isClosed)
    }
}

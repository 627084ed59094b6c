import GlossCore
import GlossProtocol
import TestSupport
import Testing

/// Rows told by what differs from the row before, from both sides.
@Suite struct BriefRowTests {
    private let doc = Sample.article

    private func row(
        _ at: Int, user: String = "bo", device: String = "desk", time: Int = 1_000,
        agent: UInt64? = nil
    ) throws -> CommittedChange {
        let agent = AgentID(rawValue: agent ?? UInt64(at))
        return CommittedChange(
            at: at, user: user, device: device, time: time,
            change: RawChange(try Sample.change(agent)))
    }

    /// A session whose client follows the document and has everything up to a position.
    private func live(
        at head: Int, capabilities: [Capability] = [.rows]
    ) -> ServerSession {
        var session = ServerSession(now: 0)
        let hello = Hello(
            id: 1, software: "test", capabilities: capabilities, auth: Sample.credential)
        _ = session.handle(Sample.line(.hello(hello)), now: 0)
        _ = session.handle(.authenticated(.admitted(Sample.admission)), now: 0)
        let request = SubscribeRequest(id: 7, doc: doc, at: head, sum: Checksum(), vector: nil)
        _ = session.handle(Sample.line(.sub(request)), now: 0)
        _ = session.handle(
            .subscribed(
                id: 7, doc: doc,
                .init(
                    head: head, sum: Checksum(), vector: VersionVector(), role: .editor,
                    resume: .position)), now: 0)
        return session
    }

    /// What a session says when the log has grown by some rows.
    private func grow(
        _ session: inout ServerSession, by rows: [CommittedChange]
    ) throws -> [ServerMessage] {
        let (first, last) = (try #require(rows.first), try #require(rows.last))
        let asked = session.handle(.advanced(doc, head: last.at), now: 0)
        #expect(asked == [.sendLog(doc, after: first.at - 1)])
        let slice = ServerSession.LogSlice(
            doc: doc, after: first.at - 1, rows: rows, head: last.at,
            sum: Checksum(rawValue: UInt64(last.at)))
        return session.handle(.logRead(slice), now: 0).compactMap {
            if case .send(let message) = $0 { message } else { nil }
        }
    }

    // MARK: The server

    @Test func `What both have named stands in the welcome, and nothing else`() {
        for (named, known) in [(#"["rows"]"#, [Capability.rows]), (#"["later",{"k":1}]"#, [])] {
            var session = ServerSession(now: 0)
            let auth = #"{"k":"device","device":"00000000000000d1","key":"AQID"}"#
            let hello =
                #"{"t":"hello","id":1,"v":[1],"sw":"x","caps":\#(named),"auth":\#(auth)}"#
            _ = session.handle(Sample.broken(hello), now: 0)
            let actions = session.handle(.authenticated(.admitted(Sample.admission)), now: 0)
            guard case .send(.welcome(let welcome)) = actions.first else {
                Issue.record("no welcome")
                continue
            }
            #expect(welcome.capabilities == known)
        }
    }

    @Test func `Who has not named it gets pages`() throws {
        var session = live(at: 0, capabilities: [])
        let first = try row(1)
        #expect(
            try grow(&session, by: [first]) == [
                .ops(LogPage(doc: doc, from: 1, to: 1, changes: [first])),
                .live(Live(doc: doc, at: 1, sum: Checksum(rawValue: 1))),
            ])
    }

    @Test func `A row says what differs from the one before`() throws {
        var session = live(at: 0)
        let rows = [
            try row(1), try row(2, time: 1_087), try row(3, device: "train", time: 900),
        ]
        #expect(
            try grow(&session, by: Array(rows[..<1])) == [
                .row(
                    BriefRow(
                        subscription: 7, user: "bo", device: "desk", later: 1_000,
                        change: rows[0].change))
            ])
        #expect(
            try grow(&session, by: Array(rows[1...])) == [
                .row(BriefRow(subscription: 7, later: 87, change: rows[1].change)),
                .row(
                    BriefRow(
                        subscription: 7, device: "train", later: -187, change: rows[2].change)),
            ])
    }

    @Test func `Behind 16 positions comes a checksum`() throws {
        var session = live(at: 3)
        for at in 4...50 {
            let said = try grow(&session, by: [try row(at)])
            let isDue = at.isMultiple(of: 16)
            let live = Live(doc: doc, at: at, sum: Checksum(rawValue: UInt64(at)))
            #expect(said.contains(.live(live)) == isDue, "position \(at)")
            #expect(said.count == (isDue ? 2 : 1))
        }
    }

    @Test func `Many rows come as a page, and behind it rows go on`() throws {
        var session = live(at: 0)
        let many = try (1...17).map { try row($0) }
        #expect(
            try grow(&session, by: many) == [
                .ops(LogPage(doc: doc, from: 1, to: 17, changes: many)),
                .live(Live(doc: doc, at: 17, sum: Checksum(rawValue: 17))),
            ])
        let next = try row(18, time: 1_001)
        #expect(
            try grow(&session, by: [next]) == [
                .row(BriefRow(subscription: 7, later: 1, change: next.change))
            ])
    }

    @Test func `Its own rows a client is not told, only that they are passed`() throws {
        var session = live(at: 0)
        let own = try row(1, agent: 0xA)
        let push = Push(id: 9, parts: [PushPart(doc: doc, changes: [own.change])])
        _ = session.handle(Sample.line(.push(push)), now: 0)
        let part = AckPart(doc: doc, positions: [1])
        _ = session.handle(
            .pushDecided(id: 9, .committed(parts: [part], time: 1_000)), now: 0)
        #expect(
            try grow(&session, by: [own]) == [
                .live(Live(doc: doc, at: 1, sum: Checksum(rawValue: 1)))
            ])
        // Two of its own around one of somebody else's.
        let other = try row(3)
        let around = [try row(2, agent: 0xA), other, try row(4, agent: 0xA)]
        for (id, change) in [(10, around[0]), (11, around[2])] {
            let push = Push(id: id, parts: [PushPart(doc: doc, changes: [change.change])])
            _ = session.handle(Sample.line(.push(push)), now: 0)
            let part = AckPart(doc: doc, positions: [change.at])
            _ = session.handle(
                .pushDecided(id: id, .committed(parts: [part], time: 1_000)), now: 0)
        }
        #expect(
            try grow(&session, by: around) == [
                .row(
                    BriefRow(
                        subscription: 7, at: 3, user: "bo", device: "desk", later: 1_000,
                        change: other.change)),
                .live(Live(doc: doc, at: 4, sum: Checksum(rawValue: 4))),
            ])
    }

    // MARK: The client

    /// A session that follows the document, live behind a position, and the number of its `sub`.
    private func following(at position: Int) throws -> (ClientSession, number: Int) {
        var session = ClientSession(
            mode: .stay, credential: Sample.credential, software: "test", now: 0)
        _ = session.handle(.connected, now: 0)
        let welcome = Welcome(
            id: 0, user: "ana", device: Sample.device, label: "laptop", log: 1, libraries: [],
            capabilities: [.rows])
        _ = session.handle(Sample.line(.welcome(welcome)), now: 0)
        let local = ClientSession.LocalDocument(
            doc: doc, at: position, sum: Checksum(), vector: VersionVector(),
            acknowledged: VersionVector(), own: VersionVector())
        let asked = session.handle(.follow(local), now: 0)
        var request: SubscribeRequest?
        if case .send(.sub(let sub)) = asked.first { request = sub }
        let number = try #require(request?.id)
        let have = Have(
            id: number, doc: doc, at: position, sum: Checksum(), vector: VersionVector(),
            role: .editor)
        _ = session.handle(Sample.line(.have(have)), now: 0)
        let live = Live(doc: doc, at: position, sum: Checksum())
        _ = session.handle(Sample.line(.live(live)), now: 0)
        _ = session.handle(.reached(doc, at: position, sum: Checksum(), state: nil), now: 0)
        return (session, number)
    }

    @Test func `A client takes in what the server has told, and is live again`() throws {
        var random = SeededRandom(seed: 5)
        var server = live(at: 3)
        var (client, number) = try following(at: 3)
        var time = 5_000
        for at in 4...200 {
            time += Int.random(in: -50...500, using: &random)
            let told = try row(
                at, user: Bool.random(using: &random) ? "bo" : "ana",
                device: Bool.random(using: &random) ? "desk" : "train", time: time)
            for message in try grow(&server, by: [told]) {
                guard case .row(var row) = message else { continue }
                row.subscription = number
                let actions = client.handle(Sample.line(.row(row)), now: 0)
                guard case .integrate(doc, let changes, to: at) = actions.first else {
                    Issue.record("nothing taken in: \(actions)")
                    return
                }
                let expected = ReceivedChange(
                    at: at, user: told.user, device: told.device, time: told.time,
                    change: try EncodedChange(told.change))
                #expect(changes == [expected])
            }
        }
        #expect(client.handle(.nothingMore, now: 0) == [.settled])
    }

    @Test(arguments: [
        #""at":5,"u":"bo","d":"desk","w":1"#, #""w":1"#, #""u":"bo","d":"desk","w":-1"#,
        #""at":0,"u":"bo","d":"desk","w":1"#,
    ])
    func `A row that does not follow ends the connection`(fields: String) throws {
        var (session, number) = try following(at: 5)
        let change = String(decoding: try Sample.change(AgentID(rawValue: 9)).bytes, as: UTF8.self)
        let line = #"{"t":"row","n":\#(number),\#(fields),"c":\#(change)}"#
        let actions = session.handle(Sample.brokenAnswer(line), now: 0)
        #expect(actions.last == .close)
        #expect(session.isClosed)
    }

    @Test func `A row of a subscription that is over is passed over`() throws {
        var (session, number) = try following(at: 5)
        _ = session.handle(.unfollow(doc), now: 0)
        let late = BriefRow(
            subscription: number, user: "bo", device: "desk", later: 1,
            change: RawChange(try Sample.change(AgentID(rawValue: 9))))
        #expect(session.handle(Sample.line(.row(late)), now: 0).isEmpty)
        #expect(!session.isClosed)
    }
}

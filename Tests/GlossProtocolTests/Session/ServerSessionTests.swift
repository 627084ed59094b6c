import GlossCore
import GlossProtocol
import Testing

@Suite struct ServerSessionTests {
    private static let hello =
        #"{"t":"hello","id":7,"v":[1],"sw":"x","auth":"#
        + #"{"k":"device","device":"00000000000000d1","key":"AQID"}}"#

    /// What ends the connection when it is the first line.
    @Test(arguments: [
        (#"{"t":"ping"}"#, ErrorCode.authRequired), (#"{"t":"dance"}"#, .authRequired),
        (#"{"t":"hello","id":1,"v":[1]}"#, .authRequired),
        (#"{"t":"hello","id":1,"v":[1],"auth":{"k":"magic"}}"#, .authRequired),
        (#"{"t":"hello","id":1,"v":[2]}"#, .badVersion),
        (#"{"t":"hello","id":1,"v":[]}"#, .badVersion),
        (#"{"t":"hello","id":1}"#, .badField), ("GET / HTTP/1.1", .badFrame), ("", .badFrame),
        ("[1]", .badFrame), (#"{"t":"hello","t":"hello"}"#, .badFrame),
        (
            #"{"t":"hello","id":1,"v":[1],"sw":"\#(String(repeating: "x", count: 4_096))"}"#,
            .lineTooLong
        ),
    ])
    func `The first line is a hello or the last one`(line: String, code: ErrorCode) {
        var session = ServerSession(now: 0)
        let actions = session.handle(Sample.broken(line), now: 5)
        #expect(Self.failure(actions)?.code == code)
        #expect(Self.failure(actions)?.scope == .connection)
        #expect(actions.last == .close)
        #expect(session.isClosed)
        #expect(session.handle(Sample.line(Self.hello), now: 6).isEmpty)
    }

    @Test func `Invalid UTF-8 ends the connection before and after login`() {
        let line = Array(#"{"t":"ping","x":""#.utf8) + [0xFF] + Array("\"}".utf8)
        for var session in [ServerSession(now: 0), Sample.readyServer()] {
            let actions = session.handle(.line(line), now: 1)
            #expect(Self.failure(actions)?.code == .badUTF8)
            #expect(actions.last == .close)
        }
    }

    @Test func `An overlong line ends the connection, whoever finds it`() {
        for var session in [ServerSession(now: 0), Sample.readyServer()] {
            let actions = session.handle(.framingFailed, now: 1)
            #expect(Self.failure(actions)?.code == .lineTooLong)
            #expect(actions.last == .close)
        }
        var session = Sample.readyServer()
        let line = [UInt8](repeating: 0x20, count: WireLimits.line + 1)
        #expect(Self.failure(session.handle(.line(line), now: 1))?.code == .lineTooLong)
    }

    @Test func `A bad version is answered with the versions spoken here`() {
        var session = ServerSession(now: 0)
        let actions = session.handle(Sample.broken(#"{"t":"hello","id":4,"v":[9]}"#), now: 0)
        #expect(Self.failure(actions)?.versions == [1])
        #expect(Self.failure(actions)?.id == 4)
    }

    @Test func `A login is asked for, and welcomed with limits`() {
        var session = ServerSession(now: 0)
        #expect(
            session.handle(Sample.line(Self.hello), now: 1) == [.authenticate(Sample.credential)])
        let early = session.handle(Sample.line(#"{"t":"ping","n":3}"#), now: 2)
        #expect(early.isEmpty)
        let actions = session.handle(.authenticated(.admitted(Sample.admission)), now: 3)
        guard case .send(.welcome(let welcome)) = actions.first else {
            Issue.record("no welcome: \(actions)")
            return
        }
        #expect(welcome.id == 7)
        #expect(welcome.user == "ana")
        #expect(
            actions.dropFirst() == [
                .setLineLimit(WireLimits.line), .send(.pong(Ping(number: 3))),
            ])
    }

    @Test func `Lines before the welcome are short and few`() {
        for long in [true, false] {
            var session = ServerSession(now: 0)
            _ = session.handle(Sample.line(Self.hello), now: 0)
            let ping = #"{"t":"ping"}"#
            let line = long ? ping + String(repeating: " ", count: 4_096) : ping
            var actions: [ServerSession.Action] = []
            for _ in 0...WireLimits.linesBeforeWelcome where !session.isClosed {
                actions = session.handle(Sample.line(line), now: 0)
            }
            #expect(Self.failure(actions)?.code == (long ? .lineTooLong : .rateLimited))
            #expect(session.isClosed)
            #expect(session.handle(.authenticated(.admitted(Sample.admission)), now: 0).isEmpty)
        }
    }

    @Test(arguments: [
        ErrorCode.authFailed, .invitationUsed, .invitationExpired, .deviceRevoked, .nameTaken,
    ])
    func `A refused login ends the connection with its code`(code: ErrorCode) {
        var session = ServerSession(now: 0)
        _ = session.handle(Sample.line(Self.hello), now: 0)
        let actions = session.handle(.authenticated(.refused(code, message: "no")), now: 0)
        #expect(Self.failure(actions)?.code == code)
        #expect(Self.failure(actions)?.id == 7)
        #expect(actions.last == .close)
    }

    @Test func `The login has ten seconds, whatever is said meanwhile`() {
        var session = ServerSession(now: 100)
        #expect(session.deadline == 10_100)
        _ = session.handle(Sample.line(Self.hello), now: 9_000)
        #expect(session.deadline == 10_100)
        #expect(session.handle(.tick, now: 10_099).isEmpty)
        #expect(Self.failure(session.handle(.tick, now: 10_100))?.code == .timedOut)
        #expect(session.isClosed)
        #expect(session.deadline == nil)
    }

    @Test func `After login, unknown types and malformed fields leave the connection alone`() {
        var session = Sample.readyServer()
        let cases: [(String, ErrorCode)] = [
            (#"{"t":"dance","id":4}"#, .unknownType), (#"{"t":"sub","id":4}"#, .badField),
            (Self.hello.replacing("\"id\":7", with: "\"id\":4"), .badField),
        ]
        for (line, code) in cases {
            let failure = Self.failure(session.handle(Sample.broken(line), now: 1))
            #expect(failure?.code == code)
            #expect(failure?.id == 4)
            #expect(failure?.scope == .message)
        }
        #expect(session.handle(Sample.line(#"{"t":"ping"}"#), now: 1) == [.send(.pong(Ping()))])
    }

    @Test func `An error that cannot be read is not answered with one`() {
        var session = Sample.readyServer()
        for line in [
            #"{"t":"err","scope":"msg"}"#, #"{"id":-1,"t":"err","scope":"msg","code":"internal"}"#,
        ] {
            #expect(session.handle(Sample.broken(line), now: 1).isEmpty)
        }
        #expect(session.handle(Sample.line(#"{"t":"ping"}"#), now: 1) == [.send(.pong(Ping()))])
    }

    @Test func `After login, what is not JSON still ends it`() {
        var session = Sample.readyServer()
        let actions = session.handle(Sample.broken("hello?"), now: 1)
        #expect(Self.failure(actions)?.code == .badFrame)
        #expect(actions.last == .close)
    }

    @Test func `Silence is asked about, and ends the connection when nothing comes back`() {
        var session = Sample.readyServer()
        #expect(session.deadline == 30_000)
        #expect(session.handle(.tick, now: 29_999).isEmpty)
        #expect(session.handle(.tick, now: 30_000) == [.send(.ping(Ping()))])
        #expect(session.deadline == 45_000)
        _ = session.handle(Sample.line(#"{"t":"pong"}"#), now: 40_000)
        #expect(session.deadline == 70_000)
        _ = session.handle(.tick, now: 70_000)
        #expect(Self.failure(session.handle(.tick, now: 85_000))?.code == .timedOut)
    }

    @Test func `Bytes of a long line are no answer, and keep the connection`() {
        var session = Sample.readyServer()
        #expect(session.handle(.stirred, now: 30_000).isEmpty)
        #expect(session.handle(.tick, now: 30_000) == [.send(.ping(Ping()))])
        _ = session.handle(.stirred, now: 45_000)
        #expect(session.handle(.tick, now: 45_000) == [.send(.ping(Ping()))])
        #expect(session.deadline == 60_000)
        #expect(Self.failure(session.handle(.tick, now: 60_000))?.code == .timedOut)
    }

    @Test func `A peer that stops reading is cut off in the end`() {
        var session = Sample.readyServer()
        _ = session.handle(.writable(false), now: 1_000)
        // It is not read from either, so it is asked for nothing.
        for now in [30_000, 45_000, 60_000] { #expect(session.handle(.tick, now: now).isEmpty) }
        #expect(session.handle(.taken(at: 40_000), now: 61_000).isEmpty)
        #expect(session.handle(.tick, now: 61_000).isEmpty)
        for now in [75_000, 99_999] { #expect(session.handle(.tick, now: now).isEmpty) }
        #expect(session.deadline == 100_000)
        _ = session.handle(.taken(at: 40_000), now: 100_000)
        let actions = session.handle(.tick, now: 100_000)
        guard case .send(.bye(let bye)) = actions.first else {
            Issue.record("no bye: \(actions)")
            return
        }
        #expect(bye.code == .slowConsumer)
        #expect(session.isClosed)
    }

    @Test func `A revoked device is cut off at once`() {
        var session = Sample.readyServer()
        let actions = session.handle(.deviceRevoked, now: 1)
        #expect(Self.failure(actions)?.code == .deviceRevoked)
        #expect(actions.last == .close)
    }

    @Test func `A drain waits for pushes that are being decided`() throws {
        var idle = Sample.readyServer()
        let bye = ServerSession.Action.send(
            .bye(Bye(code: .shuttingDown, delay: 70, message: "the server is going down")))
        #expect(idle.handle(.drain(delay: 70), now: 1) == [bye, .close])

        var busy = Sample.readyServer()
        let push = Push(
            id: 5,
            parts: [PushPart(doc: Sample.article, changes: [RawChange(try Sample.change())])])
        _ = busy.handle(Sample.line(.push(push)), now: 1)
        #expect(busy.handle(.drain(delay: 70), now: 2).isEmpty)
        #expect(busy.handle(Sample.line(.push(push)), now: 2).isEmpty)
        let parts = [AckPart(doc: Sample.article, positions: [1])]
        let decision = ServerSession.PushDecision.committed(parts: parts, time: 9)
        #expect(
            busy.handle(.pushDecided(id: 5, decision), now: 3)
                == [.send(.ack(Ack(id: 5, parts: parts, time: 9))), bye, .close])
    }

    static func failure(_ actions: [ServerSession.Action]) -> Failure? {
        for case .send(.err(let failure)) in actions { return failure }
        return nil
    }
}

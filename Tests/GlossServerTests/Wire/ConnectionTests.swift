import GlossCore
import GlossProtocol
import GlossTransport
import Synchronization
import Testing

@testable import GlossServer

@Suite("One connection, whose clock stands still", .timeLimit(.minutes(1)))
struct ConnectionTests {
    /// Some megabytes of the article's log: more than sockets and pages take together.
    static let changes = 64
    private static let text = String(repeating: "🌊", count: 16_000)

    /// A desk where somebody else has written a lot.
    static func fullDesk() async throws -> Desk {
        let desk = try await Desk(["bo": .editor])
        for number in 0..<changes {
            let change = Sample.typing(
                text, agent: Sample.agent(2), seq: number * text.unicodeScalars.count)
            let decision = try await desk.push([(Sample.article, [change])], by: "bo", device: 2)
            #expect(decision.positions == [number + 1])
        }
        return desk
    }

    @Test("A long log is read no faster than the peer takes it")
    func pace() async throws {
        try await LoneConnection.run(on: try await Self.fullDesk()) { lone in
            try await lone.subscribe()
            let outbox = lone.connection.outbox
            while outbox.byteCount <= Outbox.highWater { await Task.yield() }
            // Dealt with only when the connection has done what it would do by itself.
            lone.connection.drain(delay: 0)
            await lone.ended.take()
            #expect(outbox.byteCount < Outbox.highWater + 3 * WireLimits.page)
        }
    }

    @Test("A long log comes to its end at the pace of a peer who reads, without any clock")
    func reading() async throws {
        try await LoneConnection.run(on: try await Self.fullDesk()) { lone in
            for _ in 0..<4 {
                try await lone.subscribe()
                var position = 0
                while position < Self.changes {
                    guard let message = try await lone.client.receive() else {
                        throw Unexpected(message: "the server closed")
                    }
                    if case .live(let live) = message { position = live.at }
                }
            }
        }
    }

    @Test("A device is cut off by its revocation, not by any clock")
    func revocation() async throws {
        try await LoneConnection.run(on: try await Desk()) { lone in
            lone.desk.access.revoke(lone.client.device, of: lone.client.user)
            let failure = try await lone.client.lastError()
            #expect(failure?.code == .deviceRevoked)
            await lone.ended.take()
        }
    }

    @Test("A device that does not read is cut off by its revocation, too")
    func revocationOfSlowReader() async throws {
        try await LoneConnection.run(on: try await Self.fullDesk()) { lone in
            try await lone.subscribe()
            while lone.connection.outbox.byteCount <= Outbox.highWater { await Task.yield() }
            lone.desk.access.revoke(lone.client.device, of: lone.client.user)
            await lone.ended.take()
            var position = 0
            // Ends with an error: the connection was cut after the time there is for a farewell.
            while let message = try? await lone.client.receive() {
                if case .ops(let page) = message { position = page.to }
            }
            #expect(position < Self.changes)
        }
    }

    @Test("Who takes nothing for a minute is told that it is slow, and who takes some is not")
    func slowConsumer() async throws {
        let time = Mutex(0)
        let desk = try await Self.fullDesk()
        try await LoneConnection.run(on: desk, steady: { time.withLock { $0 } }) { lone in
            let outbox = lone.connection.outbox
            func pass(_ milliseconds: Int) async {
                time.withLock { $0 += milliseconds }
                let before = lone.connection.deadline
                lone.connection.timeHasCome()
                while lone.connection.deadline == before { await Task.yield() }
            }
            try await lone.subscribe()
            while outbox.byteCount <= Outbox.highWater { await Task.yield() }
            // A heartbeat and its answer are long over.
            await pass(30_000)
            let waiting = outbox.byteCount
            while outbox.byteCount == waiting { _ = try await lone.client.receive() }
            await pass(31_000)
            #expect(outbox.byteCount > 0, "it is still connected")
            // What the sockets still had room for may be taken at the new time, which is then no stall.
            while lone.ended.values.isEmpty {
                time.withLock { $0 += WireLimits.stallTime }
                lone.connection.timeHasCome()
                try await Task.sleep(for: .milliseconds(20))
            }
            var last: ServerMessage?
            while let message = try? await lone.client.receive() { last = message }
            await lone.ended.take()
            switch last {
            case .bye(let bye)?: #expect(bye.code == .slowConsumer)
            case .err(let failure)?: Issue.record("it is \(failure.code)")
            // Cut off before it has come through.
            default: break
            }
        }
    }

    @Test("Beyond what may be in flight nothing is read, and nothing is refused")
    func credit() async throws {
        let desk = try await Desk()
        let agent = Sample.agent(1)
        try await LoneConnection.run(on: desk, limits: SessionLimits(batches: 2)) { lone in
            desk.store.hold()
            for id in 0..<20 {
                let change = Sample.typing("x", agent: agent, seq: id)
                try await lone.client.send(.push(try Push(id: id, [(Sample.article, [change])])))
            }
            await desk.store.heldCommit()
            desk.store.release()
            for id in 0..<20 {
                guard case .ack(let ack) = try await lone.client.answer() else {
                    throw Unexpected(message: "push \(id) was refused")
                }
                #expect(ack.id == id)
            }
        }
    }

    @Test("What is urgent is dealt with before what came earlier")
    func urgency() async {
        let mailbox = Mailbox()
        mailbox.post(line: .line(Array("early".utf8)))
        mailbox.post(grown: Self.news(after: 3, count: 1))
        mailbox.post(drainIn: 5)
        mailbox.post(.tick)
        mailbox.post(.progress)
        mailbox.post(.accessChanged)
        var kinds: [String] = []
        for _ in 0..<6 {
            switch await mailbox.next(takesLines: true) {
            case .urgent(let urgent): kinds.append("\(urgent)")
            case .event(.drain): kinds.append("drain")
            case .grown: kinds.append("advanced")
            case .line: kinds.append("line")
            case .event, .presence, .closed: kinds.append("other")
            }
        }
        #expect(kinds == ["accessChanged", "progress", "tick", "drain", "advanced", "line"])
    }

    @Test(
        "News of a document that nobody has taken yet are joined, and are without rows if too many")
    func joinedNews() async {
        func next(_ all: [ServerSession.LogSlice]) async -> ServerSession.LogSlice? {
            let mailbox = Mailbox()
            for news in all { mailbox.post(grown: news) }
            guard case .grown(let news) = await mailbox.next(takesLines: true) else { return nil }
            return news
        }
        let few = await next([Self.news(after: 3, count: 1), Self.news(after: 4, count: 2)])
        #expect(few == Self.news(after: 3, count: 3))
        let many = await next((0..<100).map { Self.news(after: $0, count: 1) })
        #expect(many?.rows.isEmpty == true)
        // A commit that was too large to be told whole, and one that did not follow.
        var large = Self.news(after: 4, count: 1)
        large.rows = []
        let behind = await next([large, Self.news(after: 5, count: 1)])
        #expect(behind?.rows.isEmpty == true && behind?.after == 4 && behind?.head == 6)
        let apart = await next([Self.news(after: 1, count: 1), Self.news(after: 4, count: 1)])
        #expect(apart?.rows.isEmpty == true)
        #expect(many?.after == 0)
        #expect(many?.head == 100)
    }

    private static func news(after position: Int, count: Int) -> ServerSession.LogSlice {
        let rows = (position + 1...position + count).map { position in
            CommittedChange(
                at: position, user: "ana", device: "laptop", time: 0, change: RawChange(bytes: []))
        }
        return ServerSession.LogSlice(
            doc: Sample.article, after: position, rows: rows, head: position + count,
            sum: Checksum())
    }
}

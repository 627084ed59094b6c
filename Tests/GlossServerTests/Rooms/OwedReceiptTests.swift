import GlossCore
import GlossProtocol
import GlossStorage
import Synchronization
import Testing

@testable import GlossServer

/// Receipts and states that are owed when their time has come, whatever has become of the room.
@Suite("What is owed of a log", .timeLimit(.minutes(1)))
struct OwedReceiptTests {
    /// Somebody who writes down what they are told.
    private final class Listener: Follower {
        let receipts = Mailslot<LogReceipt>()
        let states = Mailslot<Int>()

        func logGrew(by news: ServerSession.LogSlice) {
            if let receipt = news.receipt { receipts.put(receipt) }
            if news.state != nil { states.put(news.head) }
        }

        func documentGone(_ document: DocumentID) {}
    }

    /// A clock that stands still, and what waits for it.
    private struct Bench {
        let desk: Desk
        let listener = Listener()
        let time = Time()
        let seconds = Mailslot<CheckedContinuation<Void, Never>>()
        let minutes = Mailslot<CheckedContinuation<Void, Never>>()

        init() async throws {
            let base = MemoryStore(lineage: 1, packing: HistoryPacking())
            try await base.addLibrary(
                LibraryRecord(id: Sample.library, name: "desk", createdAt: 1))
            _ = try await base.createArticle(Sample.article, in: Sample.library, now: 1)
            let (time, seconds, minutes) = (time, seconds, minutes)
            let clock = ServerClock(wall: { 5_000 }, steady: { time.now }) { duration in
                let slot = duration == .seconds(60) ? minutes : seconds
                guard duration == .seconds(60) || duration == .seconds(1) else { return }
                await withCheckedContinuation { slot.put($0) }
            }
            desk = try await Desk(
                on: FaultyStore(base), clock: clock,
                signer: try ReceiptSigner(log: 1, seed: [UInt8](repeating: 7, count: 32)))
            await desk.rooms.follow(Sample.article, listener)
        }

        func type(_ seq: Int) async throws {
            let change = Sample.typing("x", agent: Sample.agent(1), seq: seq)
            #expect(try await desk.push([(Sample.article, [change])]).positions == [seq + 1])
        }

        /// A push of two changes, the second of which is refused.
        func pushInVain(seq: Int) async throws {
            let changes = [seq, seq + 5].map {
                Sample.typing("x", agent: Sample.agent(1), seq: $0)
            }
            #expect(try await desk.push([(Sample.article, changes)]).code != nil)
        }

        /// Waits, not for ever, until somebody was told that often.
        func wait<Value>(_ count: Int, _ slot: Mailslot<Value>) async throws {
            for _ in 0..<200 where slot.values.count < count {
                try await Task.sleep(for: .milliseconds(10))
            }
        }
    }

    private final class Time: Sendable {
        private let value = Mutex(0)
        var now: Int { value.withLock { $0 } }
        func turn(to now: Int) { value.withLock { $0 = now } }
    }

    enum Loss: CaseIterable {
        case rolledBack, unloaded, loadedAnew
    }

    @Test(
        "A receipt comes a second behind the last, also where the room was let go",
        arguments: Loss.allCases)
    func receipt(_ loss: Loss) async throws {
        let bench = try await Bench()
        try await bench.type(0)
        try await bench.type(1)
        #expect(bench.listener.receipts.values.map(\.chain.position) == [1])
        switch loss {
        case .rolledBack: try await bench.pushInVain(seq: 2)
        case .unloaded: await bench.desk.rooms.unload()
        case .loadedAnew:
            try await bench.pushInVain(seq: 2)
            // Within the second still, so it waits for its end too.
            try await bench.type(2)
            #expect(bench.listener.receipts.values.count == 1)
        }
        bench.time.turn(to: 1_000)
        await bench.seconds.take().resume()
        try await bench.wait(2, bench.listener.receipts)
        let end = loss == .loadedAnew ? 3 : 2
        #expect(bench.listener.receipts.values.map(\.chain.position) == [1, end])
        #expect(await bench.desk.rooms.debts.receipts.isEmpty)
    }

    @Test("A state comes a minute behind a change, if the document is in memory again by then")
    func state() async throws {
        let bench = try await Bench()
        try await bench.type(0)
        try await bench.pushInVain(seq: 1)
        #expect(try await bench.desk.rooms.load(Sample.article, for: "ana") == .loaded)
        await bench.minutes.take().resume()
        try await bench.wait(1, bench.listener.states)
        #expect(bench.listener.states.values == [1])
        // Nor is it computed where nobody has loaded it.
        try await bench.type(1)
        await bench.desk.rooms.unload()
        await bench.minutes.take().resume()
        while await !bench.desk.rooms.debts.states.isEmpty { await Task.yield() }
        #expect(bench.listener.states.values == [1])
    }
}

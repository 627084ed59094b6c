import GlossCore
import GlossProtocol
import GlossStorage
import Synchronization
import Testing

@testable import GlossServer

/// The checksum of a document's state, which takes long to compute where the document is large.
@Suite("States of documents", .timeLimit(.minutes(1)))
struct StateTests {
    /// Computes states when it is let.
    private final class Computer: Sendable {
        let begun = Mailslot<DocumentID>()
        private let open = Mutex<[CheckedContinuation<Void, Never>]?>([])

        func compute(_ replica: Replica) async -> UInt64 {
            begun.put(replica.id)
            await withCheckedContinuation { continuation in
                let mustWait = open.withLock { waiting -> Bool in
                    waiting?.append(continuation)
                    return waiting != nil
                }
                if !mustWait { continuation.resume() }
            }
            return replica.stateChecksum
        }

        func release() {
            let waiting = open.withLock { $0.take() ?? [] }
            for continuation in waiting { continuation.resume() }
        }
    }

    private let agent = Sample.agent(1)
    private static let articles =
        [Sample.article] + (1...3).map { DocumentID(high: 100 + UInt64($0), low: 2) }

    /// Somebody who writes down what they are told.
    private final class Listener: Follower {
        let states = Mailslot<(head: Int, state: UInt64)>()

        func logGrew(by news: ServerSession.LogSlice) {
            if let state = news.state { states.put((news.head, state)) }
        }

        func documentGone(_ document: DocumentID) {}
    }

    private func desk(
        _ computer: Computer, clock: ServerClock = .system
    ) async throws -> Desk {
        let base = MemoryStore(lineage: 1, packing: HistoryPacking())
        try await base.addLibrary(LibraryRecord(id: Sample.library, name: "desk", createdAt: 1))
        for article in Self.articles {
            _ = try await base.createArticle(article, in: Sample.library, now: 1)
        }
        return try await Desk(
            on: FaultyStore(base), clock: clock, stateChecksum: computer.compute)
    }

    private func type(
        _ seq: Int, in article: DocumentID = Sample.article, on desk: Desk
    ) async throws {
        let change = Sample.typing("x", agent: agent, seq: seq)
        #expect(try await desk.push([(article, [change])]).positions == [seq + 1])
    }

    @Test("While one is computed, everybody else goes on, and it is computed once for all who ask")
    func aside() async throws {
        let computer = Computer()
        let desk = try await desk(computer)
        try await type(0, on: desk)
        let rooms = desk.rooms
        let newcomers = (0..<20).map { _ in
            Task { try await rooms.status(of: Sample.article, at: 1, for: "ana") }
        }
        _ = await computer.begun.take()
        for _ in 0..<200 { _ = await rooms.count }
        // On the rooms' own time nobody could push now.
        try await type(1, on: desk)
        computer.release()
        for newcomer in newcomers {
            let status = try await newcomer.value
            // Who came behind the push finds no state at 1 any more.
            if status?.head == 1 { #expect(status?.state != nil) }
        }
        #expect(computer.begun.values.count == 1)
    }

    @Test("Of several documents one is computed at a time; the others wait in order, and go on")
    func inTurn() async throws {
        let computer = Computer()
        let desk = try await desk(computer)
        let rooms = desk.rooms
        var askers: [Task<(head: Int, sum: UInt64)?, Never>] = []
        for article in Self.articles {
            try await type(0, in: article, on: desk)
            askers.append(Task { await rooms.state(of: article) })
            while await rooms.states.running + rooms.states.waiting.count < askers.count {
                await Task.yield()
            }
        }
        #expect(await computer.begun.take() == Self.articles[0])
        for _ in 0..<200 { _ = await rooms.count }
        #expect(computer.begun.values.count == 1)
        // Who asks for one that waits asks for the same, of the document as it is by then.
        try await type(1, in: Self.articles[2], on: desk)
        let another = Task { await rooms.state(of: Self.articles[2]) }
        computer.release()
        var heads: [Int?] = []
        for asker in askers { heads.append(await asker.value?.head) }
        #expect(heads == [1, 1, 2, 1])
        #expect(await another.value?.head == 2)
        #expect(computer.begun.values == Self.articles)
        let left = await (rooms.states.running, rooms.states.computations.count)
        #expect(left == (0, 0))
    }

    @Test("It is computed anew when something has changed, and not before")
    func anew() async throws {
        let computer = Computer()
        computer.release()
        let desk = try await desk(computer)
        try await type(0, on: desk)
        func state(_ position: Int) async throws -> UInt64? {
            try await desk.rooms.status(of: Sample.article, at: position, for: "ana")?.state
        }
        let first = try #require(try await state(1))
        #expect(try await state(1) == first)
        #expect(computer.begun.values.count == 1)
        try await type(1, on: desk)
        #expect(try await state(1) == nil)
        #expect(try #require(try await state(2)) != first)
        #expect(computer.begun.values.count == 2)
    }

    @Test("A minute after a change it is told to those who follow, and only if it is still true")
    func told() async throws {
        let computer = Computer()
        // What is to happen in a minute happens when it is let.
        let minutes = Mailslot<CheckedContinuation<Void, Never>>()
        let clock = ServerClock(wall: { 5_000 }, steady: { 0 }) { duration in
            guard duration == .seconds(60) else { return }
            await withCheckedContinuation { minutes.put($0) }
        }
        let desk = try await desk(computer, clock: clock)
        let listener = Listener()
        await desk.rooms.follow(Sample.article, listener)
        try await type(0, on: desk)
        await minutes.take().resume()
        _ = await computer.begun.take()
        // It is out of date before it is there.
        try await type(1, on: desk)
        computer.release()
        await minutes.take().resume()
        let told = await listener.states.take()
        #expect(told.head == 2 && listener.states.values.count == 1)
        let status = try await desk.rooms.status(of: Sample.article, at: 2, for: "ana")
        #expect(status?.state == told.state)
    }
}

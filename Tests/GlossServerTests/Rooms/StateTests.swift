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
        let begun = Mailslot<Void>()
        private let open = Mutex<[CheckedContinuation<Void, Never>]?>([])

        func compute(_ replica: Replica) async -> UInt64 {
            begun.put(())
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

    private func desk(_ computer: Computer) async throws -> Desk {
        let base = MemoryStore(lineage: 1, packing: HistoryPacking())
        try await base.addLibrary(LibraryRecord(id: Sample.library, name: "desk", createdAt: 1))
        _ = try await base.createArticle(Sample.article, in: Sample.library, now: 1)
        return try await Desk(on: FaultyStore(base), stateChecksum: computer.compute)
    }

    private func type(_ seq: Int, on desk: Desk) async throws {
        let change = Sample.typing("x", agent: agent, seq: seq)
        #expect(try await desk.push([(Sample.article, [change])]).positions == [seq + 1])
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
        await computer.begun.take()
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
}

import GlossCore
import GlossProtocol
import GlossStorage
import TestSupport
import Testing

@testable import GlossServer

@Suite("Pushes that are refused behind their first change")
struct UndonePushTests {
    @Test("Who has too many of them pushes one change at a time, or waits")
    func limit() async throws {
        let base = MemoryStore(lineage: 1, packing: HistoryPacking())
        try await base.addLibrary(LibraryRecord(id: Sample.library, name: "desk", createdAt: 1))
        _ = try await base.createArticle(Sample.article, in: Sample.library, now: 1)
        let time = TestClock()
        let desk = try await Desk(
            on: FaultyStore(base),
            clock: ServerClock(wall: { 5_000 }, steady: { time.now }) { _ in })
        func changes(_ seqs: [Int]) -> [Change] {
            seqs.map { Sample.typing("x", agent: Sample.agent(1), seq: $0) }
        }
        for _ in 0..<WireLimits.undonePushes {
            let code = try await desk.push([(Sample.article, changes([0, 5]))]).code
            #expect(code != nil && code != .overloaded)
        }
        let refusal = try await desk.push([(Sample.article, changes([0, 1]))])
        #expect(refusal.code == .overloaded)
        #expect(try await desk.push([(Sample.article, changes([0]))]).positions == [1])
        time.pass(minutes: 1)
        #expect(try await desk.push([(Sample.article, changes([1, 2]))]).positions == [2, 3])
    }
}

import GlossCore
import GlossCrypto
import GlossProtocol
import GlossStorage
import Testing

@testable import GlossServer

@Suite("Receipts that are none, many at once", .timeLimit(.minutes(1)))
struct FalseReceiptTests {
    @Test("Of one user only so many are looked into at once, whoever else gives")
    func burst() async throws {
        let desk = try await Desk(["ana": .editor, "ben": .reader])
        let (store, rooms) = (desk.store, desk.rooms)
        let typing = Sample.typing("x", agent: Sample.agent(1))
        _ = try await desk.push([(Sample.article, [typing])])
        await rooms.unload()
        let batch = try ChangeBatch(Sample.article, [typing])
        let give = Give(
            id: 1,
            stretch: SignedStretch(
                doc: Sample.article, log: 1, from: 1, chain: SHA256.hash([1]), at: 1,
                signature: Array(repeating: 1, count: 64)),
            rows: [
                GivenRow(
                    user: "ana", device: "desk", time: 5_000,
                    change: RawChange(batch.changes[0]))
            ])
        let answers = Mailslot<ErrorCode?>()
        @Sendable func submit(_ user: String) async {
            let giver = Pusher(user: user, device: Sample.device(1), label: "desk", time: 6_000)
            await rooms.submit(give, changes: batch.changes, by: giver) { answers.put($0.code) }
        }
        let before = store.documentReads
        store.holdRows()
        let limit = WireLimits.falseReceipts
        let gives = (0..<limit * 3).map { _ in Task { await submit("ana") } }
        while store.documentReads < before + limit { await Task.yield() }
        for _ in 0..<200 { _ = await rooms.count }
        #expect(store.documentReads == before + limit)
        // Somebody else is not held up by it.
        let other = Task { await submit("ben") }
        while store.documentReads < before + limit + 1 { await Task.yield() }
        store.releaseRows()
        for give in gives + [other] { await give.value }
        #expect(answers.values.count { $0 == .invalidReceipt } == limit + 1)
        #expect(answers.values.count { $0 == .rateLimited } == limit * 2)
    }
}

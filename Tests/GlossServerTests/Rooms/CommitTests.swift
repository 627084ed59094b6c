import GlossCore
import GlossProtocol
import GlossStorage
import Testing

@testable import GlossServer

@Suite("Group commits")
struct CommitTests {
    private let agent = Sample.agent(1)

    @Test("Pushes that come during a commit are written together by the next, in their order")
    func groups() async throws {
        let desk = try await Desk(["ana": .editor, "bo": .editor])
        desk.store.hold()
        let first = try await desk.submit([(Sample.article, [Sample.typing("a", agent: agent)])])
        await desk.store.heldCommit()
        let other = Sample.typing("z", agent: Sample.agent(2))
        let second = try await desk.submit(
            [(Sample.article, [Sample.typing("b", agent: agent, seq: 1)])])
        let third = try await desk.submit([(Sample.article, [other])], by: "bo", device: 2)
        let fourth = try await desk.submit(
            [(Sample.article, [Sample.typing("c", agent: agent, seq: 2)])])
        #expect(first.values.isEmpty && second.values.isEmpty && fourth.values.isEmpty)
        desk.store.release()
        #expect(await first.take().positions == [1])
        #expect(await second.take().positions == [2])
        #expect(await third.take().positions == [3])
        #expect(await fourth.take().positions == [4])
        #expect(desk.store.commits.map { $0.map(\.rows.count) } == [[1], [3]])
        #expect(try await desk.rows().map(\.agent.rawValue) == [0xa001, 0xa001, 0xa002, 0xa001])
    }

    @Test("What is not on disk is neither had nor read nor told")
    func durableOnly() async throws {
        let desk = try await Desk()
        let follower = NotedGrowth()
        await desk.rooms.follow(Sample.article, follower)
        desk.store.hold()
        let slot = try await desk.submit([(Sample.article, [Sample.typing("a", agent: agent)])])
        await desk.store.heldCommit()
        let before = try #require(
            try await desk.rooms.status(of: Sample.article, at: 0, for: "ana"))
        #expect(before.head == 0)
        #expect(before.vector.count == 0)
        #expect(try await desk.rooms.slice(of: Sample.article, after: 0).rows.isEmpty)
        #expect(follower.slot.values.isEmpty)
        desk.store.release()
        _ = await slot.take()
        #expect(await follower.slot.take() == 1)
        #expect(try await desk.rooms.slice(of: Sample.article, after: 0).rows.count == 1)
    }

    @Test("A duplicate of a change on its way to disk is acknowledged only when that is there")
    func duplicateInFlight() async throws {
        let desk = try await Desk()
        desk.store.hold()
        let change = Sample.typing("a", agent: agent)
        let first = try await desk.submit([(Sample.article, [change])])
        await desk.store.heldCommit()
        let again = try await desk.submit([(Sample.article, [change])])
        #expect(again.values.isEmpty)
        desk.store.release()
        #expect(await first.take().positions == [1])
        #expect(await again.take().positions == [1])
        #expect(try await desk.rows().count == 1)
    }

    @Test(
        "A commit that fails is neither acknowledged nor told, and a retry succeeds",
        arguments: [
            (StoreError.Code.diskFull, ErrorCode.overloaded), (.readOnly, .overloaded),
            (.io, .internal), (.stale, .internal),
        ])
    func failure(code: StoreError.Code, expected: ErrorCode) async throws {
        let desk = try await Desk()
        let follower = NotedGrowth()
        await desk.rooms.follow(Sample.article, follower)
        desk.store.hold()
        desk.store.failNextCommit(StoreError(code, "as planned"))
        let text = Sample.typing("a", agent: agent)
        let more = Sample.typing("b", agent: agent, seq: 1)
        let first = try await desk.submit([(Sample.article, [text])])
        await desk.store.heldCommit()
        let behind = try await desk.submit([(Sample.article, [more])])
        desk.store.release()
        let refused = await first.take()
        #expect(refused.code == expected)
        #expect(expected.retry == .later)
        #expect(await behind.take().code == expected)
        #expect(follower.slot.values.isEmpty)
        #expect(try await desk.rows().isEmpty)
        let status = try #require(
            try await desk.rooms.status(of: Sample.article, at: 0, for: "ana"))
        #expect(status.head == 0)
        #expect(try await desk.push([(Sample.article, [text, more])]).positions == [1, 2])
        #expect(desk.fatal.values.isEmpty)
    }

    @Test("A disk that does not confirm a write ends the server, and nothing is answered")
    func fsyncFailure() async throws {
        let desk = try await Desk()
        desk.store.failNextCommit(StoreError(.fsyncFailed, "the disk is gone"))
        let slot = try await desk.submit([(Sample.article, [Sample.typing("a", agent: agent)])])
        #expect(await desk.fatal.take().code == .fsyncFailed)
        #expect(slot.values.isEmpty)
    }

    @Test("Draining returns when everything judged is on disk")
    func draining() async throws {
        let desk = try await Desk()
        let slot = try await desk.submit([(Sample.article, [Sample.typing("a", agent: agent)])])
        await desk.rooms.drain()
        #expect(slot.values.first?.positions == [1])
    }
}

/// Notes how a document grows.
final class NotedGrowth: Follower {
    let slot = Mailslot<Int>()

    func logGrew(by news: ServerSession.LogSlice) {
        slot.put(news.head)
    }

    func documentGone(_ document: DocumentID) {
        slot.put(-1)
    }
}

import GlossCore
import GlossStorage
import TestSupport
import Testing

@testable import GlossClient
@testable import GlossServer

@Suite("An article that was purged on the server")
struct PurgedArticleTests {
    @Test("It stays readable, is said once, and what was not sent of it is kept")
    func kept() async throws {
        let desk = try await SimulatedDesk()
        let other = try desk.jo.addArticle(name: "wall", title: "", text: "Stones.").id
        try await desk.server.sync(desk.jo)
        try desk.edit("Walls", "Dams", by: desk.jo)
        try desk.note("Rivers", "which?", by: desk.jo)
        let before = try desk.sight(desk.jo)
        let waiting = try desk.jo.outbox()
        #expect(waiting.count > 1)
        #expect(try await desk.server.rooms.purge(desk.article, now: 5).count == 2)

        for isFirst in [true, false] {
            let report = try await desk.server.sync(desk.jo)
            #expect(report.purged == (isFirst ? ["river"] : []))
            #expect(report.failures.isEmpty && report.refused == 0 && report.sent == 0)
            #expect(report.postponed.isEmpty)
            #expect(try desk.sight(desk.jo) == before)
            let kept = try desk.jo.outbox()
            #expect(kept.map(\.change) == waiting.map(\.change))
            #expect(kept.allSatisfy { $0.isPurged && $0.refusal == nil })
        }
        let status = try desk.jo.status()
        #expect(status.outbox.isEmpty && status.refused.isEmpty)
        #expect(status.kept.count == waiting.count && status.purged == 1)
        #expect(
            try desk.jo.articles().map { "\($0.name) \($0.isPurged)" }
                == ["river true", "wall false"])
        // All else goes on, and work on the purged article stays here.
        _ = try desk.jo.annotate(other, at: 0..<6, body: "grey", command: "note")
        try desk.note("water", "deep", by: desk.jo)
        #expect(try await desk.server.sync(desk.jo).sent == 1)
        #expect(try desk.jo.outbox().count == waiting.count + 1)
        #expect(try await desk.server.store.document(desk.article) == nil)
        // Who joins now hears nothing of it.
        let newcomer = try Library.inMemory(desk.clock, seed: 9)
        #expect(try await desk.server.join(newcomer, as: "bo", .reader).purged.isEmpty)
        #expect(try newcomer.articles().map(\.name) == ["wall"])
    }

    @Test("Who pushes to it while it is purged is told the same way")
    func pushing() async throws {
        let desk = try await SimulatedDesk()
        // The device believes that the server does not know the article yet: the answer was lost.
        for id in [desk.article, desk.article.annotations] {
            try desk.mira.store.write { writer in
                var record = try #require(try writer.replica(id))
                record.createdLocally = true
                try writer.updateReplica(record)
            }
        }
        _ = try await desk.server.rooms.purge(desk.article, now: 5)
        let other = try desk.mira.addArticle(name: "wall", title: "", text: "Stones.").id
        let report = try await desk.server.sync(desk.mira)
        #expect(report.purged == ["river"])
        #expect(report.failures.isEmpty && report.refused == 0)
        #expect(try await desk.server.store.document(other) != nil)
        #expect(try await desk.server.store.document(desk.article) == nil)
        try await desk.server.sync(desk.jo)
        #expect(
            try desk.jo.articles().map { "\($0.name) \($0.isPurged)" }
                == ["river true", "wall false"])
    }

    @Test("A backup from before brings it back for those who did not hear of it, and no more")
    func restored() async throws {
        try await SimulatedDesk.withBackups { desk, backup, restore in
            try await backup()
            try desk.edit("Walls", "Dams", by: desk.mira)
            try await desk.server.sync(desk.mira)
            _ = try await desk.server.rooms.purge(desk.article, now: 5)
            try await desk.server.sync(desk.mira)

            try await restore(&desk)
            let head = try await desk.server.store.document(desk.article)?.head
            // Mira knows that it was purged, and gives nothing back; jo does not, and goes on.
            let report = try await desk.server.sync(desk.mira)
            #expect(report.returned == 0 && report.sent == 0 && report.failures.isEmpty)
            #expect(try await desk.server.store.document(desk.article)?.head == head)
            try desk.note("Rivers", "which?", by: desk.jo)
            #expect(try await desk.server.sync(desk.jo).sent == 1)
            #expect(try desk.mira.articles().map(\.isPurged) == [true])
            // Purged again it is gone for everybody.
            _ = try await desk.server.rooms.purge(desk.article, now: 6)
            #expect(try await desk.server.sync(desk.jo).purged == ["river"])
        }
    }
}

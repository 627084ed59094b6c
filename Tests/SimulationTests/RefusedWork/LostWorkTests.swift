import GlossCore
import GlossStorage
import TestSupport
import Testing

@testable import GlossClient
@testable import GlossServer

@Suite("Work that a restored server lacks and that has no receipt")
struct LostWorkTests {
    /// A desk whose server was restored to before an edit of jo's that mira has, and went on from.
    private func withLostEdit(
        _ body: (inout SimulatedDesk) async throws -> Void
    ) async throws {
        try await SimulatedDesk.withBackups { desk, backup, restore in
            try await backup()
            try desk.edit("Walls", "Dams", by: desk.jo)
            for library in [desk.jo, desk.mira] { try await desk.server.sync(library) }
            try desk.note("Dams", "all of them?", by: desk.mira)
            try desk.edit("Rivers", "Streams", by: desk.mira)
            try await restore(&desk)
            try await body(&desk)
        }
    }

    @Test("It stays where it is and is told of, and what builds on it waits for its author")
    func waits() async throws {
        try await withLostEdit { desk in
            for _ in 0..<2 {
                let report = try await desk.server.sync(desk.mira)
                #expect(report.lost == 1 && report.lostAuthors == ["jo"])
                #expect(report.sent == 0 && report.refused == 0 && !report.postponed.isEmpty)
                #expect(try desk.mira.view(desk.article).text.hasPrefix("Dams teach"))
            }
            for library in [desk.jo, desk.mira] {
                let report = try await desk.server.sync(library)
                #expect(report.lost == 0 && report.postponed.isEmpty)
            }
            #expect(try desk.mira.outbox().isEmpty && desk.mira.unreturned().isEmpty)
        }
    }

    @Test("Who goes on without it sends what is theirs, and it is kept, with whose it is and why")
    func withoutIt() async throws {
        try await withLostEdit { desk in
            let report = try await desk.server.sync(desk.mira, lostWork: .leaveOut)
            #expect(report.lost == 0 && report.unreturned == 1 && report.postponed.isEmpty)
            let view = try desk.mira.view(desk.article)
            #expect(view.text == "Walls teach the water to climb. Streams go on.")
            // Its words are nowhere now.
            #expect(report.sent == 1 && report.refused == 1)
            #expect(try desk.mira.outbox().map(\.refusal?.code) == ["missing_dep"])
            let kept = try desk.mira.unreturned()
            #expect(kept.map(\.user) == ["jo"] && kept.map(\.refusal.code) == ["not_found"])
            #expect(try desk.mira.unreadCount() == 0)
            let newcomer = try Library.inMemory(desk.clock, seed: 9)
            try await desk.server.join(newcomer, as: "bo", .reader)
            #expect(try newcomer.view(desk.article).text == view.text)
            // Work goes on, and once is enough.
            try desk.edit("climb", "rise", by: desk.mira)
            let again = try await desk.server.sync(desk.mira)
            #expect(again.sent == 1 && again.lost == 0 && again.unreturned == 0)
        }
    }

    @Test("Brought back by its author after all, it is where it was, and nothing is doubled")
    func broughtBack() async throws {
        try await withLostEdit { desk in
            try await desk.server.sync(desk.mira, lostWork: .leaveOut)
            for library in [desk.jo, desk.mira] { try await desk.server.sync(library) }
            #expect(try desk.mira.unreturned().isEmpty)
            let text = "Dams teach the water to climb. Streams go on."
            #expect(try desk.mira.view(desk.article).text == text)
            try desk.mira.retry(desk.mira.outbox(), command: "outbox --retry all")
            for library in [desk.mira, desk.jo] { try await desk.server.sync(library) }
            #expect(try desk.sight(desk.mira) == desk.sight(desk.jo))
            #expect(try desk.jo.view(desk.article).notes.map(\.words) == ["Dams"])
        }
    }

    @Test("What others built on it, and is lost, too, is left out with it")
    func builtOn() async throws {
        try await SimulatedDesk.withBackups { desk, backup, restore in
            let ana = try Library.inMemory(desk.clock, seed: 9)
            try await desk.server.join(ana, as: "ana", .editor)
            try await backup()
            try desk.edit("Walls", "Dams", by: desk.jo)
            for library in [desk.jo, ana] { try await desk.server.sync(library) }
            try desk.edit("Dams", "Weirs", by: ana)
            for library in [ana, desk.mira] { try await desk.server.sync(library) }
            try desk.note("Weirs", "which?", by: ana)
            try desk.edit("Rivers", "Streams", by: desk.mira)
            for library in [ana, desk.mira] { try await desk.server.sync(library) }
            try await restore(&desk)
            let report = try await desk.server.sync(desk.mira, lostWork: .leaveOut)
            #expect(report.unreturned == 3 && report.refused == 0 && report.sent == 1)
            #expect(try desk.mira.unreturned().map(\.user).sorted() == ["ana", "ana", "jo"])
            let view = try desk.mira.view(desk.article)
            #expect(view.text == "Walls teach the water to climb. Streams go on.")
            #expect(view.notes.isEmpty)
            for library in [desk.jo, ana, desk.mira] { try await desk.server.sync(library) }
            #expect(try desk.mira.unreturned().isEmpty)
            #expect(try desk.mira.view(desk.article).text.hasPrefix("Weirs"))
            #expect(try desk.sight(desk.mira) == desk.sight(ana))
        }
    }

    @Test("It is told of beside what is given back by a receipt", arguments: [false, true])
    func besideGivenBack(leavesOut: Bool) async throws {
        try await SimulatedDesk.withBackups(signs: true) { desk, backup, restore in
            try await backup()
            try desk.edit("Walls", "Dams", by: desk.jo)
            for library in [desk.jo, desk.mira] { try await desk.server.sync(library) }
            let kept = try desk.mira.store.read { try $0.receipt(for: desk.article) }
            try desk.edit("Dams", "Big dams", by: desk.jo)
            for library in [desk.jo, desk.mira] { try await desk.server.sync(library) }
            try desk.mira.store.write { try $0.keepReceipt(kept, for: desk.article) }
            try desk.edit("Rivers", "Streams", by: desk.mira)
            try await restore(&desk)
            let report = try await desk.server.sync(
                desk.mira, lostWork: leavesOut ? .leaveOut : .wait)
            #expect(report.returned == 1 && report.lost == (leavesOut ? 0 : 1))
            #expect(report.unreturned == (leavesOut ? 1 : 0))
            #expect(report.sent == (leavesOut ? 1 : 0))
            let text = "ams teach the water to climb. Streams go on."
            let view = try desk.mira.view(desk.article)
            #expect(view.text == (leavesOut ? "D" : "Big d") + text)
            for library in [desk.jo, desk.mira, desk.jo] { try await desk.server.sync(library) }
            #expect(try desk.mira.view(desk.article).text == "Big d" + text)
            #expect(try desk.sight(desk.mira) == desk.sight(desk.jo))
        }
    }

    @Test("A change that was refused after a restore goes back, on request, as others know it")
    func refusedAuthor() async throws {
        try await withLostEdit { desk in
            try await desk.server.setRole(.reader, of: "jo")
            #expect(try await desk.server.sync(desk.jo).refused == 1)
            #expect(try await desk.server.sync(desk.mira).lost == 1)
            try await desk.server.setRole(.editor, of: "jo")
            try await desk.server.sync(desk.jo)
            try desk.jo.retry(desk.jo.outbox(), command: "outbox --retry all")
            for library in [desk.jo, desk.mira, desk.jo] {
                let report = try await desk.server.sync(library)
                #expect(report.lost == 0 && report.postponed.isEmpty)
            }
            #expect(try desk.mira.outbox().isEmpty && desk.jo.outbox().isEmpty)
            #expect(try desk.sight(desk.mira) == desk.sight(desk.jo))
            let text = "Dams teach the water to climb. Streams go on."
            #expect(try desk.jo.view(desk.article).text == text)
        }
    }
}

import GlossCore
import GlossProtocol
import GlossStorage
import TestSupport
import Testing

@testable import GlossClient

@Suite("What a restored server leaves out of what it is given back")
struct LeftOutTests {
    @Test("One's own work that it leaves out is refused, and never counted with what others made")
    func own() async throws {
        try await SimulatedDesk.withBackups(signs: true, restoredBytes: 8_192) {
            desk, backup, restore in
            try await backup()
            // More than the notes may have after the restore.
            try desk.note("Walls", String(repeating: "high ", count: 2_000), by: desk.jo)
            try await desk.server.sync(desk.jo)
            // A note that waits for the text it stands on, which only mira has a receipt for.
            try desk.edit("Rivers", "Streams", by: desk.mira)
            try desk.note("Streams", "which?", by: desk.mira)
            for library in [desk.mira, desk.jo] { try await desk.server.sync(library) }
            try desk.jo.store.write { try $0.keepReceipt(nil, for: desk.article) }
            try await restore(&desk)
            for _ in 0..<3 {
                let report = try await desk.server.sync(desk.jo)
                #expect(report.unreturned == 0 && report.failures.isEmpty)
                #expect(try desk.jo.unreturned().isEmpty)
                let outbox = try desk.jo.outbox()
                #expect(outbox.map(\.refusal?.code) == ["too_large"])
            }
            // To mira it is jo's.
            #expect(try await desk.server.sync(desk.mira).unreturned == 1)
            #expect(try await desk.server.sync(desk.jo).unreturned == 0)
            #expect(try desk.mira.view(desk.article).notes.map(\.body).contains("which?"))
            let set = desk.article.annotations
            #expect(try desk.jo.store.read { try $0.formerLogs(of: set).isEmpty })
        }
    }

    @Test("Others' work that it leaves out is counted once, though what waits is given again")
    func others() async throws {
        try await SimulatedDesk.withBackups(signs: true, restoredBytes: 8_192) {
            desk, backup, restore in
            try await backup()
            try desk.edit("Rivers", "Streams", by: desk.mira)
            for library in [desk.mira, desk.jo] { try await desk.server.sync(library) }
            // Of the note that is too long for the copy jo's does not know, so that it can wait.
            try desk.note("Walls", String(repeating: "high ", count: 2_000), by: desk.mira)
            try desk.note("Streams", "which?", by: desk.jo)
            for library in [desk.mira, desk.jo, desk.jo] { try await desk.server.sync(library) }
            try desk.jo.store.write { try $0.keepReceipt(nil, for: desk.article) }
            try await restore(&desk)
            for count in [1, 0, 0] {
                #expect(try await desk.server.sync(desk.jo).unreturned == count)
                #expect(try desk.jo.unreturned().map(\.refusal.code) == ["too_large"])
            }
        }
    }

    @Test("One's own work that a copy has taken the numbers of is not counted with others' either")
    func ownTaken() async throws {
        try await SimulatedDesk.withBackups(signs: true) { desk, backup, restore in
            try await desk.server.sync(desk.jo)
            try await backup()
            let copy = try desk.mira.rehearsal()
            try desk.edit("Rivers", "Streams", by: desk.jo)
            try desk.edit("Walls", "Dams", by: desk.mira)
            for library in [desk.jo, desk.mira, desk.mira] { try await desk.server.sync(library) }
            try await restore(&desk)
            // As many numbers as mira's.
            try desk.edit("Walls", "Lock", by: copy)
            try await desk.server.sync(copy)
            for _ in 0..<2 {
                let report = try await desk.server.sync(desk.mira)
                #expect(report.unreturned == 0 && report.failures.isEmpty, "\(report)")
                #expect(try desk.mira.unreturned().isEmpty)
            }
        }
    }

    /// Text of one's own, or of mira's, without a receipt, and signed notes of jo's and bo's on it. Then
    /// the server has none of it.
    private static func loseText(
        ofOwn isOwn: Bool, _ desk: inout SimulatedDesk, _ backup: () async throws -> Void,
        _ restore: (inout SimulatedDesk) async throws -> Void
    ) async throws {
        let bo = try await desk.bo()
        try await desk.server.sync(desk.jo)
        try await backup()
        let author = isOwn ? desk.jo : desk.mira
        try desk.edit("Rivers", "Streams", by: author)
        for library in [author, desk.jo, bo] { try await desk.server.sync(library) }
        try desk.note("Streams", "bo's", by: bo)
        for library in [bo, desk.jo] { try await desk.server.sync(library) }
        try desk.note("Streams", "jo's", by: desk.jo)
        try desk.note("Walls", "which?", by: desk.jo)
        for _ in 0..<2 { try await desk.server.sync(desk.jo) }
        try desk.jo.store.write { try $0.keepReceipt(nil, for: desk.article) }
        try await restore(&desk)
    }

    @Test(
        "A signed note on text that is refused, or left out, is refused or listed with it",
        arguments: [true, false])
    func stranded(isOwn: Bool) async throws {
        try await SimulatedDesk.withBackups(signs: true) { desk, backup, restore in
            try await Self.loseText(ofOwn: isOwn, &desk, backup, restore)
            if isOwn { try await desk.server.setRole(.reviewer, of: "jo") }
            for _ in 0..<2 {
                let report = try await desk.server.sync(desk.jo, lostWork: .leaveOut)
                #expect(report.failures.isEmpty, "\(report)")
            }
            let text = isOwn ? ["forbidden"] : []
            #expect(try desk.jo.outbox().map(\.refusal?.code) == text + ["missing_dep"])
            #expect(try desk.jo.view(desk.article).notes.map(\.body).contains("which?"))
            #expect(try desk.jo.unreturned().map(\.user) == (isOwn ? [] : ["mira"]) + ["bo"])
            let log = try await desk.server.log(of: desk.article.annotations)
            #expect(log.count == 1, "the note on text that is still there")
            let again = try await desk.server.sync(desk.jo)
            #expect(again.postponed.isEmpty && again.returned == 0 && again.unreturned == 0)
        }
    }

    @Test(
        "What comes back while somebody watches is not counted as lost at the end",
        .timeLimit(.minutes(1)))
    func returned() async throws {
        try await SimulatedDesk.withBackups { desk, backup, restore in
            try await desk.server.sync(desk.mira)
            try await backup()
            try desk.edit("Rivers", "Streams", by: desk.jo)
            for library in [desk.jo, desk.mira] { try await desk.server.sync(library) }
            try await restore(&desk)
            var watch = Watch(of: desk.mira, on: desk.server)
            await watch.wait { if case .lost = $0 { true } else { false } }
            try desk.edit("Walls", "Dams", by: desk.jo)
            try await desk.server.sync(desk.jo)
            await watch.wait { if case .received = $0 { true } else { false } }
            let report = try await watch.end()
            #expect(report.lost == 0 && report.lostAuthors.isEmpty, "\(report)")
        }
    }
}

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
}

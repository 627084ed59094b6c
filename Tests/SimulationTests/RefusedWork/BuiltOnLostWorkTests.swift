import GlossCore
import TestSupport
import Testing

@testable import GlossClient

/// Mira writes, jo corrects what mira wrote, bo what jo wrote: then the server is restored from a copy
/// that has none of it.
@Suite("What others made on work that is lost, and cannot come back as it was")
struct BuiltOnLostWorkTests {
    /// Has the three write, and the server lose it.
    private static func lose(
        _ desk: inout SimulatedDesk, _ backup: () async throws -> Void,
        _ restore: (inout SimulatedDesk) async throws -> Void
    ) async throws -> (bo: Library, copy: Library) {
        let bo = try Library.inMemory(desk.clock, seed: 3)
        try await desk.server.join(bo, as: "bo", .editor)
        try await desk.server.sync(desk.jo)
        try await backup()
        let copy = try desk.mira.rehearsal()
        try desk.edit("Walls", "Dams", by: desk.mira)
        for library in [desk.mira, desk.jo] { try await desk.server.sync(library) }
        try desk.edit("Dams", "Weirs", by: desk.jo)
        for library in [desk.jo, bo] { try await desk.server.sync(library) }
        try desk.edit("Weirs", "Locks", by: bo)
        for library in [bo, desk.mira, desk.jo] { try await desk.server.sync(library) }
        try await restore(&desk)
        return (bo, copy)
    }

    @Test(
        "A copy takes the first number: nobody's library is damaged, and all agree",
        arguments: [0, 1, 2], [("Di", true), ("Di", false), ("Lock", false), ("Reservoirs", true)])
    func taken(first: Int, by copied: (replacement: String, isSigned: Bool)) async throws {
        try await SimulatedDesk.withBackups(signs: copied.isSigned) { desk, backup, restore in
            let (bo, copy) = try await Self.lose(&desk, backup, restore)
            try desk.edit("Walls", copied.replacement, by: copy)
            #expect(try await desk.server.sync(copy).sent == 1)
            let people = [desk.mira, desk.jo, bo]
            let order = [people[first]] + people + people + people + [copy]
            for library in order {
                let report = try await desk.server.sync(library)
                #expect(report.failures.isEmpty, "\(first) \(copied): \(report)")
            }
            let text = try desk.mira.view(desk.article).text
            #expect(text.contains(copied.replacement) && text.contains("Locks"), "\(text)")
            for library in [desk.jo, bo, copy] {
                #expect(try library.view(desk.article).text == text)
                #expect(try library.outbox().isEmpty)
            }
        }
    }

    @Test("Whose role is lower now keeps the article, with what others made on it left out")
    func refused() async throws {
        try await SimulatedDesk.withBackups { desk, backup, restore in
            _ = try await Self.lose(&desk, backup, restore)
            try await desk.server.setRole(.reader, of: "mira")
            let report = try await desk.server.sync(desk.mira)
            #expect(report.failures.isEmpty && report.refused == 1, "\(report)")
            #expect(report.unreturned == 2, "\(report)")
            #expect(try desk.mira.view(desk.article).text == SimulatedDesk.text)
            #expect(try desk.mira.outbox().map(\.refusal?.code) == ["forbidden"])
            #expect(try desk.mira.unreturned().map(\.user) == ["jo", "bo"])
        }
    }

    @Test("Notes that others replied to go the same way")
    func replies() async throws {
        try await SimulatedDesk.withBackups { desk, backup, restore in
            try await backup()
            let note = try desk.note("Walls", "which?", by: desk.mira)
            for library in [desk.mira, desk.jo] { try await desk.server.sync(library) }
            _ = try desk.jo.reply(to: note, body: "these", command: "reply")
            for library in [desk.jo, desk.mira] { try await desk.server.sync(library) }
            try await restore(&desk)
            try await desk.server.setRole(.reader, of: "mira")
            let report = try await desk.server.sync(desk.mira)
            #expect(report.failures.isEmpty && report.refused == 1, "\(report)")
            #expect(try desk.mira.view(desk.article).notes.isEmpty)
            #expect(try desk.mira.unreturned().map(\.user) == ["jo"])
        }
    }

    @Test(
        "What was left out, and the server takes on what the copy wrote, stands behind that",
        .timeLimit(.minutes(1)))
    func takenOnCopy() async throws {
        try await SimulatedDesk.withBackups { desk, backup, restore in
            try await desk.server.sync(desk.jo)
            try await backup()
            let copy = try desk.mira.rehearsal()
            try desk.edit("Walls", "Dams", by: desk.mira)
            for library in [desk.mira, desk.jo] { try await desk.server.sync(library) }
            try desk.edit("Dams", "Weirs", by: desk.jo)
            for library in [desk.jo, desk.mira] { try await desk.server.sync(library) }
            try await restore(&desk)
            var slow = desk.server
            slow.alteration = Wire.rowsBehindAcks()
            var watch = Watch(of: desk.jo, on: slow)
            await watch.settle()
            // As many numbers as mira's had.
            try desk.edit("Walls", "Lock", by: copy)
            try await desk.server.sync(copy)
            await watch.wait { if case .acknowledged = $0 { true } else { false } }
            #expect(try await watch.end().failures.isEmpty)
            for library in [desk.mira, desk.jo, desk.mira, copy, desk.jo] {
                let report = try await desk.server.sync(library)
                #expect(report.failures.isEmpty, "\(report)")
            }
            let text = try desk.mira.view(desk.article).text
            #expect(text.contains("Weirs"), "\(text)")
            for library in [copy, desk.jo] {
                #expect(try library.view(desk.article).text == text)
            }
        }
    }
}

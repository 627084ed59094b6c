import GlossCore
import TestSupport
import Testing

@testable import GlossClient

@Suite("A copy of a library that takes the numbers of what a restored server has lost")
struct TakenNumberTests {
    /// What the copy writes where mira's words had been: shorter, as long, longer.
    private static let replacements = ["Di", "Lock", "Reservoirs"]

    /// Mira's work is acknowledged and lost, and the copy takes its numbers before mira is back.
    private static func lose(
        _ desk: inout SimulatedDesk, _ replacement: String, isSeen: Bool,
        _ backup: () async throws -> Void, _ restore: (inout SimulatedDesk) async throws -> Void
    ) async throws -> Library {
        try await desk.server.sync(desk.jo)
        try await backup()
        let copy = try desk.mira.rehearsal()
        try desk.edit("Walls", "Dams", by: desk.mira)
        try await desk.server.sync(desk.mira)
        if isSeen { try await desk.server.sync(desk.jo) }
        try await restore(&desk)
        try desk.edit("Walls", replacement, by: copy)
        #expect(try await desk.server.sync(copy).sent == 1)
        return copy
    }

    @Test(
        "Whose work it was has it sent under other numbers, and all see both",
        arguments: replacements, [(true, 8), (false, 8), (true, 7), (false, 7)] as [(Bool, UInt64)])
    func own(replacement: String, restored: (isSigned: Bool, lineage: UInt64)) async throws {
        let (isSigned, lineage) = restored
        for isSeen in [false, true] {
            try await SimulatedDesk.withBackups(
                signs: isSigned, restoredLineage: lineage
            ) { desk, backup, restore in
                let copy = try await Self.lose(
                    &desk, replacement, isSeen: isSeen, backup, restore)
                for library in [desk.mira, desk.mira, copy, desk.jo, desk.mira, copy, desk.jo] {
                    let report = try await desk.server.sync(library)
                    #expect(report.failures.isEmpty, "\(replacement) \(restored) \(isSeen)")
                }
                let text = try desk.mira.view(desk.article).text
                #expect(text.contains("Dams") && text.contains(replacement), "\(text)")
                for library in [copy, desk.jo] {
                    #expect(try library.view(desk.article).text == text)
                    #expect(try desk.sight(library).checksum == desk.sight(desk.mira).checksum)
                }
                #expect(try desk.mira.outbox().isEmpty)
            }
        }
    }

    @Test(
        "Who has only seen it goes on with what the copy wrote, and gets it again from whose it was",
        arguments: replacements, [true, false])
    func others(replacement: String, isSigned: Bool) async throws {
        try await SimulatedDesk.withBackups(signs: isSigned) { desk, backup, restore in
            let copy = try await Self.lose(
                &desk, replacement, isSeen: true, backup, restore)
            for (count, library) in [desk.jo, desk.jo, desk.mira, desk.mira, desk.jo, copy]
                .enumerated()
            {
                let report = try await desk.server.sync(library)
                #expect(report.unreturned == (count == 0 ? 1 : 0), "\(report)")
                #expect(report.failures.isEmpty, "\(replacement) \(isSigned): \(report)")
            }
            let text = try desk.mira.view(desk.article).text
            #expect(text.contains("Dams") && text.contains(replacement), "\(text)")
            for library in [copy, desk.jo] {
                #expect(try library.view(desk.article).text == text)
            }
        }
    }

    @Test(
        "Notes on it go with it, and are there once", arguments: replacements, [true, false])
    func notes(replacement: String, isSeen: Bool) async throws {
        try await SimulatedDesk.withBackups { desk, backup, restore in
            try await desk.server.sync(desk.jo)
            try await backup()
            let copy = try desk.mira.rehearsal()
            try desk.edit("Walls", "Dams", by: desk.mira)
            try desk.note("Dams", "which ones?", by: desk.mira)
            try await desk.server.sync(desk.mira)
            if isSeen { try await desk.server.sync(desk.mira) }
            try await restore(&desk)
            try desk.edit("Walls", replacement, by: copy)
            #expect(try await desk.server.sync(copy).sent == 1)
            for library in [desk.mira, desk.mira, copy, desk.jo, desk.mira] {
                let report = try await desk.server.sync(library)
                #expect(report.failures.isEmpty && report.refused == 0, "\(report)")
            }
            for library in [desk.mira, copy, desk.jo] {
                let notes = try library.view(desk.article).notes
                #expect(notes.map(\.words) == ["Dams"], "\(notes)")
            }
        }
    }

    @Test(
        "What was made on it and taken just before its number was seen is not lost",
        arguments: ["Weirs", ""])
    func onTop(replacement: String) async throws {
        try await SimulatedDesk.withBackups { desk, backup, restore in
            try await desk.server.sync(desk.jo)
            try await backup()
            let copy = try desk.mira.rehearsal()
            try desk.edit("Walls", "Dams", by: desk.mira)
            try await desk.server.sync(desk.mira)
            try await desk.server.sync(desk.jo)
            try await restore(&desk)
            var watch = Watch(of: desk.jo, on: desk.server, altering: Wire.rowsBehindAcks())
            await watch.settle()
            try desk.edit("Walls", "Lock", by: copy)
            try await desk.server.sync(copy)
            try desk.edit("Dams", replacement, by: desk.jo)
            await watch.wait {
                switch $0 {
                case .received, .failed: true
                default: false
                }
            }
            #expect(try await watch.end().failures.isEmpty)
            for library in [desk.jo, desk.mira, desk.mira, copy, desk.jo] {
                let report = try await desk.server.sync(library)
                #expect(report.failures.isEmpty, "\(report)")
            }
            let text = try desk.mira.view(desk.article).text
            #expect(text.contains(replacement) && !text.contains("Lock"), "\(text)")
            for library in [copy, desk.jo] {
                #expect(try library.view(desk.article).text == text)
            }
        }
    }
}

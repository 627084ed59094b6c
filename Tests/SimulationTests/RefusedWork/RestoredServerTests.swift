import GlossCore
import GlossStorage
import TestSupport
import Testing

@testable import GlossClient
@testable import GlossServer

@Suite("A server whose backup was put back")
struct RestoredServerTests {
    @Test("What it lacks of everybody comes back, text and notes on it alike, and all see the same")
    func givenBack() async throws {
        try await SimulatedDesk.withBackups { desk, backup, restore in
            try await backup()
            try desk.edit("Walls", "Dams", by: desk.mira)
            try await desk.server.sync(desk.mira)
            try await desk.server.sync(desk.jo)
            // Jo's note stands on mira's words, and mira answers it.
            let note = try desk.note("Dams", "better", by: desk.jo)
            try await desk.server.sync(desk.jo)
            try await desk.server.sync(desk.mira)
            _ = try desk.mira.reply(to: note, body: "yes", command: "reply")
            try await desk.server.sync(desk.mira)
            try await desk.server.sync(desk.jo)
            let before = try desk.sight(desk.jo)

            try await restore(&desk)
            // Jo is the first to come, and waits for what the note stands on.
            for library in [desk.jo, desk.mira, desk.jo, desk.mira] {
                let report = try await desk.server.sync(library)
                #expect(report.failures.isEmpty && report.refused == 0)
            }
            #expect(try desk.mira.outbox().isEmpty && desk.jo.outbox().isEmpty)
            var after = try desk.sight(desk.jo)
            #expect(try desk.sight(desk.mira) == after)
            after.notes = before.notes
            #expect(after == before)
            let newcomer = try Library.inMemory(desk.clock, seed: 9)
            try await desk.server.join(newcomer, as: "bo", .reader)
            #expect(try desk.sight(newcomer) == desk.sight(desk.mira))
        }
    }

    @Test("What waits for the words of another device is pushed twice, not once for each answer")
    func waiting() async throws {
        try await SimulatedDesk.withBackups { desk, backup, restore in
            let other = try desk.jo.addArticle(name: "wall", title: "", text: "Stones.").id
            try await desk.server.sync(desk.jo)
            try await backup()
            try desk.edit("Walls", "Dams", by: desk.mira)
            for library in [desk.mira, desk.jo] { try await desk.server.sync(library) }
            let (waitingCount, otherCount) = (5, 60)
            for number in 0..<waitingCount {
                try desk.note("Dams", "remark \(number)", by: desk.jo)
            }
            for number in 0..<otherCount {
                _ = try desk.jo.annotate(
                    other, at: 0..<6, body: "remark \(number)", command: "note")
            }
            try await desk.server.sync(desk.jo)
            try await restore(&desk)
            let pushCount = try await desk.server.pushCount(syncing: desk.jo)
            #expect(pushCount == 2 * waitingCount + otherCount)
            for library in [desk.mira, desk.jo] { try await desk.server.sync(library) }
            #expect(try desk.mira.outbox().isEmpty && desk.jo.outbox().isEmpty)
        }
    }

    @Test("Work that was never sent goes out beside what is given back")
    func unsent() async throws {
        try await SimulatedDesk.withBackups { desk, backup, restore in
            try await backup()
            try desk.edit("Walls", "Dams", by: desk.mira)
            try await desk.server.sync(desk.mira)
            try await restore(&desk)
            try desk.note("Dams", "better", by: desk.mira)
            try desk.edit("Rivers", "Streams", by: desk.jo)
            for library in [desk.jo, desk.mira, desk.jo] { try await desk.server.sync(library) }
            #expect(try desk.mira.outbox().isEmpty && desk.jo.outbox().isEmpty)
            #expect(try desk.jo.view(desk.article).text.hasPrefix("Dams teach"))
            #expect(try desk.jo.view(desk.article).notes.map(\.words) == ["Dams"])
            #expect(try desk.sight(desk.mira) == desk.sight(desk.jo))
        }
    }

    @Test("An article that was added after the backup comes back with its notes")
    func article() async throws {
        try await SimulatedDesk.withBackups { desk, backup, restore in
            try await backup()
            let added = try desk.mira.addArticle(name: "dike", title: "", text: "The dike is old.")
            _ = try desk.mira.annotate(added.id, at: 4..<8, body: "which?", command: "note")
            try await desk.server.sync(desk.mira)
            try await desk.server.sync(desk.jo)
            _ = try desk.jo.annotate(added.id, at: 12..<15, body: "how old?", command: "note")
            try await desk.server.sync(desk.jo)
            try await desk.server.sync(desk.mira)
            try await restore(&desk)
            for library in [desk.jo, desk.mira, desk.jo, desk.mira] {
                try await desk.server.sync(library)
            }
            #expect(try desk.mira.outbox().isEmpty && desk.jo.outbox().isEmpty)
            let newcomer = try Library.inMemory(desk.clock, seed: 9)
            try await desk.server.join(newcomer, as: "bo", .reader)
            #expect(try newcomer.view(added.id).text == "The dike is old.")
            #expect(try newcomer.view(added.id).notes.map(\.body) == ["which?", "how old?"])
        }
    }

    @Test("A role that was lowered in the copy refuses what it allowed then, and keeps it here")
    func role() async throws {
        try await SimulatedDesk.withBackups { desk, backup, restore in
            try await desk.server.setRole(.reviewer, of: "jo")
            try await backup()
            try await desk.server.setRole(.editor, of: "jo")
            try await desk.server.sync(desk.jo)
            try desk.edit("Walls", "Dams", by: desk.jo)
            try await desk.server.sync(desk.jo)
            try await desk.server.sync(desk.mira)
            try desk.note("Dams", "good", by: desk.mira)
            try await desk.server.sync(desk.mira)
            try await restore(&desk)
            for library in [desk.jo, desk.mira] { try await desk.server.sync(library) }
            let refused = try desk.jo.outbox()
            #expect(refused.count == 1 && refused.first?.refusal?.code == "forbidden")
            try await desk.server.setRole(.editor, of: "jo")
            try await desk.server.sync(desk.jo)
            try desk.jo.retry(desk.jo.outbox(), command: "outbox --retry all")
            for library in [desk.jo, desk.mira, desk.jo] { try await desk.server.sync(library) }
            #expect(try desk.jo.view(desk.article).text.hasPrefix("Dams"))
        }
    }

    @Test("What was made before a refusal comes back, too, under the agent that retired then")
    func retired() async throws {
        try await SimulatedDesk.withBackups { desk, backup, restore in
            try await backup()
            try desk.edit("Walls", "Dams", by: desk.jo)
            try desk.note("Dams", "good", by: desk.jo)
            try await desk.server.sync(desk.jo)
            try desk.edit("climb", "rise", by: desk.jo)
            try desk.note("rise", "better", by: desk.jo)
            try await desk.server.setRole(.reviewer, of: "jo")
            try await desk.server.sync(desk.jo)
            try await desk.server.setRole(.editor, of: "jo")
            try await desk.server.sync(desk.jo)
            try desk.edit("Rivers", "Streams", by: desk.jo)
            try desk.note("Streams", "all?", by: desk.jo)
            try await desk.server.sync(desk.jo)
            let before = try desk.sight(desk.jo)
            try await restore(&desk)
            for library in [desk.jo, desk.mira] {
                let report = try await desk.server.sync(library)
                #expect(report.failures.isEmpty && report.postponed.isEmpty)
            }
            #expect(try desk.jo.outbox().count { $0.refusal == nil } == 0)
            #expect(try desk.mira.view(desk.article).text == before.text)
            #expect(try desk.sight(desk.mira) == desk.sight(desk.jo))
        }
    }

    @Test("Who joined after the backup keeps their work, and sends it once invited again")
    func lateJoiner() async throws {
        try await SimulatedDesk.withBackups { desk, backup, restore in
            try await backup()
            let ana = try Library.inMemory(desk.clock, seed: 10)
            try await desk.server.join(ana, as: "ana", .editor)
            try desk.edit("Walls", "Dams", by: ana)
            try await desk.server.sync(ana)
            try desk.note("Dams", "better", by: ana)
            let before = try desk.sight(ana)
            try await restore(&desk)
            #expect(await desk.failure(ana)?.code == .notAllowed)
            #expect(try desk.sight(ana) == before)
            #expect(try ana.outbox().count == 1)
            try await desk.server.join(ana, as: "ana", .editor)
            try await desk.server.sync(ana)
            #expect(try ana.outbox().isEmpty)
            try await desk.server.sync(desk.mira)
            #expect(try desk.sight(desk.mira) == desk.sight(ana))
            #expect(try desk.mira.view(desk.article).notes.map(\.words) == ["Dams"])
        }
    }
}

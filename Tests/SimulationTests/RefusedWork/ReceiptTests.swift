import GlossCore
import GlossProtocol
import GlossStorage
import TestSupport
import Testing

@testable import GlossClient
@testable import GlossServer

@Suite("A server that gives receipts and whose backup was put back")
struct ReceiptTests {
    /// What a log says of each change, in its order.
    private func attribution(_ rows: [LogRow]) -> [String] {
        rows.map { "\($0.agent):\($0.seq) \($0.user) \($0.deviceLabel) \($0.receivedAt)" }
    }

    /// Jo puts so much in front of the text that a few times of it go into one message at most.
    private func writeMuch(_ letter: String, at desk: SimulatedDesk) throws {
        let view = try desk.jo.view(desk.article)
        let word = String(repeating: letter, count: 60_000)
        _ = try desk.jo.edit(
            desk.article, [TextEdit(0..<0, word)], at: view.version, message: nil, command: "edit")
    }

    @Test("What a device made that never comes back, another one gives back, as it was")
    func lostDevice() async throws {
        try await SimulatedDesk.withBackups(signs: true) { desk, backup, restore in
            try await backup()
            try desk.edit("Walls", "Dams", by: desk.jo)
            desk.clock.pass(minutes: 1)
            try desk.note("Dams", "better", by: desk.jo)
            try await desk.server.sync(desk.jo)
            desk.clock.pass(minutes: 1)
            try await desk.server.sync(desk.mira)
            let documents = [desk.article, desk.article.annotations]
            var before: [DocumentID: [String]] = [:]
            for document in documents {
                before[document] = attribution(try await desk.server.log(of: document))
            }
            let sight = try desk.sight(desk.mira)

            try await restore(&desk)
            desk.clock.pass(minutes: 5)
            let report = try await desk.server.sync(desk.mira)
            #expect(report.returned == 2 && report.sent == 0 && report.refused == 0)
            #expect(report.failures.isEmpty && report.postponed.isEmpty)
            for document in documents {
                #expect(
                    attribution(try await desk.server.log(of: document)) == before[document])
            }
            #expect(try desk.sight(desk.mira) == sight)
            let newcomer = try Library.inMemory(desk.clock, seed: 9)
            try await desk.server.join(newcomer, as: "bo", .reader)
            #expect(try desk.sight(newcomer).text == sight.text)
            // Whoever made it finds it there, and writes on under the same agents.
            try desk.edit("Rivers", "Streams", by: desk.jo)
            let late = try await desk.server.sync(desk.jo)
            #expect(late.returned == 0 && late.sent == 1 && late.refused == 0)
        }
    }

    @Test("Whoever comes first gives everything back; what the others bring is there already")
    func everybody() async throws {
        try await SimulatedDesk.withBackups(signs: true) { desk, backup, restore in
            try await backup()
            try desk.edit("Walls", "Dams", by: desk.mira)
            try await desk.server.sync(desk.mira)
            try await desk.server.sync(desk.jo)
            try desk.note("Dams", "better", by: desk.jo)
            try await desk.server.sync(desk.jo)
            try await desk.server.sync(desk.mira)
            try await restore(&desk)
            // Unsent work goes behind what is given back.
            try desk.edit("Rivers", "Streams", by: desk.jo)
            for library in [desk.jo, desk.mira, desk.jo] {
                let report = try await desk.server.sync(library)
                #expect(report.failures.isEmpty && report.refused == 0 && report.postponed.isEmpty)
            }
            #expect(try desk.mira.outbox().isEmpty && desk.jo.outbox().isEmpty)
            #expect(try desk.sight(desk.mira) == desk.sight(desk.jo))
            for library in [desk.jo, desk.mira] {
                #expect(
                    try library.store.read { try $0.formerLogs(of: desk.article).isEmpty })
            }
        }
    }

    @Test("A reader gives back, too, once somebody who may has made the article again")
    func lostArticle() async throws {
        try await SimulatedDesk.withBackups(signs: true) { desk, backup, restore in
            let reader = try Library.inMemory(desk.clock, seed: 9)
            try await desk.server.join(reader, as: "bo", .reader)
            try await backup()
            let added = try desk.mira.addArticle(name: "dike", title: "", text: "The dike is old.")
            _ = try desk.mira.annotate(added.id, at: 4..<8, body: "which?", command: "note")
            try await desk.server.sync(desk.mira)
            try await desk.server.sync(reader)
            try await desk.server.sync(desk.jo)
            try await restore(&desk)
            try await desk.server.setRole(.reader, of: "jo")
            let first = try await desk.server.sync(reader)
            #expect(!first.failures.isEmpty)
            try await desk.server.setRole(.editor, of: "jo")
            // Jo makes the article, and gives it back: mira never comes.
            let report = try await desk.server.sync(desk.jo)
            #expect(report.failures.isEmpty && report.returned > 1)
            let second = try await desk.server.sync(reader)
            #expect(second.failures.isEmpty)
            let newcomer = try Library.inMemory(desk.clock, seed: 10)
            try await desk.server.join(newcomer, as: "al", .reader)
            #expect(try newcomer.view(added.id).text == "The dike is old.")
            #expect(try newcomer.view(added.id).notes.map(\.body) == ["which?"])
        }
    }

    @Test("What somebody wrote whose role was lowered meanwhile comes back: it was allowed then")
    func role() async throws {
        try await SimulatedDesk.withBackups(signs: true) { desk, backup, restore in
            try await desk.server.setRole(.reader, of: "jo")
            try await backup()
            try await desk.server.setRole(.editor, of: "jo")
            try await desk.server.sync(desk.jo)
            try desk.edit("Walls", "Dams", by: desk.jo)
            desk.clock.pass(minutes: 1)
            try await desk.server.sync(desk.jo)
            try await desk.server.sync(desk.mira)
            try await restore(&desk)
            let report = try await desk.server.sync(desk.jo)
            #expect(report.returned == 1 && report.refused == 0)
            #expect(try desk.jo.outbox().isEmpty)
            try await desk.server.sync(desk.mira)
            #expect(try desk.mira.view(desk.article).text.hasPrefix("Dams"))
        }
    }

    @Test("Much comes back in pages, each with a receipt that is asked for from behind")
    func pages() async throws {
        try await SimulatedDesk.withBackups(signs: true) { desk, backup, restore in
            try await backup()
            let start = try await desk.server.log(of: desk.article).count
            for number in 0..<7 { try writeMuch("\(number)", at: desk) }
            try await desk.server.sync(desk.jo)
            try await desk.server.sync(desk.mira)
            let before = attribution(try await desk.server.log(of: desk.article))
            let text = try desk.mira.view(desk.article).text
            try await restore(&desk)
            let report = try await desk.server.sync(desk.mira)
            #expect(report.returned == before.count - start)
            #expect(report.failures.isEmpty, "\(report.failures)")
            #expect(report.refused == 0)
            #expect(attribution(try await desk.server.log(of: desk.article)) == before)
            #expect(try desk.mira.view(desk.article).text == text)
        }
    }

    @Test("Without a receipt for it, each device gives back its own, as before")
    func unsigned() async throws {
        try await SimulatedDesk.withBackups(signs: true) { desk, backup, restore in
            try await backup()
            try desk.edit("Walls", "Dams", by: desk.mira)
            try await desk.server.sync(desk.mira)
            try desk.mira.store.write { writer in
                try writer.keepReceipt(nil, for: desk.article)
            }
            try await restore(&desk)
            let report = try await desk.server.sync(desk.mira)
            #expect(report.returned == 1 && report.sent == 1)
        }
    }

    @Test("A receipt that is of no use any more holds up nothing")
    func refused() async throws {
        try await SimulatedDesk.withBackups(signs: true) { desk, backup, restore in
            try await backup()
            try desk.edit("Walls", "Dams", by: desk.mira)
            try await desk.server.sync(desk.mira)
            try await desk.server.sync(desk.jo)
            try desk.jo.store.write { writer in
                var kept = try #require(try writer.receipt(for: desk.article))
                kept.signature[5] ^= 1
                try writer.keepReceipt(kept, for: desk.article)
            }
            try await restore(&desk)
            try desk.note("Dams", "better", by: desk.jo)
            let report = try await desk.server.sync(desk.jo)
            #expect(report.returned == 0 && report.refused == 0 && report.failures.isEmpty)
            #expect(report.unreturned == 1)
            let lost = try desk.jo.unreturned()
            #expect(lost.map(\.refusal.code) == ["invalid_receipt"] && lost.map(\.user) == ["mira"])
            for library in [desk.mira, desk.jo, desk.mira] {
                #expect(try await desk.server.sync(library).unreturned == 0)
            }
            // Mira has brought it: nothing of it is kept any more.
            #expect(try desk.jo.unreturned().isEmpty)
            #expect(try desk.jo.store.read { try $0.formerLogs(of: desk.article).isEmpty })
            #expect(try desk.jo.outbox().isEmpty)
            #expect(try desk.sight(desk.mira) == desk.sight(desk.jo))
        }
    }

    @Test("What the server takes back comes back beside what it refuses, which is kept and listed")
    func leftOut() async throws {
        try await SimulatedDesk.withBackups(signs: true, restoredBytes: 8_192) {
            desk, backup, restore in
            let reader = try Library.inMemory(desk.clock, seed: 9)
            try await desk.server.join(reader, as: "bo", .reader)
            try await backup()
            // More than a document may have after the restore, and something that builds on it.
            try desk.edit("Walls", String(repeating: "Dams ", count: 2_000) + "Dykes", by: desk.jo)
            try await desk.server.sync(desk.jo)
            try desk.edit("Dykes", "Weirs", by: desk.jo)
            try await desk.server.sync(desk.jo)
            try desk.edit("Rivers", "Streams", by: desk.mira)
            for library in [desk.mira, reader] { try await desk.server.sync(library) }
            let text = try reader.view(desk.article).text
            try await restore(&desk)
            let report = try await desk.server.sync(reader)
            #expect(report.returned == 1 && report.unreturned == 2)
            #expect(report.failures.isEmpty && report.refused == 0 && report.postponed.isEmpty)
            let lost = try reader.unreturned()
            #expect(lost.map(\.refusal.code) == ["too_large", "missing_dep"])
            #expect(lost.allSatisfy { $0.user == "jo" && $0.articleName == "river" })
            let log = try await desk.server.log(of: desk.article)
            #expect(log.last?.user == "mira")
            #expect(try reader.view(desk.article).text == text)
            // Once is enough, and it stays in the list.
            let again = try await desk.server.sync(reader)
            #expect(again.returned == 0 && again.unreturned == 0)
            #expect(try reader.unreturned().count == 2)
            // Whoever made it has it in the outbox, with the reason.
            try await desk.server.sync(desk.jo)
            #expect(try desk.jo.outbox().contains { $0.refusal?.code == "too_large" })
            #expect(try desk.jo.unreturned().isEmpty)
        }
    }

    @Test("What is left out of one page keeps nothing of the next back but what builds on it")
    func leftOutOfPages() async throws {
        try await SimulatedDesk.withBackups(signs: true, restoredBytes: 8_192) {
            desk, backup, restore in
            let reader = try Library.inMemory(desk.clock, seed: 9)
            try await desk.server.join(reader, as: "bo", .reader)
            try await backup()
            for number in 0..<6 { try writeMuch("\(number)", at: desk) }
            try await desk.server.sync(desk.jo)
            try desk.edit("Rivers", "Streams", by: desk.mira)
            for library in [desk.mira, reader] { try await desk.server.sync(library) }
            try await restore(&desk)
            let report = try await desk.server.sync(reader)
            #expect(report.returned == 1)
            #expect(report.failures.isEmpty && report.postponed.isEmpty)
            let lost = try reader.unreturned()
            #expect(report.unreturned == lost.count && lost.count > 6)
            #expect(lost.allSatisfy { $0.user == "jo" } && lost.first?.refusal.code == "too_large")
            #expect(try await desk.server.log(of: desk.article).last?.user == "mira")
        }
    }

    @Test("A time in an ack that is not the log's leads to no false receipt: the log is read anew")
    func wrongTime() async throws {
        try await SimulatedDesk.withBackups(signs: true) { desk, backup, restore in
            try await backup()
            try desk.edit("Walls", "Dams", by: desk.jo)
            // As of a change that was there before.
            desk.server.alteration = { line in
                guard case .ack(var ack)? = try? ServerMessage.decode(line) else { return [line] }
                ack.time += 60_000
                return [ServerMessage.ack(ack).encode()]
            }
            var resynced = 0
            for _ in 0..<2 {
                let report = try await desk.server.sync(desk.jo)
                #expect(report.failures.isEmpty)
                resynced += report.resynced
            }
            desk.server.alteration = nil
            #expect(resynced == 1)
            let log = try await desk.server.log(of: desk.article)
            let (times, kept) = try desk.jo.store.read { reader in
                (
                    try reader.changes(of: desk.article).compactMap(\.receivedAt),
                    try reader.receipt(for: desk.article)
                )
            }
            #expect(times == log.map(\.receivedAt))
            #expect(kept?.position == log.count)
            try await restore(&desk)
            let report = try await desk.server.sync(desk.jo)
            #expect(report.returned == 1 && report.unreturned == 0 && report.sent == 0)
        }
    }
}

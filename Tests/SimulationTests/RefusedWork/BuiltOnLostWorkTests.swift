import GlossCore
import GlossStorage
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
        let bo = try await desk.bo()
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

    /// Gives mira her role back, and has all of hers that was refused sent once more.
    private static func sendAgain(_ desk: SimulatedDesk) async throws {
        try await desk.server.setRole(.editor, of: "mira")
        try await desk.server.sync(desk.mira)
        try desk.mira.retry(desk.mira.outbox(), command: "outbox --retry")
        try await desk.server.sync(desk.mira)
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

    @Test("An answer on text that is refused now waits with it, as it is, and comes back with it")
    func answer() async throws {
        try await SimulatedDesk.withBackups { desk, backup, restore in
            try await desk.server.sync(desk.jo)
            try await backup()
            try desk.edit("climb", "rise", by: desk.mira)
            try desk.edit("climb", "fall", by: desk.jo)
            for library in [desk.mira, desk.jo, desk.mira] { try await desk.server.sync(library) }
            let question = try #require(try desk.mira.view(desk.article).conflicts.first)
            try desk.mira.resolve(
                question, .words("flow"), why: "neither is true", command: "resolve")
            for library in [desk.mira, desk.jo] { try await desk.server.sync(library) }
            let before = try desk.sight(desk.mira)
            try await restore(&desk)
            try await desk.server.setRole(.reviewer, of: "mira")
            for library in [desk.jo, desk.mira] {
                let report = try await desk.server.sync(library)
                #expect(report.failures.isEmpty, "\(report)")
            }
            #expect(try desk.mira.view(desk.article).text.contains("fall"))
            #expect(try desk.mira.outbox().map(\.refusal?.code) == ["forbidden", "missing_dep"])
            try await Self.sendAgain(desk)
            try await desk.server.sync(desk.jo)
            for library in [desk.mira, desk.jo] {
                let sight = try desk.sight(library)
                #expect(sight.text == before.text && sight.checksum == before.checksum)
                #expect(sight.conflicts.isEmpty)
            }
        }
    }

    @Test("A correction of one's own words that are refused replaces them again once they are back")
    func correction() async throws {
        try await SimulatedDesk.withBackups { desk, backup, restore in
            try await desk.server.sync(desk.jo)
            try await backup()
            try desk.edit("climb", "rise", by: desk.mira)
            try desk.edit("Rivers", "Streams", by: desk.mira)
            try desk.edit("to rise", "to soar", by: desk.mira)
            for library in [desk.mira, desk.jo] { try await desk.server.sync(library) }
            let text = try desk.mira.view(desk.article).text
            try await restore(&desk)
            try await desk.server.setRole(.reviewer, of: "mira")
            try await desk.server.sync(desk.mira)
            #expect(try desk.mira.outbox().count { $0.refusal != nil } == 3)
            try await Self.sendAgain(desk)
            try await desk.server.sync(desk.jo, lostWork: .leaveOut)
            #expect(try desk.mira.view(desk.article).text == text)
            #expect(try desk.jo.view(desk.article).text == text)
        }
    }

    @Test("An acceptance comes back as others know it, whatever has its suggestion's name by then")
    func acceptance() async throws {
        try await SimulatedDesk.withBackups { desk, backup, restore in
            let bo = try await desk.bo()
            try await desk.server.sync(desk.jo)
            try await backup()
            let copy = try desk.jo.rehearsal()
            let note = try desk.note("Walls", "", proposal: "Dams", by: desk.jo)
            for library in [desk.jo, desk.mira] { try await desk.server.sync(library) }
            _ = try desk.mira.accept([note], message: nil, command: "accept")
            for library in [desk.mira, bo] { try await desk.server.sync(library) }
            let article = desk.article
            let known = try bo.read { try $0.changes(of: article).map(\.bytes) }
            try await restore(&desk)
            try await desk.server.setRole(.reviewer, of: "mira")
            try await desk.server.sync(desk.mira)
            try desk.note("Rivers", "", proposal: "Streams", by: copy)
            for library in [copy, desk.jo, desk.mira] { try await desk.server.sync(library) }
            #expect(try desk.mira.outbox().map(\.document) == [article])
            try await Self.sendAgain(desk)
            for library in [bo, desk.jo] {
                let report = try await desk.server.sync(library)
                #expect(report.failures.isEmpty, "\(report)")
            }
            let held = try bo.read { try $0.changes(of: article) }
            #expect(held.map(\.bytes) == known && held.allSatisfy { $0.state == .acknowledged })
            let texts = try [desk.mira, desk.jo, bo].map { try $0.view(article).text }
            #expect(Set(texts) == [SimulatedDesk.text.replacing("Walls", with: "Dams")])
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
            var watch = Watch(of: desk.jo, on: desk.server, altering: Wire.rowsBehindAcks())
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

    @Test("What is made again does not build on what came later")
    func laterWork() async throws {
        try await SimulatedDesk.withBackups { desk, backup, restore in
            try await desk.server.sync(desk.jo)
            try await backup()
            try desk.edit("Walls", "Dams", by: desk.jo)
            try desk.edit("Rivers", "Streams", by: desk.jo)
            try await desk.server.sync(desk.jo)
            // Without having seen that, then on it.
            try desk.edit("climb", "rise", by: desk.mira)
            try await desk.server.sync(desk.mira)
            try desk.edit("Streams", "Brooks", by: desk.mira)
            for library in [desk.mira, desk.jo] { try await desk.server.sync(library) }
            try await restore(&desk)
            try await desk.server.sync(desk.mira)
            try await desk.server.setRole(.reader, of: "jo")
            let report = try await desk.server.sync(desk.jo)
            #expect(report.failures.isEmpty && report.refused > 0, "\(report)")
            let text = try desk.jo.view(desk.article).text
            #expect(text == SimulatedDesk.text.replacing("climb", with: "rise"))
        }
    }

    /// Jo replies to a note of mira's, and the server loses both: it is refused at jo's.
    private static func loseReply(
        _ desk: inout SimulatedDesk, isSent: Bool, bo: Library?, _ backup: () async throws -> Void,
        _ restore: (inout SimulatedDesk) async throws -> Void
    ) async throws {
        try await backup()
        let note = try desk.note("Walls", "which?", by: desk.mira)
        for library in [desk.mira, desk.jo] { try await desk.server.sync(library) }
        _ = try desk.jo.reply(to: note, body: "these", command: "reply")
        if isSent { try await desk.server.sync(desk.jo) } else { _ = try desk.jo.undo() }
        if let bo { for _ in 0..<2 { try await desk.server.sync(bo) } }
        let set = desk.article.annotations
        try desk.jo.store.write { try $0.keepReceipt(nil, for: set) }
        try await restore(&desk)
        let report = try await desk.server.sync(desk.jo, lostWork: .leaveOut)
        #expect(report.failures.isEmpty && report.unreturned == 1, "\(report)")
        #expect(try desk.jo.outbox().map { $0.refusal != nil } == (isSent ? [true] : []))
    }

    /// Both have the note and the reply.
    private static func expectReply(_ desk: SimulatedDesk) async throws {
        for library in [desk.jo, desk.mira, desk.jo] {
            let report = try await desk.server.sync(library)
            #expect(report.failures.isEmpty, "\(report)")
        }
        for library in [desk.jo, desk.mira] {
            let notes = try library.view(desk.article).notes
            #expect(notes.map { $0.replies.map(\.body) } == [["these"]])
            #expect(try library.outbox().isEmpty)
        }
    }

    @Test("A reply that was refused with its note is sent again once the note is back")
    func retriedReply() async throws {
        try await SimulatedDesk.withBackups { desk, backup, restore in
            try await Self.loseReply(&desk, isSent: true, bo: nil, backup, restore)
            for library in [desk.mira, desk.jo] { try await desk.server.sync(library) }
            try desk.jo.retry(desk.jo.outbox(), command: "outbox --retry all")
            try await Self.expectReply(desk)
        }
    }

    @Test("A reply that was refused with its note comes back with it from somebody else")
    func returnedReply() async throws {
        try await SimulatedDesk.withBackups(signs: true) { desk, backup, restore in
            let bo = try await desk.bo()
            try await Self.loseReply(&desk, isSent: true, bo: bo, backup, restore)
            try await desk.server.sync(bo)
            try await Self.expectReply(desk)
        }
    }

    @Test("A reply that was undone before it was sent can be done again once the note is back")
    func redoneReply() async throws {
        try await SimulatedDesk.withBackups { desk, backup, restore in
            try await Self.loseReply(&desk, isSent: false, bo: nil, backup, restore)
            for library in [desk.mira, desk.jo] { try await desk.server.sync(library) }
            _ = try desk.jo.redo()
            try await Self.expectReply(desk)
        }
    }

    @Test("What is made again does not build on a note that came back behind it")
    func returnedNote() async throws {
        try await SimulatedDesk.withBackups { desk, backup, restore in
            let others = try desk.note("Rivers", "all?", by: desk.mira)
            for library in [desk.mira, desk.jo] { try await desk.server.sync(library) }
            try await backup()
            let note = try desk.note("Walls", "which?", by: desk.jo)
            _ = try desk.jo.reply(to: note, body: "these", command: "reply")
            for library in [desk.jo, desk.mira] { try await desk.server.sync(library) }
            try await restore(&desk)
            try await desk.server.setRole(.reader, of: "jo")
            #expect(try await desk.server.sync(desk.jo).refused == 2)
            try await desk.server.setRole(.editor, of: "jo")
            try await desk.server.sync(desk.jo)
            // What takes an editor, and something behind it that does not.
            _ = try desk.jo.tag([others], adding: ["open"], removing: [], command: "tag")
            try desk.note("climb", "how?", by: desk.jo)
            let refused = try desk.jo.outbox().filter { $0.refusal != nil }
            try desk.jo.retry([refused[0]], command: "outbox --retry")
            try await desk.server.setRole(.reviewer, of: "jo")
            for _ in 0..<2 {
                let report = try await desk.server.sync(desk.jo)
                #expect(report.failures.isEmpty, "\(report)")
            }
            let notes = try desk.jo.view(desk.article).notes
            try await desk.server.sync(desk.mira)
            #expect(try desk.mira.view(desk.article).notes.map(\.body) == notes.map(\.body))
            #expect(notes.map(\.body).contains("how?"))
        }
    }
}

import GlossCore
import Testing

@testable import GlossClient

@Suite("Undo and redo, alone and with others")
final class UndoTests: SharedArticle {
    init() throws {
        try super.init("Walls teech the water to climb.")
    }

    private func body(_ library: Library) throws -> String {
        try library.view(article).notes[0].body
    }

    private func set(_ body: String, _ note: NoteReference, _ library: Library) throws {
        try library.set(.body, to: .text(body), of: [note], command: "edit \(body)")
    }

    @Test("A note that was edited twice is taken back edit by edit, and brought back so")
    func fieldTwice() throws {
        let note = try mira.note(on: "water", "one", in: article)
        try set("two", note, mira)
        try set("three", note, mira)
        #expect(try mira.undo()?.command == "edit three")
        #expect(try body(mira) == "two")
        let step = try #require(try mira.undo())
        #expect(step.command == "edit two" && step.spent == 0)
        #expect(try body(mira) == "one")
        _ = try mira.redo()
        #expect(try body(mira) == "two")
        _ = try mira.redo()
        #expect(try body(mira) == "three")
        _ = try mira.undo()
        _ = try mira.undo()
        #expect(try body(mira) == "one")
        _ = try mira.undo()
        #expect(try mira.view(article).notes.isEmpty)
    }

    @Test("What somebody else wrote into a field since stays when an older write is undone")
    func fieldSince() throws {
        let note = try mira.note(on: "water", "one", in: article)
        try set("two", note, mira)
        try meet()
        try set("three", note, jo)
        try meet()
        let step = try #require(try mira.undo())
        #expect(step.spent == step.changes && step.changes == 1)
        #expect(try body(mira) == "three")
    }

    @Test("Undoing one side of a disagreement leaves the other side, which then stands alone")
    func conflict() throws {
        let note = try mira.note(on: "water", "one", in: article)
        try meet()
        try set("mira's", note, mira)
        try set("jo's", note, jo)
        try meet()
        #expect(try mira.conflicts().count == 1)
        _ = try mira.undo()
        #expect(try body(mira) == "jo's")
        #expect(try mira.conflicts().isEmpty)
        try meet()
        #expect(try body(jo) == "jo's")
        #expect(try jo.conflicts().isEmpty)
        _ = try mira.redo()
        #expect(try mira.conflicts().count == 1, "redone, it asks again")
        _ = try mira.undo()
        try meet()
        _ = try jo.undo()
        #expect(try body(jo) == "one", "both took theirs back")
    }

    @Test("A tag that was put on, undone, redone and undone again is off")
    func tag() throws {
        let note = try mira.note(on: "water", "one", in: article)
        try mira.tag([note], adding: ["voice"], removing: [], command: "tag")
        for _ in 0..<2 {
            _ = try mira.undo()
            #expect(try mira.view(article).notes[0].tags.isEmpty)
            _ = try mira.redo()
            #expect(try mira.view(article).notes[0].tags == ["voice"])
        }
        _ = try mira.undo()
        #expect(try mira.view(article).notes[0].tags.isEmpty)
    }

    @Test("Two who undo the same thing, one after the other, undo it once")
    func twice() throws {
        let note = try mira.note(on: "teech", "typo", in: article, proposal: "teach")
        _ = try mira.accept([note], message: nil, command: "accept")
        try meet()
        _ = try mira.undo()
        try meet()
        // Both put it in again: the same characters come back.
        _ = try mira.accept([note], message: nil, command: "accept")
        _ = try jo.accept([note], message: nil, command: "accept")
        try meet()
        #expect(try jo.view(article).text == "Walls teach the water to climb.")
        _ = try mira.undo()
        try meet()
        #expect(try jo.view(article).text == "Walls teech the water to climb.")
        let step = try #require(try jo.undo())
        #expect(step.spent == step.changes)
        #expect(try jo.view(article).text == "Walls teech the water to climb.")
        try meet()
        #expect(try mira.view(article).notes[0].decision == .open)
    }

    @Test("A redo of what somebody else brought back meanwhile changes nothing")
    func redoBesideAnother() throws {
        let note = try mira.note(on: "teech", "typo", in: article, proposal: "teach")
        _ = try mira.accept([note], message: nil, command: "accept")
        _ = try mira.undo()
        try meet()
        _ = try jo.accept([note], message: nil, command: "accept")
        try meet()
        _ = try mira.redo()
        #expect(try mira.view(article).text == "Walls teach the water to climb.")
    }

    @Test("Two who closed the same note and both undo that have it open")
    func closedTwice() throws {
        let note = try mira.note(on: "water", "one", in: article)
        try meet()
        try mira.set(.status, to: .done, of: [note], command: "done")
        try jo.set(.status, to: .done, of: [note], command: "done")
        try meet()
        _ = try mira.undo()
        try meet()
        #expect(try !jo.view(article).notes[0].isDone)
        let step = try #require(try jo.undo())
        #expect(step.spent == step.changes)
        #expect(try !jo.view(article).notes[0].isDone)
    }

    @Test("An undo says what was sent, and who else works on the article")
    func audience() throws {
        let note = try mira.note(on: "water", "one", in: article)
        try meet()
        _ = try jo.reply(to: note, body: "two", command: "reply")
        try meet()
        try mira.replace("water", with: "river", in: article)
        let own = try #require(try mira.undo())
        #expect(own.sent == 0 && own.changes == 1 && own.articles == ["river"])
        try mira.set(.status, to: .done, of: [note], command: "done")
        try meet()
        let shared = try #require(try mira.undo())
        #expect(shared.sent == 1 && shared.others == ["jo"])
    }

    @Test("Commands that belong together become one entry, taken back in one step")
    func joined() throws {
        try mira.replace("Walls", with: "Dams", in: article)
        try mira.replace("climb", with: "rise", in: article)
        let numbers = try mira.history(limit: 2).map(\.number).reversed()
        try mira.joinHistory(Array(numbers), command: "resolve (2 conflicts)")
        #expect(try mira.history(limit: 1)[0].command == "resolve (2 conflicts)")
        _ = try mira.undo()
        #expect(try mira.view(article).text == "Walls teech the water to climb.")
        _ = try mira.redo()
        #expect(try mira.view(article).text == "Dams teech the water to rise.")
    }

    @Test("What is tried in a rehearsal leaves no trace")
    func rehearsal() throws {
        let before = try mira.view(article).checksum
        let rehearsal = try mira.rehearsal()
        try rehearsal.replace("Walls", with: "Dams", in: article)
        #expect(try rehearsal.view(article).text == "Dams teech the water to climb.")
        #expect(try rehearsal.undo()?.command == "edit Walls")
        #expect(try mira.view(article).checksum == before)
        #expect(try mira.history().count == 1)
        #expect(try mira.outbox().count == mira.rehearsal().outbox().count)
    }

    @Test(
        "Undoing an answer about a withdrawn note asks again, and the note shows meanwhile",
        arguments: [ConflictChoice.keep, .withdraw])
    func withdrawal(_ choice: ConflictChoice) throws {
        let note = try mira.note(on: "water", "which?", in: article)
        try meet()
        try mira.set(.life, to: .withdrawn, of: [note], command: "rm")
        _ = try jo.reply(to: note, body: "the grey one", command: "reply")
        try meet()
        try mira.resolve(try #require(mira.conflicts().first), choice, command: "resolve")
        try meet()
        #expect(try jo.conflicts().isEmpty)
        _ = try mira.undo()
        try meet()
        let again = try #require(try jo.conflicts().first)
        #expect(again.versions.map(\.content) == ["withdrawn", "active"])
        #expect(try jo.settledConflicts().isEmpty)
        #expect(try jo.view(article).notes.map(\.id) == [note.id])
        _ = try mira.redo()
        try meet()
        #expect(try jo.conflicts().isEmpty)
        #expect(try jo.view(article).notes.isEmpty == (choice == .withdraw))
        #expect(try jo.settledConflicts().map(\.question.conflict.kind) == [.deleteEdit])
    }
}

import GlossCore
import Testing

@testable import GlossClient

@Suite("Changing what is in conflict settles it, and says so")
final class AlsoSettledTests: SharedArticle {
    init() throws {
        try super.init("Walls teach the water to climb.\n")
    }

    /// A note that mira withdrew while jo answered it.
    private func withdrawnAndKept() throws -> NoteReference {
        let note = try mira.note(on: "water", "which?", in: article)
        try meet()
        try mira.set(.life, to: .withdrawn, of: [note], command: "rm")
        _ = try jo.reply(to: note, body: "the grey one", command: "reply")
        try meet()
        #expect(try jo.conflicts().map(\.conflict.kind) == [.deleteEdit])
        return note
    }

    @Test("Who edits or closes a note that another withdrew keeps it")
    func editKeeps() throws {
        for (field, value) in [(Field.body, Value.text("whose?")), (.status, .done)] {
            let note = try withdrawnAndKept()
            let conflict = try jo.conflicts()[0]
            let (changed, settled) = try jo.settling([note]) {
                try jo.set(field, to: value, of: [note], command: "edit")
            }
            #expect(changed == [note] && settled.map(\.shortID) == [conflict.shortID])
            try meet()
            #expect(try mira.conflicts().isEmpty)
            #expect(try mira.view(article).notes.contains { $0.id == note.id })
            let told = try mira.settledConflicts().first { $0.question.note == note.id }
            #expect(told?.answers.map(\.take) == ["keep"])
            _ = try jo.undo()
            try meet()
            #expect(try mira.conflicts().map(\.note) == [note.id])
            _ = try jo.redo()
            try meet()
        }
    }

    @Test("Who withdraws it again means it; who opens it again keeps it")
    func again() throws {
        let first = try withdrawnAndKept()
        let withdrawn = try jo.settling([first]) {
            try jo.set(.life, to: .withdrawn, of: [first], command: "rm")
        }
        #expect(withdrawn.result == [first] && withdrawn.settled.count == 1)
        try meet()
        #expect(try mira.view(article).notes.isEmpty && mira.conflicts().isEmpty)
        let second = try withdrawnAndKept()
        let kept = try jo.settling([second]) { try jo.reopen([second], command: "reopen") }
        #expect(kept.settled.count == 1)
        try meet()
        #expect(try mira.view(article).notes.map(\.id) == [second.id])
    }

    @Test("A note put on other words is loose no more; a reply settles nothing")
    func attach() throws {
        let note = try mira.note(on: "the water", "which?", in: article)
        try mira.replace("the water", with: "it", in: article)
        #expect(try mira.conflicts().map(\.conflict.kind) == [.anchor])
        let replied = try mira.settling([note]) {
            try mira.reply(to: note, body: "hm", command: "reply")
        }
        #expect(replied.settled.isEmpty)
        let attached = try mira.settling([note]) {
            try mira.attach(note, to: 12..<14, why: nil, command: "attach")
        }
        #expect(attached.settled.count == 1)
    }

    @Test("A conflict that only grew is not settled")
    func grown() throws {
        let note = try mira.note(on: "water", "which?", in: article)
        try meet()
        try mira.set(.body, to: .text("whose?"), of: [note], command: "edit")
        try jo.set(.body, to: .text("what?"), of: [note], command: "edit")
        let kim = try makeLibrary("kim")
        try server.sync(kim)
        try meet()
        try kim.set(
            .body, to: .text("where?"), of: [kim.note(kim.shortID(of: note.id))], command: "")
        let seen = try mira.settling([note]) {
            try server.sync(kim)
            try server.sync(mira)
        }
        #expect(seen.settled.isEmpty)
        #expect(try mira.conflicts()[0].versions.count == 3)
    }
}

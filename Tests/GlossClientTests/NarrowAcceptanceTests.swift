import GlossCore
import Testing

@testable import GlossClient

@Suite("An acceptance changes only the words that differ")
final class NarrowAcceptanceTests: SharedArticle {
    init() throws {
        try super.init("The task in not to contain: one two three four five.\n")
    }

    private func suggest(_ words: String, _ proposal: String) throws -> NoteReference {
        let note = try mira.note(on: words, "", in: article, proposal: proposal)
        try meet()
        return note
    }

    private func accept(
        _ library: Library, _ note: NoteReference, _ wording: String? = nil
    ) throws {
        let done = try library.accept([note], wording: wording, message: nil, command: "accept")
        #expect(done.accepted == [note])
    }

    /// The words that mira's note stands on; `nil` if it is loose.
    private func words(of note: NoteReference) throws -> String? {
        let view = try mira.view(article)
        let found = view.notes.first { $0.id == note.id }
        return found?.placement.state == .anchored ? found?.words ?? found?.quote.exact : nil
    }

    @Test("Notes on words of a longer phrase stay on their words")
    func neighbours() throws {
        let inner = try mira.note(on: "one two", "", in: article)
        let beside = try mira.note(on: "not to contain", "", in: article)
        let suggestions = try [
            suggest("one two three four five", "one two 3 four 5"),
            suggest("The task in not to contain", "The task is not to contain"),
        ]
        for suggestion in suggestions { try accept(mira, suggestion) }
        #expect(
            try mira.view(article).text == "The task is not to contain: one two 3 four 5.\n")
        #expect(try words(of: inner) == "one two")
        #expect(try words(of: beside) == "not to contain")
        #expect(try mira.conflicts().isEmpty)
        try meet()
        #expect(try jo.view(article).notes.filter { $0.decision == .accepted }.count == 2)
    }

    @Test("A note on all of the words follows as with an edit: it asks whether it still fits")
    func wholeWords() throws {
        let note = try mira.note(on: "five", "", in: article)
        try accept(mira, suggest("five", "six"))
        #expect(try words(of: note) == nil)
        let kinds = try mira.conflicts().map(\.conflict.kind)
        _ = try mira.undo()
        let view = try mira.view(article)
        _ = try mira.edit(
            article, WordDiff.edits(from: view.text, to: view.text.replacing("five", with: "six")),
            at: view.version, message: nil, command: "edit")
        #expect(try mira.conflicts().contains { $0.note == note.id })
        #expect(kinds == [.anchor])
    }

    @Test("Two who accept in different words are asked, with all of them, and the merge reads on")
    func wordings() throws {
        let note = try suggest("one two three four", "one 2 three four")
        try accept(mira, note)
        try accept(jo, note, "one II three four")
        try meet()
        let conflict = try #require(try jo.conflicts().first)
        #expect(
            Set(conflict.versions.map(\.content)) == [
                "accepted: one 2 three four", "accepted: one II three four",
            ])
        #expect(conflict.conflict.kind == .verdict)
        let text = try jo.view(article).text
        #expect(text.contains("one 2 three four") || text.contains("one II three four"), "\(text)")
        let letter = conflict.versions.first { $0.content.contains("II") }?.letter ?? ""
        try jo.resolve(conflict, .letter(letter), command: "resolve")
        try meet()
        #expect(try mira.view(article).text.contains("one II three four five"))
    }

    @Test("Of several places another wording replaces the same, so that the merge reads on")
    func places() throws {
        let kept = try mira.note(on: "two three four", "", in: article)
        let note = try suggest("one two three four five", "1 two three four 5")
        try accept(mira, note)
        try accept(jo, note, "I two three four V")
        try meet()
        let text = try jo.view(article).text
        #expect(
            text.hasSuffix(": 1 two three four 5.\n") || text.hasSuffix(": I two three four V.\n"))
        #expect(try words(of: kept) == "two three four")
        let conflict = try #require(try jo.conflicts().first)
        #expect(
            Set(conflict.versions.map(\.content)) == [
                "accepted: 1 two three four 5", "accepted: I two three four V",
            ])
        #expect(conflict.base == "one two three four five")
        let letter = conflict.versions.first { $0.content.contains("V") }?.letter ?? ""
        try jo.resolve(conflict, .letter(letter), command: "resolve")
        try meet()
        #expect(try mira.view(article).text.hasSuffix(": I two three four V.\n"))
    }

    @Test("Words that are only taken out, or are taken out differently, are asked about, too")
    func deletions() throws {
        let note = try suggest("one two three four", "one three four")
        try accept(mira, note)
        try accept(jo, note, "one two four")
        try meet()
        let conflict = try #require(try mira.conflicts().first)
        #expect(conflict.conflict.kind == .verdict)
        #expect(
            Set(conflict.versions.map(\.content)) == [
                "accepted: one three four", "accepted: one two four",
            ])
    }

    @Test(
        "Who accepts in fewer words is not taken to have accepted the others",
        arguments: [
            ("one two three four", "one 2 three four", "2"), ("two three", "three", ""),
            ("one two three", "1 two 3", "13"),
        ])
    func fewerWords(words: String, proposal: String, wording: String) throws {
        let note = try suggest(words, proposal)
        try accept(mira, note)
        try accept(jo, note, wording)
        try meet()
        #expect(try jo.conflicts().map(\.conflict.kind) == [.verdict])
    }

    @Test("Accepted, undone and accepted again it is the same characters")
    func again() throws {
        let note = try suggest("one two three four five", "1 two 3 four V")
        try accept(mira, note)
        try meet()
        _ = try mira.undo()
        try meet()
        try accept(mira, note)
        try accept(jo, note)
        try meet()
        #expect(try jo.view(article).text.hasSuffix(": 1 two 3 four V.\n"))
        #expect(try jo.conflicts().isEmpty)
        _ = try mira.undo()
        try meet()
        #expect(try jo.view(article).text.hasSuffix(": one two three four five.\n"))
    }
}

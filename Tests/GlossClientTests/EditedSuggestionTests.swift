import GlossCore
import Testing

@testable import GlossClient

@Suite("Suggestions whose words were edited before or after they were accepted")
final class EditedSuggestionTests: SharedArticle {
    init() throws {
        try super.init("The war in Donbas took eighteen hundred people. It rained.\n")
    }

    private func suggest(_ words: String, _ proposal: String) throws -> NoteReference {
        let note = try mira.note(on: words, "", in: article, proposal: proposal)
        try meet()
        return note
    }

    private func edit(_ words: String, _ others: String) throws {
        let view = try mira.view(article)
        _ = try mira.edit(
            article, WordDiff.edits(from: view.text, to: view.text.replacing(words, with: others)),
            at: view.version, message: nil, command: "edit")
    }

    private func text() throws -> String { try mira.view(article).text }

    @Test(
        "A correction that the text has already is not made again",
        arguments: [
            ("Donbas", "Donbass"), ("Donbas", "Crimea"), ("people", "people or more"),
            ("eighteen hundred people", "eighteen hundred of the people"), ("people.", "people!"),
            ("The war", "The long war"), ("hundred people", "people"), ("war", "a war"),
        ])
    func made(words: String, proposal: String) throws {
        let note = try suggest(words, proposal)
        try edit(words, proposal)
        let before = try text()
        let done = try mira.accept([note], message: nil, command: "accept")
        #expect(done.reading == [note] && done.accepted.isEmpty)
        #expect(try text() == before)
        #expect(try mira.openSuggestions().isEmpty)
        _ = try mira.undo()
        #expect(try mira.openSuggestions() == [note])
    }

    @Test("Words that stand in a longer word now are changed words")
    func longerWord() throws {
        let note = try suggest("Donbas", "Crimea")
        try edit("Donbas", "Donbass")
        let done = try mira.accept([note], message: nil, command: "accept")
        #expect(done.changed.map(\.now) == ["Donbass"] && done.accepted.isEmpty)
        #expect(try text().contains("in Donbass took"))
    }

    @Test("A part of a word may be corrected, and what stood beside words is no correction of them")
    func parts() throws {
        let part = try suggest("bas", "bass")
        #expect(try mira.accept([part], message: nil, command: "accept").accepted == [part])
        let twice = try suggest("war", "war in")
        #expect(try mira.accept([twice], message: nil, command: "accept").accepted == [twice])
        #expect(try text().hasPrefix("The war in in Donbass took"))
    }

    @Test(
        "What was accepted and edited since is not taken out unasked",
        arguments: [
            ("1,836 people", "1,850 persons"), ("1,836 people", "1,836 people or more"),
            ("people.", "peoples."),
        ])
    func edited(words: String, others: String) throws {
        let note = try suggest("eighteen hundred people", "1,836 people")
        _ = try mira.accept([note], message: nil, command: "accept")
        try edit(words, others)
        let before = try text()
        let done = try mira.reject([note], why: nil, command: "reject")
        let isInside = others != "1,836 people or more"
        #expect(done.changed.map(\.then) == (isInside ? ["1,836 people"] : []))
        if isInside {
            #expect(done.rejected.isEmpty && done.takenOut.isEmpty)
            #expect(try text() == before)
            let certain = try mira.reject([note], isCertain: true, why: nil, command: "reject")
            #expect(certain.rejected == [note] && certain.takenOut.map(\.note) == [note])
        }
        #expect(try mira.view(article).notes.first?.decision == .rejected)
    }

    @Test("Taken out untouched, it is told what the text reads")
    func untouched() throws {
        for (words, proposal) in [
            ("eighteen hundred people", "1,836 people"), ("people", "people or more"),
            ("eighteen hundred", "hundreds"), ("eighteen hundred", "hundred"),
        ] {
            let before = try text()
            let note = try suggest(words, proposal)
            _ = try mira.accept([note], message: nil, command: "accept")
            #expect(try text() != before)
            let done = try mira.reject([note], why: nil, command: "reject")
            #expect(done.changed.isEmpty)
            #expect(done.takenOut.map(\.text) == [before.replacing("\n", with: "")])
            #expect(try text() == before)
        }
    }
}

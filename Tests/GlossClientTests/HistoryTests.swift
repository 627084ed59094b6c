import GlossCore
import Testing

@testable import GlossClient

@Suite("Commands of the history, by their numbers")
final class HistoryTests: SharedArticle {
    init() throws {
        try super.init("Walls teach the water to climb.")
        try meet()
    }

    private func last(_ library: Library) throws -> Int {
        try #require(try library.history(limit: 1).first).number
    }

    private func step(_ outcome: HistoryOutcome) throws -> HistoryStep {
        guard case .done(let step) = outcome else {
            throw ClientError(.invalid, "nothing was done: \(outcome)")
        }
        return step
    }

    private func isAlready(_ outcome: HistoryOutcome) -> Bool {
        if case .already = outcome { true } else { false }
    }

    @Test("A command is taken back by its number, and brought back, whatever came after it")
    func byNumber() throws {
        try mira.replace("Walls", with: "Dams", in: article)
        let number = try last(mira)
        try meet()
        try mira.replace("climb", with: "rise", in: article)
        try jo.replace("water", with: "river", in: article)
        try meet()
        let undone = try step(try mira.undo(number))
        #expect(undone.command == "edit Walls" && undone.sent == 1 && undone.leftAlone.isEmpty)
        #expect(try mira.view(article).text == "Walls teach the river to rise.")
        #expect(isAlready(try mira.undo(number)))
        #expect(try step(try mira.redo(number)).command == "edit Walls")
        #expect(try mira.view(article).text == "Dams teach the river to rise.")
        #expect(isAlready(try mira.redo(number)))
        #expect(throws: ClientError.self) { try mira.undo(1_000) }
    }

    @Test("An undo or redo can be named, too, and is what it stands for")
    func stepsByNumber() throws {
        try mira.replace("Walls", with: "Dams", in: article)
        try meet()
        _ = try mira.undo()
        let undoing = try last(mira)
        _ = try step(try mira.undo(undoing))
        #expect(try mira.view(article).text.hasPrefix("Dams"))
        let redoing = try last(mira)
        #expect(isAlready(try mira.redo(redoing)))
        _ = try step(try mira.undo(redoing))
        #expect(try mira.view(article).text.hasPrefix("Walls"))
        #expect(isAlready(try mira.undo(redoing)))
    }

    @Test("What was written over since is left alone, and listed with who wrote it")
    func leftAlone() throws {
        let note = try mira.note(on: "water", "one", in: article)
        try meet()
        try mira.set(.body, to: .text("two"), of: [note], command: "edit")
        let edited = try last(mira)
        try meet()
        try jo.set(.body, to: .text("three"), of: [note], command: "edit")
        try meet()
        let name = try mira.shortID(of: note.id)
        let step = try step(try mira.undo(edited))
        #expect(step.leftAlone == ["the text of note \(name), which jo wrote since"])
        #expect(try mira.view(article).notes[0].body == "three")
        try mira.replace("Walls", with: "Dams", in: article)
        let words = try last(mira)
        try meet()
        try jo.replace("Dams", with: "Dikes", in: article)
        try meet()
        let text = try self.step(try mira.undo(words))
        #expect(text.leftAlone.count == 1 && text.leftAlone[0].contains("in river"))
        #expect(text.text.count == 1)
    }

    @Test("A command is shown with what it changed, how far that has come and what took it back")
    func detail() throws {
        try mira.replace("Walls", with: "Dams", in: article)
        let edit = try last(mira)
        let before = try mira.command(edit)
        #expect(before.changes.map(\.stateName) == ["unsent"])
        #expect(
            before.changes[0].text.flatMap(\.segments).filter { $0.kind != .kept }
                == [.init(.removed, "Walls"), .init(.added, "Dams")])
        try meet()
        #expect(try mira.command(edit).changes.map(\.stateName) == ["acknowledged"])
        _ = try mira.undo()
        let undoing = try mira.command(try last(mira))
        #expect(undoing.reverses?.number == edit)
        #expect(
            undoing.changes[0].text.flatMap(\.segments).filter { $0.kind != .kept }
                == [.init(.removed, "Dams"), .init(.added, "Walls")])
        #expect(try mira.command(edit).undoneBy?.number == undoing.command.number)
        let note = try mira.note(on: "water", "one", in: article)
        let acts = try mira.command(try last(mira)).changes[0].acts
        #expect(acts.map(\.kind) == [.made] && acts[0].subject == note.id && acts[0].now == "one")
    }

    @Test("The log of a note has all that became of it, and of its replies")
    func logOfNote() throws {
        let note = try mira.note(on: "teach", "why?", in: article, proposal: "show")
        let other = try mira.note(on: "water", "another", in: article)
        try meet()
        let reply = try jo.note(jo.shortID(of: jo.reply(to: note, body: "because", command: "r")))
        try jo.tag([note], adding: ["voice"], removing: [], command: "tag")
        _ = try jo.accept([note], message: nil, command: "accept")
        try meet()
        _ = try jo.undo()
        try mira.set(.body, to: .text("why so?"), of: [note], command: "edit")
        try mira.set(.life, to: .withdrawn, of: [note], command: "rm")
        try meet()
        let kinds = Set(try mira.log(of: note, limit: 50).flatMap(\.acts).map(\.kind))
        #expect(
            kinds == [
                .made, .answered, .tagged, .accepted, .unaccepted, .edited, .withdrawn,
            ])
        let edited = try #require(
            try jo.log(of: note, limit: 50).flatMap(\.acts).first { $0.kind == .edited })
        #expect(edited.before == "why?" && edited.now == "why so?")
        #expect(try mira.log(of: reply, limit: 50).flatMap(\.acts).map(\.kind) == [.answered])
        #expect(try mira.log(of: other, limit: 50).map(\.acts.count) == [1])
        #expect(try mira.log(of: note, limit: 2).count == 2)
    }

    @Test("Words that were deleted and not replaced are listed with who deleted and who wrote them")
    func deletions() throws {
        try jo.replace("the water ", with: "", in: article)
        try jo.replace("climb", with: "rise", in: article)
        try meet()
        let deletions = try mira.deletions(in: mira.view(article))
        #expect(deletions.map(\.text) == ["the water "])
        #expect(deletions.first?.author.user == "jo")
        #expect(deletions.first?.writers.map(\.user) == ["mira"])
        #expect(deletions.first?.offset == 12)
        #expect(try mira.deletions(in: mira.view(article), 20..<22).isEmpty)
        _ = try jo.undo()
        _ = try jo.undo()
        try meet()
        #expect(try mira.deletions(in: mira.view(article)).isEmpty)
    }
}

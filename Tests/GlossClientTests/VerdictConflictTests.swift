import Foundation
import GlossCore
import Testing

@testable import GlossClient

/// Two people with a library each who decide differently, on suggestions and on conflicts.
@Suite final class VerdictConflictTests: SharedArticle {
    init() throws { try super.init("Walls teach the water to climb.\n") }

    private func range(_ words: String) throws -> Range<Int> {
        let found = QuoteFinder(in: ArticleText(try mira.view(article).scalars)).find(words)
        guard case .one(let range) = found else { throw ClientError(.noMatch, words) }
        return range
    }

    /// A suggestion of mira's that both see; its short name.
    private func suggest(_ words: String, _ proposal: String) throws -> String {
        let id = try mira.annotate(
            article, at: try range(words), body: "", proposal: proposal, command: "suggest")
        try sync()
        return try mira.shortID(of: id)
    }

    private func sync() throws {
        try meet()
        let names = try mira.conflicts(in: article).map(\.shortID)
        #expect(try jo.conflicts(in: article).map(\.shortID) == names)
    }

    private func accept(_ library: Library, _ name: String, _ wording: String? = nil) throws {
        let done = try library.accept(
            [library.note(name)], wording: wording, message: "because", command: "accept")
        #expect(done.accepted.count == 1)
    }

    /// The one conflict as somebody sees it.
    private func conflict(_ library: Library) throws -> ConflictView {
        let all = try library.conflicts(in: article)
        #expect(all.count == 1)
        return try #require(all.first)
    }

    private func code(_ body: () throws -> Void) -> ClientError? {
        do {
            try body()
            return nil
        } catch { return error as? ClientError }
    }

    @Test func `accepted and rejected is one card with both names`() throws {
        let name = try suggest("teach", "show")
        try accept(jo, name)
        _ = try mira.reject([mira.note(name)], why: "no source", command: "reject")
        try sync()
        let view = try conflict(mira)
        #expect(view.subject == "suggestion \(name) “teach” → “show”")
        #expect(view.row.sides == ["A jo accepted", "B you rejected"])
        #expect(view.choices == ["A", "B", "base"])
        let card = view.card()
        #expect(card.base?.content == "teach" && card.merged == "show" && card.isMerged)
        #expect(card.versions.map(\.why) == ["because", "no source"])
        #expect(try mira.view(article).notes[0].conflicts == [view.shortID])
        #expect(try mira.resolve(view, .letter("B"), command: "resolve") == "rejected")
        try sync()
        #expect(try jo.conflicts().isEmpty)
        #expect(try jo.view(article).text == "Walls teach the water to climb.\n")
        #expect(try jo.view(article).notes[0].decision == .rejected)
        _ = try mira.undo()
        try sync()
        #expect(try conflict(jo).row.sides == ["A you accepted", "B mira rejected"])
    }

    @Test func `overlapping suggestions are named in the card, and may both stay`() throws {
        let first = try suggest("teach the", "show")
        let second = try suggest("the water", "a river")
        try accept(mira, first)
        try accept(jo, second)
        try sync()
        let view = try conflict(mira)
        #expect(Set(view.suggestions.map(\.shortID)) == [first, second])
        #expect(view.choices == ["A", "B", "merged", "base"])
        #expect(
            view.row.sides.contains("A you accepted \(first)")
                || view.row.sides[0].hasPrefix("A jo"))
        #expect(view.card().versions.map(\.content).contains("\(second) accepted: a river"))
        #expect(try mira.view(article).notes.allSatisfy { $0.conflicts == [view.shortID] })
        try mira.resolve(view, .merged, command: "resolve")
        try sync()
        #expect(try jo.conflicts().isEmpty)
    }

    @Test func `a choice that does not fit names those that do`() throws {
        let name = try suggest("teach", "show")
        try accept(jo, name)
        try accept(mira, name, "tell")
        try sync()
        let view = try conflict(mira)
        for choice in [ConflictChoice.both, .merged, .keep, .words("let"), .letter("C")] {
            let error = code { try mira.resolve(view, choice, command: "resolve") }
            #expect(error?.code == .invalid && error?.tries == view.answers, "\(choice)")
        }
        #expect(try conflict(mira).shortID == view.shortID)
    }

    @Test func `two who settle it differently are asked once more`() throws {
        let name = try suggest("teach", "show")
        try accept(jo, name)
        try accept(mira, name, "tell")
        try sync()
        let view = try conflict(mira)
        let letters = ["show", "tell"].map { word in
            view.versions.first { $0.content == "accepted: \(word)" }?.letter ?? ""
        }
        try mira.resolve(view, .letter(letters[0]), why: "shorter", command: "resolve")
        try jo.resolve(
            jo.conflict(view.shortID), .letter(letters[1]), why: "clearer", command: "resolve")
        try sync()
        let second = try conflict(jo)
        #expect(second.conflict.kind == .resolution)
        #expect(second.subject == "settled twice: suggestion \(name) “teach” → “show”")
        #expect(Set(second.versions.compactMap(\.why)) == ["shorter", "clearer"])
        let mine = try #require(second.versions.first { $0.authors.contains(where: \.isMine) })
        #expect(mine.content == "accepted: tell")
        try jo.resolve(second, .letter(mine.letter), command: "resolve")
        try sync()
        #expect(try mira.conflicts().isEmpty)
        #expect(try mira.view(article).text == "Walls tell the water to climb.\n")
    }

    @Test func `two who settle a text differently are asked once, with what each left`() throws {
        try sync()
        let base = try mira.view(article)
        _ = try mira.edit(
            article, [TextEdit(0..<5, "Dams")], at: base.version, message: nil, command: "edit")
        _ = try jo.edit(
            article, [TextEdit(0..<5, "Dikes")], at: base.version, message: nil, command: "edit")
        try sync()
        let view = try conflict(mira)
        try mira.resolve(view, .letter("A"), command: "resolve")
        try jo.resolve(jo.conflict(view.shortID), .words("Levees are mute."), command: "resolve")
        try sync()
        let second = try conflict(mira)
        #expect(second.conflict.kind == .resolution)
        #expect(second.versions.map(\.content).contains("Levees are mute."))
        let own = try #require(second.versions.first { $0.content == "Levees are mute." })
        try mira.resolve(second, .letter(own.letter), command: "resolve")
        try sync()
        #expect(try jo.conflicts().isEmpty)
        #expect(try jo.view(article).text == "Levees are mute.\n")
    }

    @Test func `a stale answer is refused with what changed`() throws {
        let name = try suggest("teach", "show")
        let kim = try makeLibrary("kim")
        try server.sync(kim)
        try accept(jo, name)
        try accept(mira, name, "tell")
        try sync()
        let view = try conflict(mira)
        try accept(kim, name, "let")
        try server.sync(kim)
        try sync()
        let grown = code { try mira.resolve(view, .letter("A"), command: "resolve") }
        #expect(grown?.code == .stale)
        #expect(grown?.message.contains("had 2 versions then, and has 3 now") == true)
        let named = code { _ = try mira.conflict(view.shortID) }
        #expect(named?.code == .stale && named?.message.contains("3 now") == true)
        let second = try conflict(mira)
        try jo.resolve(
            jo.conflict(second.shortID), .letter("B"), why: "it is", command: "resolve")
        try sync()
        let settled = code { try mira.resolve(second, .letter("A"), command: "resolve") }
        #expect(settled?.code == .stale)
        #expect(settled?.message.contains("jo took B (“it is”)") == true)
    }

    @Test func `a suggestion whose words have changed is shown, not accepted unasked`() throws {
        let name = try suggest("teach the water", "show it")
        let view = try jo.view(article)
        _ = try jo.edit(
            article, [TextEdit(12..<15, "all")], at: view.version, message: nil, command: "edit")
        try sync()
        let note = try #require(try mira.view(article).notes.first)
        #expect(note.isChanged && note.words == "teach all water")
        #expect(note.rendered.status == "words changed")
        let done = try mira.accept([mira.note(name)], message: nil, command: "accept")
        #expect(done.accepted.isEmpty)
        #expect(done.changed.map(\.then) == ["teach the water"])
        #expect(done.changed.map(\.now) == ["teach all water"])
        let certain = try mira.accept(
            [mira.note(name)], isCertain: true, message: nil, command: "accept")
        #expect(certain.accepted.count == 1)
        #expect(try mira.view(article).text == "Walls show it to climb.\n")
        #expect(try mira.view(article).notes.first?.isChanged == false)
        _ = try mira.undo()
        #expect(try mira.view(article).notes.first?.decision == .open)
    }

    @Test func `rejecting what is accepted takes it out, and undo puts both back`() throws {
        let name = try suggest("teach", "show")
        try accept(mira, name)
        try sync()
        let done = try jo.reject([jo.note(name)], why: nil, command: "reject")
        #expect(done.rejected.count == 1 && done.takenOut.count == 1)
        try sync()
        #expect(try mira.conflicts().isEmpty)
        #expect(try mira.view(article).text == "Walls teach the water to climb.\n")
        #expect(try mira.view(article).notes[0].decision == .rejected)
        _ = try jo.undo()
        try sync()
        #expect(try mira.view(article).notes[0].decision == .accepted)
        #expect(try mira.conflicts().isEmpty)
    }

    @Test func `what stands open is exactly the conflicts, suggestions and questions`() throws {
        #expect(try mira.view(article).openMatters().isEmpty)
        let name = try suggest("teach", "show")
        let note = try mira.annotate(
            article, at: try range("water"), body: "which?", command: "note")
        _ = try mira.annotate(article, at: try range("climb"), body: "", command: "note")
        var open = try mira.view(article).openMatters()
        #expect(open.suggestions.map(\.shortID) == [name] && open.questions.map(\.id) == [note])
        try mira.set(
            .status, to: .done, of: [mira.note(mira.shortID(of: note))], command: "done")
        try sync()
        try accept(jo, name)
        _ = try mira.reject([mira.note(name)], why: nil, command: "reject")
        try sync()
        open = try mira.view(article).openMatters()
        #expect(open.conflicts.count == 1 && open.suggestions.isEmpty && open.questions.isEmpty)
        try mira.resolve(open.conflicts[0], .letter("A"), command: "resolve")
        #expect(try mira.view(article).openMatters().isEmpty)
    }
}

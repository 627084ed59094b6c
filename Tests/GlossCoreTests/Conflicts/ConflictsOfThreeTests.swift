import GlossCore
import TestSupport
import Testing

/// Each kind of conflict among three people, and what opens one again.
@Suite struct ConflictsOfThreeTests {
    private static let text = "Walls teach the water to climb. Rivers do not ask."

    // MARK: Values

    @Test func `three titles are three versions, and the last one shows`() throws {
        var table = try Table(3, Self.text)
        _ = try table.commitToArticle(
            0, [table.people[0].article.write(.text("Walls"), to: .title)])
        try table.meet()
        for (person, title) in ["Dams", "Rivers", "Water"].enumerated() {
            _ = try table.commitToArticle(
                person, [table.people[person].article.write(.text(title), to: .title)])
        }
        try table.meet()
        let conflict = try table.onlyConflict()
        #expect(conflict.kind == .value && conflict.subject == .field(.title))
        #expect(conflict.base == "Walls" && conflict.shown == "Water")
        #expect(conflict.versions.map(\.content) == ["Dams", "Rivers", "Water"])
        try table.answer(1, conflict, taking: 1)
        try table.meet()
        #expect(table.people[2].conflicts.isEmpty)
        #expect(table.people[2].article.register(.title).value == .text("Rivers"))
    }

    @Test func `two of three who wrote the same are one version`() throws {
        var table = try Table(3, Self.text)
        let note = try table.note(0, 6..<11, "teach?")
        try table.meet()
        for (person, body) in ["say?", "show?", "say?"].enumerated() {
            try table.write(person, .text(body), to: .body, of: note)
        }
        try table.meet()
        let conflict = try table.onlyConflict()
        #expect(conflict.versions.map(\.content) == ["say?", "show?"])
        #expect(conflict.versions[0].operations.map(\.agent.rawValue) == [0xb0, 0xb2])
        #expect(conflict.settles.count == 3 && conflict.shown == "say?")
    }

    @Test func `three who write the same value disagree about nothing`() throws {
        var table = try Table(3, Self.text)
        let note = try table.note(0, 6..<11, "teach?")
        try table.meet()
        for person in 0..<3 { try table.write(person, .done, to: .status, of: note) }
        try table.meet()
        #expect(table.people[0].conflicts.isEmpty)
        #expect(table.people[0].annotations.entity(note)?.register(.status).heads.count == 3)
    }

    @Test func `a value that comes late opens the question anew`() throws {
        var table = try Table(3, Self.text)
        let note = try table.note(0, 6..<11, "teach?")
        try table.meet()
        try table.write(2, .text("tell?"), to: .body, of: note)
        let late = table.people[2]
        table.people[2] = table.people[1]
        try table.write(0, .text("say?"), to: .body, of: note)
        try table.write(1, .text("show?"), to: .body, of: note)
        try table.meet()
        let first = try table.onlyConflict()
        try table.answer(0, first, taking: 0)
        try table.meet()
        #expect(table.people[0].conflicts.isEmpty)
        table.people[2] = late
        try table.meet()
        let second = try table.onlyConflict()
        #expect(second.id != first.id)
        #expect(Set(second.versions.map(\.content)) == ["say?", "tell?"])
    }

    // MARK: Lives

    @Test func `a note withdrawn by two and answered by one is kept`() throws {
        var table = try Table(3, Self.text)
        let note = try table.note(0, 6..<11, "teach?")
        try table.meet()
        try table.write(0, .withdrawn, to: .life, of: note)
        try table.write(1, .withdrawn, to: .life, of: note)
        let reply = try table.commit(2, .reply(NewReply(annotation: note, body: "fine")))
        try table.meet()
        let conflict = try table.onlyConflict()
        #expect(conflict.kind == .deleteEdit && conflict.subject == .entity(note))
        #expect(conflict.versions.map(\.content) == ["withdrawn", "answered: fine"])
        #expect(conflict.versions[1].operations == [reply.id] && conflict.settles.count == 3)
        #expect(!table.people[0].annotations.isGone(note))
        try table.answer(2, conflict, taking: 1)
        try table.meet()
        #expect(table.people[0].conflicts.isEmpty)
        #expect(!table.people[0].annotations.isGone(note))
    }

    @Test func `an answer that comes late brings a withdrawn note back as a question`() throws {
        var table = try Table(3, Self.text)
        let note = try table.note(0, 6..<11, "teach?")
        try table.meet()
        try table.commit(2, .addTag(TagAddition(annotation: note, tag: "fact")))
        let late = table.people[2]
        table.people[2] = table.people[1]
        try table.write(0, .withdrawn, to: .life, of: note)
        try table.meet()
        #expect(table.people[1].annotations.isGone(note) && table.people[1].conflicts.isEmpty)
        table.people[2] = late
        try table.meet()
        let conflict = try table.onlyConflict()
        #expect(conflict.versions.map(\.content).contains("tagged fact"))
        try table.answer(
            1, conflict, taking: conflict.versions.firstIndex { $0.value == .withdrawn } ?? 0)
        try table.meet()
        #expect(table.people[2].annotations.isGone(note) && table.people[2].conflicts.isEmpty)
    }

    @Test func `an edit by somebody who had seen the withdrawal is no question`() throws {
        var table = try Table(3, Self.text)
        let note = try table.note(0, 6..<11, "teach?")
        try table.write(0, .withdrawn, to: .life, of: note)
        try table.meet()
        try table.commit(1, .reply(NewReply(annotation: note, body: "why?")))
        try table.meet()
        #expect(table.people[0].conflicts.isEmpty && table.people[0].annotations.isGone(note))
    }

    // MARK: Text

    @Test func `three edits of the same words are one question of three versions`() throws {
        var table = try Table(3, Self.text)
        for (person, word) in ["show", "tell", "ask"].enumerated() {
            try table.edit(person, 6..<11, word)
        }
        try table.meet()
        let conflict = try table.onlyConflict()
        #expect(conflict.kind == .text && conflict.base == "Walls teach the water to climb.")
        #expect(
            conflict.versions.map(\.content) == [
                "Walls show the water to climb.", "Walls tell the water to climb.",
                "Walls ask the water to climb.",
            ])
    }

    @Test func `edits that touch through a third are one question`() throws {
        var table = try Table(3, Self.text)
        try table.edit(0, 0..<6, "")
        try table.edit(1, 12..<16, "a ")
        try table.edit(2, 5..<13, " lets ")
        try table.meet()
        let conflict = try table.onlyConflict()
        #expect(conflict.versions.count == 3 && conflict.settles.count == 3)
    }

    @Test func `a third edit that comes late asks again and names all three`() throws {
        var table = try Table(3, Self.text)
        try table.edit(2, 6..<11, "ask")
        let late = table.people[2]
        table.people[2] = table.people[1]
        try table.edit(0, 6..<11, "show")
        try table.edit(1, 6..<11, "tell")
        try table.meet()
        let first = try table.onlyConflict()
        try table.answer(0, first, taking: 0)
        try table.meet()
        #expect(table.people[1].conflicts.isEmpty)
        table.people[2] = late
        try table.meet()
        let second = try table.onlyConflict()
        #expect(second.id != first.id && second.versions.count == 3)
        #expect(Set(second.settles).isSuperset(of: first.settles))
        try table.answer(1, second, taking: 0)
        try table.meet()
        #expect(table.people[2].conflicts.isEmpty)
    }

    @Test func `a resolution taken back opens the question again under its name`() throws {
        var table = try Table(3, Self.text)
        try table.edit(0, 6..<11, "show")
        try table.edit(1, 6..<11, "tell")
        try table.meet()
        let conflict = try table.onlyConflict()
        let answer = try table.answer(2, conflict, taking: 0)
        try table.meet()
        #expect(table.people[0].conflicts.isEmpty)
        try table.commitToArticle(0, table.people[0].article.inverse(of: [answer]))
        try table.meet()
        #expect(try table.onlyConflict() == conflict)
    }

    @Test func `two equal answers settle as well as one, and one is left when one goes`() throws {
        var table = try Table(3, Self.text)
        try table.edit(0, 6..<11, "show")
        try table.edit(1, 6..<11, "tell")
        try table.meet()
        let conflict = try table.onlyConflict()
        try table.answer(1, conflict, taking: 0)
        let answer = try table.answer(2, conflict, taking: 0)
        try table.meet()
        try table.commitToArticle(0, table.people[0].article.inverse(of: [answer]))
        try table.meet()
        #expect(table.people[0].conflicts.isEmpty)
    }

    // MARK: Anchors

    @Test func `words under a note cut by two are one question of the first cut`() throws {
        var table = try Table(3, Self.text)
        let note = try table.note(2, 6..<11, "teach?")
        try table.meet()
        let first = try table.edit(0, 5..<11, "")
        try table.edit(1, 5..<11, "")
        try table.meet()
        let conflict = try table.onlyConflict()
        #expect(conflict.kind == .anchor && conflict.subject == .entity(note))
        #expect(conflict.settles == [first.id, note])
        #expect(conflict.versions.map(\.content) == ["stands on: teach", "deleted"])
        let answer = try table.answer(1, conflict, taking: 1)
        try table.meet()
        #expect(table.people[0].conflicts.isEmpty)
        try table.commit(2, try #require(table.people[2].annotations.inverse(of: [answer]).first))
        try table.meet()
        #expect(try table.onlyConflict() == conflict)
    }

    @Test func `a note made while others cut its words is asked about when both meet`() throws {
        var table = try Table(3, Self.text)
        try table.edit(0, 6..<11, "show")
        let note = try table.note(1, 6..<11, "teach?")
        try table.meet()
        let conflict = try table.onlyConflict()
        #expect(conflict.subject == .entity(note) && conflict.shown == "show")
        try table.write(2, .done, to: .status, of: note)
        try table.meet()
        #expect(table.people[0].conflicts.isEmpty)
    }

    @Test func `a suggestion that three accept is in the text once, even after undo`() throws {
        var table = try Table(3, Self.text)
        let id = try table.suggest(0, 6..<11, "show")
        try table.meet()
        let accepted = try (0..<3).map { try table.edit($0, 6..<11, "show", accepts: id) }
        try table.meet()
        let corrected = "Walls show the water to climb. Rivers do not ask."
        #expect(table.people[1].article.text == corrected && table.people[1].conflicts.isEmpty)
        for (undone, change) in accepted.enumerated() {
            try table.commitToArticle(0, table.people[0].article.inverse(of: [change]))
            try table.meet()
            let isGone = undone == 2
            #expect(table.people[2].article.text == (isGone ? Self.text : corrected))
        }
        #expect(table.people[0].state(ofSuggestion: id) == .open)
    }
}

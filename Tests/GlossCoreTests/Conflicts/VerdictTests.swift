import GlossCore
import TestSupport
import Testing

/// Suggestions decided on differently by two to five people, and each way to settle that.
@Suite struct VerdictTests {
    private static let text = "Walls teach the water to climb. Rivers do not ask."

    /// People who see one suggestion, to say "show" for "teach".
    private static func desk(_ count: Int) throws -> (table: Table, id: OpID) {
        var table = try Table(count, text)
        let id = try table.suggest(0, 6..<11, "show")
        try table.meet()
        return (table, id)
    }

    private static func reads(_ word: String) -> String {
        "Walls \(word) the water to climb. Rivers do not ask."
    }

    // MARK: What is one

    @Test func `accepted here and rejected there is one question`() throws {
        var (table, id) = try Self.desk(2)
        try table.edit(0, 6..<11, "show", accepts: id)
        try table.write(1, .rejected, to: .verdict, of: id)
        try table.meet()
        let conflict = try table.onlyConflict()
        #expect(conflict.kind == .verdict && conflict.subject == .suggestions([id]))
        #expect(conflict.document == table.people[0].annotations.id)
        #expect(conflict.base == "teach" && conflict.shown == "show")
        #expect(conflict.versions.map(\.content) == ["accepted: show", "rejected"])
        #expect(table.people[1].article.text == Self.reads("show"))
    }

    @Test func `two wordings are one question, and none about the text`() throws {
        var (table, id) = try Self.desk(3)
        for (person, word) in ["show", "tell", "show"].enumerated() {
            try table.edit(person, 6..<11, word, accepts: id)
        }
        try table.meet()
        let conflict = try table.onlyConflict()
        #expect(conflict.kind == .verdict && conflict.base == "teach" && conflict.shown == "show")
        #expect(conflict.versions.map(\.content) == ["accepted: show", "accepted: tell"])
        #expect(conflict.versions.map(\.operations.count) == [2, 1])
    }

    @Test func `two suggestions that share words are one choice`() throws {
        var table = try Table(4, Self.text)
        let first = try table.suggest(0, 6..<15, "show")
        let second = try table.suggest(1, 12..<21, "a river")
        try table.meet()
        try table.edit(0, 6..<15, "show", accepts: first)
        try table.edit(1, 12..<21, "a river", accepts: second)
        try table.write(2, .rejected, to: .verdict, of: second)
        try table.meet()
        let conflict = try table.onlyConflict()
        #expect(conflict.subject == .suggestions([first, second].sorted()))
        #expect(conflict.base == "teach the water")
        #expect(
            conflict.versions.map(\.content) == [
                "accepted: show", "accepted: a river", "rejected",
            ])
    }

    @Test func `equal suggestions accepted by two do not double the words unasked`() throws {
        var table = try Table(2, Self.text)
        let ids = try (0..<2).map { try table.suggest($0, 6..<11, "show") }
        try table.meet()
        for person in 0..<2 { try table.edit(person, 6..<11, "show", accepts: ids[person]) }
        try table.meet()
        let conflict = try table.onlyConflict()
        #expect(conflict.shown == "showshow" && conflict.versions.count == 2)
        try table.answer(1, conflict, "A")
        try table.meet()
        #expect(table.people[0].article.text == Self.reads("show"))
        #expect(table.people[0].conflicts.isEmpty)
    }

    @Test func `suggestions side by side, and equal decisions, are no question of verdicts`() throws
    {
        var table = try Table(2, Self.text)
        let first = try table.suggest(0, 0..<5, "Dams")
        let second = try table.suggest(0, 6..<11, "show")
        try table.meet()
        try table.edit(0, 0..<5, "Dams", accepts: first)
        try table.edit(1, 6..<11, "show", accepts: second)
        try table.meet()
        #expect(table.people[0].conflicts.isEmpty)
        let third = try table.suggest(0, 14..<19, "sea")
        try table.meet()
        for person in 0..<2 { try table.write(person, .rejected, to: .verdict, of: third) }
        try table.meet()
        #expect(table.people[0].conflicts.isEmpty)
    }

    @Test func `who decides otherwise knowing of it asks nothing`() throws {
        var (table, id) = try Self.desk(2)
        try table.write(0, .rejected, to: .verdict, of: id)
        try table.meet()
        try table.edit(1, 6..<11, "show", accepts: id)
        try table.write(1, .open, to: .verdict, of: id)
        try table.meet()
        #expect(table.people[0].conflicts.isEmpty)
        #expect(table.people[0].state(ofSuggestion: id) != .rejected)
    }

    @Test func `a contested verdict is part of the question about it`() throws {
        var (table, id) = try Self.desk(3)
        try table.write(0, .rejected, to: .verdict, of: id)
        try table.write(1, .open, to: .verdict, of: id)
        try table.edit(1, 6..<11, "show", accepts: id)
        try table.meet()
        let conflict = try table.onlyConflict()
        #expect(conflict.kind == .verdict)
        try table.answer(2, conflict, "B")
        try table.meet()
        #expect(table.people[0].conflicts.isEmpty)
        #expect(table.people[0].state(ofSuggestion: id) == .rejected)
        #expect(table.people[0].article.text == Self.text)
    }

    // MARK: Outcomes

    @Test(arguments: [("A", "show"), ("B", "tell"), ("C", "teach"), ("base", "teach")])
    func `each choice among wordings and a rejection`(take: String, word: String) throws {
        for person in 0..<5 {
            var (table, id) = try Self.desk(5)
            try table.edit(0, 6..<11, "show", accepts: id)
            try table.edit(1, 6..<11, "tell", accepts: id)
            try table.write(2, .rejected, to: .verdict, of: id)
            try table.meet()
            let conflict = try table.onlyConflict()
            try table.answer(person, conflict, take, why: "because")
            try table.meet()
            let desk = table.people[(person + 1) % 5]
            #expect(desk.conflicts.isEmpty)
            #expect(desk.article.text == Self.reads(word))
            switch (desk.state(ofSuggestion: id), take) {
            case (.accepted, "A"), (.accepted, "B"), (.rejected, "C"), (.open, "base"): break
            case (let state, _): Issue.record("\(take) leaves it \(state)")
            }
            #expect(
                desk.annotations.entity(id)?.register(.verdict).value
                    == (take == "C" ? .rejected : .open))
        }
    }

    @Test(arguments: [("A", 0), ("B", 1), ("base", nil), ("merged", nil)])
    func `each choice among overlapping suggestions`(take: String, kept: Int?) throws {
        var table = try Table(3, Self.text)
        let ids = [try table.suggest(0, 6..<15, "show"), try table.suggest(1, 12..<21, "a river")]
        try table.meet()
        try table.edit(0, 6..<15, "show", accepts: ids[0])
        try table.edit(1, 12..<21, "a river", accepts: ids[1])
        try table.meet()
        let both = table.people[0].article.text
        try table.answer(2, try table.onlyConflict(), take)
        try table.meet()
        let desk = table.people[0]
        #expect(desk.conflicts.isEmpty)
        let texts = [
            "A": "Walls show water to climb. Rivers do not ask.",
            "B": "Walls teach a river to climb. Rivers do not ask.", "base": Self.text,
            "merged": both,
        ]
        #expect(desk.article.text == texts[take])
        for (index, id) in ids.enumerated() {
            switch desk.state(ofSuggestion: id) {
            case .accepted: #expect(index == kept || take == "merged")
            case .rejected: #expect(kept != nil && index != kept)
            case .open: #expect(take == "base")
            }
        }
    }

    @Test func `a choice leaves what does not compete with it`() throws {
        var table = try Table(3, Self.text)
        let ids = [
            try table.suggest(0, 0..<11, "Dams show"), try table.suggest(0, 6..<15, "give"),
            try table.suggest(0, 12..<21, "a river"),
        ]
        try table.meet()
        try table.edit(0, 0..<11, "Dams show", accepts: ids[0])
        try table.edit(1, 6..<15, "give", accepts: ids[1])
        try table.edit(2, 12..<21, "a river", accepts: ids[2])
        try table.meet()
        try table.answer(0, try table.onlyConflict(), "A")
        try table.meet()
        #expect(table.people[1].article.text == "Dams show a river to climb. Rivers do not ask.")
        #expect(table.people[1].state(ofSuggestion: ids[1]) == .rejected)
        #expect(table.people[1].conflicts.isEmpty)
    }

    // MARK: What opens one again

    @Test func `a third wording that comes late asks again`() throws {
        var (table, id) = try Self.desk(3)
        try table.edit(2, 6..<11, "let", accepts: id)
        let late = table.people[2]
        table.people[2] = table.people[1]
        try table.edit(0, 6..<11, "show", accepts: id)
        try table.edit(1, 6..<11, "tell", accepts: id)
        try table.meet()
        let first = try table.onlyConflict()
        try table.answer(0, first, "B")
        try table.meet()
        #expect(table.people[1].conflicts.isEmpty)
        table.people[2] = late
        try table.meet()
        let second = try table.onlyConflict()
        #expect(second.id != first.id)
        #expect(second.versions.map(\.content) == ["accepted: tell", "accepted: let"])
    }

    @Test func `an acceptance that is taken back leaves the suggestion open`() throws {
        var (table, id) = try Self.desk(2)
        let accepted = try table.edit(0, 6..<11, "show", accepts: id)
        try table.edit(1, 6..<11, "tell", accepts: id)
        try table.meet()
        let conflict = try table.onlyConflict()
        let undoing = try table.commitToArticle(
            0, table.people[0].article.inverse(of: [accepted]))
        try table.meet()
        #expect(table.people[1].conflicts.isEmpty)
        #expect(table.people[1].article.text == Self.reads("tell"))
        try table.commitToArticle(1, table.people[1].article.inverse(of: [undoing]))
        try table.meet()
        #expect(try table.onlyConflict() == conflict)
    }

    @Test func `a choice that is none, and an answer by its letter, are told apart`() throws {
        var (table, id) = try Self.desk(2)
        try table.edit(0, 6..<11, "show", accepts: id)
        try table.write(1, .rejected, to: .verdict, of: id)
        try table.meet()
        let desk = table.people[0]
        let conflict = try table.onlyConflict()
        for take in ["", "a", "C", "AA", "keep", "ZZZZZ"] {
            #expect(desk.settlement(of: conflict, taking: take) == nil, "\(take)")
        }
        for index in [0, 1, 25, 26, 701, 702] {
            #expect(Conflict.index(ofLetter: Conflict.letter(index)) == index)
        }
    }

    @Test func `only who may decide may settle decisions`() throws {
        var (table, id) = try Self.desk(2)
        try table.edit(0, 6..<11, "show", accepts: id)
        try table.write(1, .rejected, to: .verdict, of: id)
        try table.meet()
        let change = try table.answer(0, try table.onlyConflict(), taking: 1)
        #expect(
            Permission.leastRole(for: change, to: .annotations, isOwn: { _ in true }) == .editor)
    }
}

import GlossCore
import TestSupport
import Testing

/// One conflict settled differently by several people.
@Suite struct ResolutionTests {
    private static let text = "Walls teach the water to climb. Rivers do not ask."

    /// Two people with two titles, and what that asks.
    private static func titles(_ count: Int) throws -> (table: Table, conflict: Conflict) {
        var table = try Table(count, text)
        for (person, title) in ["Dams", "Rivers"].enumerated() {
            let write = table.people[person].article.write(.text(title), to: .title)
            try table.commitToArticle(person, [write])
        }
        try table.meet()
        return (table, try table.onlyConflict())
    }

    private static func words(_ count: Int) throws -> (table: Table, conflict: Conflict) {
        var table = try Table(count, text)
        try table.edit(0, 6..<11, "show")
        try table.edit(1, 6..<11, "tell")
        try table.meet()
        return (table, try table.onlyConflict())
    }

    private static func wordings(
        _ count: Int
    ) throws -> (table: Table, conflict: Conflict, id: OpID) {
        var table = try Table(count, text)
        let id = try table.suggest(0, 6..<11, "show")
        try table.meet()
        try table.edit(0, 6..<11, "show", accepts: id)
        try table.edit(1, 6..<11, "tell", accepts: id)
        try table.meet()
        return (table, try table.onlyConflict(), id)
    }

    private static func loose(
        _ count: Int
    ) throws -> (table: Table, conflict: Conflict, note: OpID) {
        var table = try Table(count, text)
        let note = try table.note(0, 6..<11, "teach?")
        try table.edit(0, 5..<11, "")
        try table.meet()
        return (table, try table.onlyConflict(), note)
    }

    // MARK: Values

    @Test func `two answers to a field are one question, and a third settles both`() throws {
        var (table, conflict) = try Self.titles(3)
        for person in 0..<2 { try table.answer(person, conflict, taking: person) }
        try table.meet()
        let second = try table.onlyConflict()
        #expect(second.kind == .resolution && second.subject == .field(.title))
        #expect(second.base == nil && second.versions.map(\.content) == ["Dams", "Rivers"])
        #expect(second.shown == "Rivers")
        try table.answer(2, second, taking: 0)
        try table.meet()
        #expect(table.people[1].conflicts.isEmpty)
        #expect(table.people[1].article.register(.title).value == .text("Dams"))
    }

    @Test func `two equal answers are one answer`() throws {
        var (table, conflict) = try Self.titles(2)
        for person in 0..<2 { try table.answer(person, conflict, taking: 1) }
        try table.meet()
        #expect(table.people[0].conflicts.isEmpty)
        var (other, words) = try Self.words(2)
        for person in 0..<2 { try other.answer(person, words, taking: 1) }
        try other.meet()
        #expect(other.people[0].conflicts.isEmpty)
    }

    @Test func `a late value joins two answers as a third value`() throws {
        var (table, _) = try Self.titles(3)
        let late = table.people[2]
        table.people[2] = table.people[1]
        let conflict = try table.onlyConflict()
        for person in 0..<2 { try table.answer(person, conflict, taking: person) }
        table.people[2] = late
        try table.commitToArticle(2, [late.article.write(.text("Water"), to: .title)])
        try table.meet()
        let second = try table.onlyConflict()
        #expect(second.kind == .value && second.versions.count == 3)
    }

    @Test func `kept here and withdrawn there is asked again`() throws {
        var table = try Table(3, Self.text)
        let note = try table.note(0, 6..<11, "teach?")
        try table.meet()
        try table.write(0, .withdrawn, to: .life, of: note)
        try table.commit(1, .reply(NewReply(annotation: note, body: "fine")))
        try table.meet()
        let conflict = try table.onlyConflict()
        for person in 0..<2 { try table.answer(person, conflict, taking: person) }
        try table.meet()
        let second = try table.onlyConflict()
        #expect(second.kind == .resolution && second.subject == .entityField(note, .life))
        #expect(Set(second.versions.map(\.content)) == ["active", "withdrawn"])
        try table.answer(2, second, taking: 0)
        try table.meet()
        #expect(table.people[0].conflicts.isEmpty)
    }

    // MARK: Text

    @Test func `two answers about the text are one question, with what each left`() throws {
        var (table, conflict) = try Self.words(3)
        // The merge reads "showtell" or "tellshow".
        let merged = table.people[0].article.text
        let isShowFirst = merged.hasPrefix("Walls show")
        try table.settle(0, conflict, editing: isShowFirst ? 10..<14 : 6..<10)
        try table.settle(1, conflict, editing: isShowFirst ? 6..<10 : 10..<14)
        try table.meet()
        let second = try table.onlyConflict()
        #expect(second.kind == .resolution && second.base == "Walls teach the water to climb.")
        #expect(
            second.versions.map(\.content) == [
                "Walls show the water to climb.", "Walls tell the water to climb.",
            ])
        #expect(second.shown == "Walls  the water to climb.")
        try table.answer(2, second, taking: 1)
        try table.meet()
        #expect(table.people[0].conflicts.isEmpty)
    }

    @Test func `an answer taken back leaves the other one`() throws {
        var (table, conflict) = try Self.words(2)
        try table.answer(0, conflict, taking: 0)
        let answer = try table.answer(1, conflict, taking: 1)
        try table.meet()
        #expect(try table.onlyConflict().kind == .resolution)
        try table.commitToArticle(1, table.people[1].article.inverse(of: [answer]))
        try table.meet()
        #expect(table.people[0].conflicts.isEmpty)
    }

    // MARK: Verdicts

    @Test(arguments: [("A", "show"), ("B", "tell"), ("base", "teach")])
    func `two answers about wordings, and each way to settle them`(
        take: String, word: String
    ) throws {
        var (table, conflict, id) = try Self.wordings(4)
        try table.answer(0, conflict, "A", why: "as proposed")
        try table.answer(1, conflict, "B")
        try table.answer(3, conflict, "B")
        try table.meet()
        let second = try table.onlyConflict()
        #expect(second.kind == .resolution && second.subject == .suggestions([id]))
        #expect(second.base == "teach")
        let versions = ["accepted: show", "accepted: tell"]
        #expect(Set(second.versions.map(\.content)) == Set(versions))
        #expect(second.settles.count == 3)
        let letter = second.versions.firstIndex { $0.content == "accepted: \(word)" }
        try table.answer(2, second, letter.map { Conflict.letter($0) } ?? take)
        try table.meet()
        #expect(table.people[0].conflicts.isEmpty)
        #expect(
            table.people[0].article.text == "Walls \(word) the water to climb. Rivers do not ask.")
    }

    @Test func `accepted by one answer and rejected by the other is asked again`() throws {
        var table = try Table(2, Self.text)
        let id = try table.suggest(0, 6..<11, "show")
        try table.meet()
        try table.edit(0, 6..<11, "show", accepts: id)
        try table.write(1, .rejected, to: .verdict, of: id)
        try table.meet()
        let conflict = try table.onlyConflict()
        try table.answer(0, conflict, "A")
        try table.answer(1, conflict, "B")
        try table.meet()
        let second = try table.onlyConflict()
        #expect(Set(second.versions.map(\.content)) == ["accepted: show", "rejected"])
        let index = try #require(second.versions.firstIndex { $0.content == "rejected" })
        try table.answer(1, second, taking: index)
        try table.meet()
        #expect(table.people[0].conflicts.isEmpty)
        #expect(table.people[0].state(ofSuggestion: id) == .rejected)
        #expect(table.people[0].article.text == Self.text)
    }

    @Test func `a third answer that comes late asks again, and a fourth settles all`() throws {
        var (table, conflict, _) = try Self.wordings(3)
        try table.answer(2, conflict, "base")
        let late = table.people[2]
        table.people[2] = table.people[1]
        try table.answer(0, conflict, "A")
        try table.answer(1, conflict, "B")
        try table.meet()
        let second = try table.onlyConflict()
        try table.answer(0, second, taking: 0)
        try table.meet()
        #expect(table.people[1].conflicts.isEmpty)
        table.people[2] = late
        try table.meet()
        let third = try table.onlyConflict()
        #expect(third.kind == .resolution && third.id != second.id && third.versions.count == 2)
        #expect(third.versions.map(\.content).contains("base"))
        try table.answer(2, third, taking: 1)
        try table.meet()
        #expect(table.people[0].conflicts.isEmpty)
    }

    @Test func `answers to answers that differ are asked until two agree`() throws {
        var (table, conflict, _) = try Self.wordings(2)
        var asked: Set<ConflictID> = [conflict.id]
        var open = conflict
        for _ in 0..<4 {
            try table.answer(0, open, taking: 0)
            try table.answer(1, open, taking: 1)
            try table.meet()
            open = try table.onlyConflict()
            #expect(open.kind == .resolution && asked.insert(open.id).inserted)
            #expect(
                Set(open.versions.map(\.content)) == ["accepted: show", "accepted: tell"])
        }
        for person in 0..<2 { try table.answer(person, open, taking: 1) }
        try table.meet()
        #expect(table.people[0].conflicts.isEmpty)
        let word = open.versions[1].content == "accepted: show" ? "show" : "tell"
        #expect(table.people[0].article.text.hasPrefix("Walls \(word) the"))
    }

    // MARK: Writes

    /// Each write replaces both values without a resolution, as other programs may do.
    @Test func `two who write over a contested title have both answered, everywhere`() throws {
        var table = try Table(2, "Walls teach the water to climb.")
        for (person, title) in ["Dams", "Walls"].enumerated() {
            let write = table.people[person].article.write(.text(title), to: .title)
            try table.commitToArticle(person, [write])
        }
        try table.meet()
        let question = try table.onlyConflict()
        for person in 0..<2 {
            let write = table.people[person].article.write(.text("Rivers"), to: .title)
            try table.commitToArticle(person, [write])
        }
        try table.meet()
        let settled = table.people.map(\.settledConflicts)
        #expect(settled[0] == settled[1])
        #expect(settled[0].map(\.conflict.id) == [question.id])
        #expect(settled[0].first?.answers.count == 2)
    }

    // MARK: Anchors

    @Test(arguments: [0, 1])
    func `a loose note done here and left there is asked again`(version: Int) throws {
        var (table, conflict, note) = try Self.loose(3)
        let done = Resolution(
            conflict: conflict.id, kind: .anchor, settles: conflict.settles, take: "done")
        let loose = Resolution(
            conflict: conflict.id, kind: .anchor, settles: conflict.settles, take: "loose")
        try table.write(0, .done, to: .status, of: note)
        try table.commit(0, .resolve(done))
        try table.commit(1, .resolve(loose))
        try table.meet()
        let second = try table.onlyConflict()
        #expect(second.kind == .resolution && second.subject == .entity(note))
        #expect(Set(second.versions.map(\.content)) == ["done", "loose"])
        try table.answer(2, second, taking: version)
        try table.meet()
        #expect(table.people[0].conflicts.isEmpty)
        let isDone = second.versions[version].content == "done"
        #expect(
            table.people[0].annotations.entity(note)?.register(.status).value
                == (isDone ? .done : .open))
    }
}

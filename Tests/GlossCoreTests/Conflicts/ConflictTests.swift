import GlossCore
import Testing

/// Two people with an article and its annotation set each.
private struct Desk {
    var mira: AnnotatedArticle
    var jo: AnnotatedArticle
    let m = Author(agent: AgentID(rawValue: 0xa), time: 1)
    let j = Author(agent: AgentID(rawValue: 0xb), time: 2)

    init(_ text: String) throws {
        let id = DocumentID(high: 1, low: 2)
        mira = AnnotatedArticle(
            article: Replica(id: id), annotations: Replica(id: id.annotations))
        _ = try mira.article.edit([TextEdit(0..<0, text)], by: m)
        jo = mira
    }

    mutating func sync() throws {
        for change in mira.article.log.entries.map(\.change) { try jo.article.integrate(change) }
        for change in jo.article.log.entries.map(\.change) { try mira.article.integrate(change) }
        for change in mira.annotations.log.entries.map(\.change) {
            try jo.annotations.integrate(change)
        }
        for change in jo.annotations.log.entries.map(\.change) {
            try mira.annotations.integrate(change)
        }
        #expect(mira.article.text == jo.article.text)
        #expect(mira.article.stateChecksum == jo.article.stateChecksum)
        #expect(mira.annotations.stateChecksum == jo.annotations.stateChecksum)
        #expect(mira.conflicts == jo.conflicts)
    }

    mutating func miraNotes(_ range: Range<Int>, _ body: String) throws -> OpID {
        let note = NewAnnotation(
            kind: .note, target: mira.article.target(at: range), body: body)
        return try mira.annotations.commit([.annotate(note)], by: m).id
    }
}

@Suite struct ConflictTests {
    @Test func `two people change the same words, and both see the same question`() throws {
        var desk = try Desk("Walls teach the water to climb. Rivers do not ask.")
        _ = try desk.mira.article.edit([TextEdit(6..<11, "show")], by: desk.m)
        _ = try desk.jo.article.edit([TextEdit(6..<11, "tell")], by: desk.j)
        try desk.sync()
        let conflict = try #require(desk.jo.conflicts.first)
        #expect(desk.jo.conflicts.count == 1)
        #expect(conflict.kind == .text)
        #expect(conflict.base == "Walls teach the water to climb.")
        #expect(
            conflict.versions.map(\.content) == [
                "Walls show the water to climb.", "Walls tell the water to climb.",
            ])
        let answer = Resolution(
            conflict: conflict.id, kind: .text, settles: conflict.settles, take: "merged")
        _ = try desk.jo.article.commit([.resolve(answer)], by: desk.j)
        try desk.sync()
        #expect(desk.mira.conflicts.isEmpty)
    }

    @Test func `edits in different words, or the same edit twice, are no conflict`() throws {
        var desk = try Desk("Walls teach the water to climb.")
        _ = try desk.mira.article.edit([TextEdit(0..<5, "Dams")], by: desk.m)
        _ = try desk.jo.article.edit([TextEdit(6..<11, "tell")], by: desk.j)
        try desk.sync()
        #expect(desk.mira.conflicts.isEmpty)
        _ = try desk.mira.article.edit([TextEdit(0..<4, "")], by: desk.m)
        _ = try desk.jo.article.edit([TextEdit(0..<4, "")], by: desk.j)
        try desk.sync()
        #expect(desk.mira.conflicts.isEmpty)
        #expect(desk.mira.article.text == " tell the water to climb.")
    }

    @Test func `a note changed on both sides keeps both texts until someone chooses`() throws {
        var desk = try Desk("Walls teach the water to climb.")
        let note = try desk.miraNotes(6..<11, "teach?")
        try desk.sync()
        _ = try desk.mira.annotations.commit(
            [desk.mira.annotations.write(.text("say?"), to: .body, of: note)], by: desk.m)
        _ = try desk.jo.annotations.commit(
            [desk.jo.annotations.write(.text("show?"), to: .body, of: note)], by: desk.j)
        try desk.sync()
        let conflict = try #require(desk.mira.conflicts.first)
        #expect(conflict.kind == .value && conflict.base == "teach?")
        #expect(conflict.versions.map(\.content) == ["say?", "show?"])
        _ = try desk.mira.annotations.commit(
            [desk.mira.annotations.write(.text("say?"), to: .body, of: note)], by: desk.m)
        try desk.sync()
        #expect(desk.jo.conflicts.isEmpty)
        #expect(desk.jo.annotations.entity(note)?.text(.body) == "say?")
    }

    @Test func `taking an answer back asks the question again`() throws {
        var desk = try Desk("Walls teach the water to climb.")
        let note = try desk.miraNotes(6..<11, "teach?")
        try desk.sync()
        _ = try desk.mira.annotations.commit(
            [desk.mira.annotations.write(.text("say?"), to: .body, of: note)], by: desk.m)
        _ = try desk.jo.annotations.commit(
            [desk.jo.annotations.write(.text("show?"), to: .body, of: note)], by: desk.j)
        try desk.sync()
        let answer = try desk.mira.annotations.commit(
            [desk.mira.annotations.write(.text("say?"), to: .body, of: note)], by: desk.m)
        let undoing = try desk.mira.annotations.commit(
            desk.mira.annotations.inverse(of: [answer]), by: desk.m)
        try desk.sync()
        #expect(desk.jo.conflicts.map { $0.versions.map(\.content) } == [["say?", "show?"]])
        _ = try desk.jo.annotations.commit(
            desk.jo.annotations.inverse(of: [undoing]), by: desk.j)
        try desk.sync()
        #expect(desk.mira.conflicts.isEmpty)
        #expect(desk.mira.annotations.entity(note)?.text(.body) == "say?")
    }

    @Test func `a note withdrawn here and answered there is kept and marked`() throws {
        var desk = try Desk("Walls teach the water to climb.")
        let note = try desk.miraNotes(6..<11, "teach?")
        try desk.sync()
        _ = try desk.mira.annotations.commit(
            [desk.mira.annotations.write(.withdrawn, to: .life, of: note)], by: desk.m)
        _ = try desk.jo.annotations.commit(
            [.reply(NewReply(annotation: note, body: "fine as is"))], by: desk.j)
        try desk.sync()
        #expect(!desk.mira.annotations.isGone(note))
        let conflict = try #require(desk.mira.conflicts.first)
        #expect(conflict.kind == .deleteEdit && conflict.versions.count == 2)
        _ = try desk.jo.annotations.commit(
            [desk.jo.annotations.write(.withdrawn, to: .life, of: note)], by: desk.j)
        try desk.sync()
        #expect(desk.mira.conflicts.isEmpty && desk.mira.annotations.isGone(note))
    }

    @Test func `a note whose words are gone is listed where it stood`() throws {
        var desk = try Desk("Walls teach the water to climb.")
        let note = try desk.miraNotes(6..<11, "teach?")
        let cut = try #require(try desk.mira.article.edit([TextEdit(5..<11, "")], by: desk.m))
        try desk.sync()
        let conflict = try #require(desk.mira.conflicts.first)
        #expect(conflict.kind == .anchor && conflict.base == "teach")
        let entity = try #require(desk.mira.annotations.entity(note))
        #expect(
            desk.mira.placement(of: entity, in: desk.mira.article.textIndex)
                == Placement(state: .collapsed, ranges: [5..<5], coverage: 0))
        _ = try desk.mira.article.commit(desk.mira.article.inverse(of: [cut]), by: desk.m)
        try desk.sync()
        #expect(desk.mira.conflicts.isEmpty)
        #expect(
            desk.mira.placement(of: entity, in: desk.mira.article.textIndex)
                == Placement(state: .anchored, ranges: [6..<11], coverage: 1))
    }

    @Test func `a correction carries the note to the new words`() throws {
        var desk = try Desk("Walls teach the water to climb.")
        let note = try desk.miraNotes(6..<11, "teach?")
        _ = try desk.mira.article.edit([TextEdit(6..<11, "show")], by: desk.m)
        let entity = try #require(desk.mira.annotations.entity(note))
        #expect(
            desk.mira.placement(of: entity, in: desk.mira.article.textIndex)
                == Placement(state: .rewritten, ranges: [6..<10], coverage: 0))
    }

    @Test func `a suggestion accepted on both sides is in the text once`() throws {
        var desk = try Desk("Walls teach the water to climb.")
        let target = desk.mira.article.target(at: 6..<11)
        let suggestion = NewAnnotation(
            kind: .suggestion, target: target, body: "", proposal: "show")
        let id = try desk.mira.annotations.commit([.annotate(suggestion)], by: desk.m).id
        try desk.sync()
        _ = try desk.mira.article.edit([TextEdit(6..<11, "show")], by: desk.m, accepts: id)
        _ = try desk.jo.article.edit([TextEdit(6..<11, "show")], by: desk.j, accepts: id)
        try desk.sync()
        #expect(desk.jo.article.text == "Walls show the water to climb.")
        #expect(desk.jo.conflicts.isEmpty)
        #expect(
            desk.jo.state(ofSuggestion: id)
                == .accepted(by: desk.jo.article.liveAcceptances(of: id)))
    }
}

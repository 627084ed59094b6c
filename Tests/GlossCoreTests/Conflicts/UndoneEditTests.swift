import GlossCore
import Testing

/// What is undone disagrees with nobody, and what is redone does so again.
@Suite struct UndoneEditTests {
    private let article = DocumentID(high: 1, low: 2)
    private let mira = Author(agent: AgentID(rawValue: 0xa), time: 1)
    private let jo = Author(agent: AgentID(rawValue: 0xb), time: 2)

    private func exchange(_ left: inout Replica, _ right: inout Replica) throws {
        for entry in left.log.entries { try right.integrate(entry.change) }
        for entry in right.log.entries { try left.integrate(entry.change) }
        #expect(left.conflicts == right.conflicts)
    }

    @Test func `an edit that its author undid before anyone saw it is no question`() throws {
        var ours = Replica(id: article)
        _ = try ours.edit([TextEdit(0..<0, "Walls teach the water.")], by: mira)
        var theirs = ours
        let edit = try #require(try ours.edit([TextEdit(6..<11, "show")], by: mira))
        let undoing = try ours.commit(ours.inverse(of: [edit]), by: mira)
        _ = try theirs.edit([TextEdit(6..<11, "tell")], by: jo)
        try exchange(&ours, &theirs)
        #expect(ours.conflicts.isEmpty)
        #expect(ours.text == "Walls tell the water.")
        _ = try ours.commit(ours.inverse(of: [undoing]), by: mira)
        try exchange(&ours, &theirs)
        #expect(ours.conflicts.map(\.kind) == [.text])
    }

    @Test func `words brought back beside a concurrent edit ask for a look`() throws {
        var ours = Replica(id: article)
        _ = try ours.edit([TextEdit(0..<0, "Rivers go on.")], by: mira)
        let added = try #require(try ours.edit([TextEdit(12..<12, " now")], by: mira))
        let undoing = try ours.commit(ours.inverse(of: [added]), by: mira)
        var theirs = ours
        _ = try ours.commit(ours.inverse(of: [undoing]), by: mira)
        _ = try theirs.edit([TextEdit(12..<12, " never")], by: jo)
        try exchange(&ours, &theirs)
        #expect(ours.conflicts.map(\.kind) == [.text])
    }

    @Test func `words hidden by undoing their insertion say who did it`() throws {
        var content = AnnotatedArticle(
            article: Replica(id: article), annotations: Replica(id: article.annotations))
        _ = try content.article.edit([TextEdit(0..<0, "Rivers go on.")], by: mira)
        let added = try #require(try content.article.edit([TextEdit(12..<12, " now")], by: mira))
        let note = NewAnnotation(
            kind: .note, target: content.article.target(at: 13..<16), body: "now?")
        _ = try content.annotations.commit([.annotate(note)], by: jo)
        let undoing = try content.article.commit(content.article.inverse(of: [added]), by: mira)
        #expect(content.conflicts.map(\.versions[1].operations) == [[undoing.id]])
    }

    @Test func `a note does not count what was cut before it was made`() throws {
        var content = AnnotatedArticle(
            article: Replica(id: article), annotations: Replica(id: article.annotations))
        _ = try content.article.edit([TextEdit(0..<0, "aXb")], by: mira)
        let cut = try #require(try content.article.edit([TextEdit(1..<2, "")], by: mira))
        let note = NewAnnotation(kind: .note, target: content.article.target(at: 0..<2), body: "")
        let id = try content.annotations.commit([.annotate(note)], by: jo).id
        let gone = try #require(try content.article.edit([TextEdit(0..<2, "")], by: mira))
        #expect(content.conflicts.map(\.versions[1].operations) == [[gone.id]])
        _ = try content.article.commit(content.article.inverse(of: [cut]), by: mira)
        let entity = try #require(content.annotations.entity(id))
        let placement = content.placement(of: entity, in: content.article.textIndex)
        #expect(placement.state != .partial && placement.coverage == 0)
    }
}

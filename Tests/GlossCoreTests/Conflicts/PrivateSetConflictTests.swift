import GlossCore
import Testing

/// Questions about an article beside the user's private annotation set.
@Suite struct PrivateSetConflictTests {
    private let author = Author(agent: AgentID(rawValue: 0xf0), time: 1)

    /// Somebody's own set of the article of a table, with what is in it.
    private func privately(_ table: Table, _ ops: [[Op]] = []) throws -> AnnotatedArticle {
        var set = Replica(id: .privateSet(high: 1, low: 2))
        for ops in ops { _ = try set.commit(ops, by: author) }
        return AnnotatedArticle(article: table.people[0].article, annotations: set)
    }

    @Test func `What the article asks by itself, and acceptances do, is asked with the shared set`()
        throws
    {
        var table = try Table(2, "Walls teach the water to climb.")
        let suggestion = try table.suggest(0, 6..<11, "show")
        let other = try table.suggest(0, 6..<15, "tell a")
        try table.meet()
        try table.edit(0, 6..<11, "show", accepts: suggestion)
        try table.edit(1, 6..<15, "tell a", accepts: other)
        try table.edit(0, 0..<5, "Dams")
        try table.edit(1, 0..<5, "Dykes")
        try table.meet()
        #expect(table.people[0].conflicts.map(\.kind).contains(.verdict))
        #expect(table.people[0].conflicts.map(\.kind).contains(.text))
        #expect(try privately(table).conflicts.isEmpty)
        #expect(try privately(table).settledConflicts.isEmpty)
    }

    @Test func `What is about the notes in it is asked with it`() throws {
        var table = try Table(2, "Walls teach the water to climb.")
        let words = table.people[0].article
        let note = NewAnnotation(kind: .note, target: words.target(at: 6..<11), body: "teach?")
        let proposal = NewAnnotation(
            kind: .suggestion, target: words.target(at: 0..<5), body: "", proposal: "Dams")
        let suggestion = OpID(agent: author.agent, seq: 1)
        try table.edit(0, 6..<12, "")
        try table.edit(0, 0..<5, "Dams", accepts: suggestion)
        let content = try privately(
            table,
            [
                [.annotate(note)], [.annotate(proposal)],
                [
                    .write(
                        Write(entity: suggestion, field: .verdict, value: .rejected, replaces: []))
                ],
            ])
        #expect(Set(content.conflicts.map(\.kind)) == [.anchor, .verdict])
        #expect(content.conflicts.allSatisfy { $0.document == content.annotations.id })
    }
}

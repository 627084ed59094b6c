import GlossCore
import TestSupport
import Testing

/// Checks know when the words they were given on are others.
@Suite struct CheckTests {
    private static let text = "Walls hold. In 1953 the dike broke. Rivers do not ask."
    /// “1953”
    private static let year = 15..<19
    private static let archive = Check.Evidence(source: "Archive", page: "12")

    /// Two people with a claim on the year.
    private func claim() throws -> (table: Table, id: OpID) {
        var table = try Table(2, Self.text)
        let id = try table.claim(0, Self.year)
        try table.meet()
        return (table, id)
    }

    private func standing(_ id: OpID, _ desk: AnnotatedArticle) throws -> CheckStanding {
        let entity = try #require(desk.annotations.entity(id))
        return desk.standing(ofCheckOn: entity, in: desk.article.textIndex)
    }

    private func state(_ id: OpID, _ desk: AnnotatedArticle) throws -> CheckStanding.State {
        try standing(id, desk).state
    }

    @Test func `words are unchecked, then checked, then others, and the same again`() throws {
        var (table, id) = try claim()
        #expect(try state(id, table.people[0]) == .unchecked)
        try table.check(1, id, .confirmed, [Self.archive])
        try table.meet()
        #expect(try standing(id, table.people[0]).isConfirmed)
        let change = try table.edit(0, Self.year, "1954")
        let stale = try standing(id, table.people[0])
        #expect(stale.state == .stale && !stale.isConfirmed)
        #expect(stale.check?.target.quote.exact == "1953" && stale.words == "1954")
        try table.commitToArticle(0, table.people[0].article.inverse(of: [change]))
        #expect(try state(id, table.people[0]) == .fresh)
        let gone = try table.edit(0, Self.year, "")
        #expect(try standing(id, table.people[0]).words == "")
        #expect(try state(id, table.people[0]) == .stale)
        try table.commitToArticle(0, table.people[0].article.inverse(of: [gone]))
        #expect(try state(id, table.people[0]) == .fresh)
    }

    @Test func `what is typed inside the words makes a check stale, beside them it does not`()
        throws
    {
        var (table, id) = try claim()
        try table.check(0, id, .wrong)
        try table.edit(0, 15..<15, "June ")
        try table.edit(0, 24..<24, ",")
        #expect(table.people[0].article.text.contains("In June 1953, the"))
        #expect(try state(id, table.people[0]) == .fresh)
        try table.edit(0, 22..<22, " ")
        #expect(try standing(id, table.people[0]).words == "19 53")
        #expect(try state(id, table.people[0]) == .stale)
    }

    @Test func `words that come back at the edges of a note make its check stale`() throws {
        var table = try Table(1, Self.text)
        let id = try table.claim(0, 12..<28)
        let gone = try table.edit(0, 19..<28, "")
        try table.check(0, id, .confirmed)
        #expect(try standing(id, table.people[0]).check?.target.quote.exact == "In 1953")
        #expect(try state(id, table.people[0]) == .fresh)
        try table.commitToArticle(0, table.people[0].article.inverse(of: [gone]))
        #expect(try standing(id, table.people[0]).words == "In 1953 the dike")
        #expect(try state(id, table.people[0]) == .stale)
    }

    @Test func `words rewritten at an edge, checked and then moved are those that were checked`()
        throws
    {
        var table = try Table(1, Self.text)
        let id = try table.claim(0, 15..<28)
        try table.edit(0, 15..<19, "1954")
        try table.check(0, id, .confirmed)
        #expect(try standing(id, table.people[0]).check?.target.quote.exact == "1954 the dike")
        try table.move(0, 12..<36, to: 0)
        #expect(try state(id, table.people[0]) == .fresh)
    }

    @Test func `text that is moved whole leaves a check fresh, torn apart it does not`() throws {
        var table = try Table(1, Self.text)
        let sentence = 12..<36
        let id = try table.claim(0, sentence)
        try table.check(0, id, .confirmed)
        let words = try standing(id, table.people[0]).words
        try table.move(0, sentence, to: 0)
        #expect(table.people[0].article.text.hasPrefix("In 1953"))
        #expect(try standing(id, table.people[0]).words == words)
        #expect(try state(id, table.people[0]) == .fresh)
        try table.move(0, 8..<17, to: table.people[0].article.textCount)
        #expect(try state(id, table.people[0]) == .stale)
        try table.check(0, id, .confirmed)
        let apart = try standing(id, table.people[0])
        #expect(apart.state == .fresh && apart.words.contains(" … "))
        #expect(apart.check?.target.ranges.count == 2)
    }

    @Test func `a note that is put on other words needs another check, until it is put back`()
        throws
    {
        var (table, id) = try claim()
        try table.check(0, id, .confirmed)
        try table.meet()
        let target = table.people[1].article.target(at: 0..<5)
        let change = try table.write(1, .target(target), to: .target, of: id)
        #expect(try state(id, table.people[1]) == .stale)
        #expect(try standing(id, table.people[1]).words == "Walls")
        let inverse = table.people[1].annotations.inverse(of: [change])
        for op in inverse { try table.commit(1, op) }
        #expect(try state(id, table.people[1]) == .fresh)
        try table.write(1, .target(target), to: .target, of: id)
        try table.check(1, id, .unproven)
        #expect(try state(id, table.people[1]) == .fresh)
        try table.meet()
        #expect(try standing(id, table.people[0]).check?.verdict == .unproven)
    }

    @Test func `a check and an attachment that knew nothing of each other leave it stale`() throws {
        var (table, id) = try claim()
        try table.check(0, id, .confirmed)
        let target = table.people[1].article.target(at: 0..<5)
        try table.write(1, .target(target), to: .target, of: id)
        try table.meet()
        #expect(try state(id, table.people[0]) == .stale)
    }

    @Test func `in every order that changes may come in, a check stands alike`() throws {
        var (table, id) = try claim()
        try table.check(0, id, .confirmed, [Self.archive])
        try table.move(1, 12..<36, to: 0)
        let edit = try table.edit(1, 3..<7, "1954")
        try table.meet()
        #expect(try standing(id, table.people[0]).words == "1954")
        try table.commitToArticle(0, table.people[0].article.inverse(of: [edit]))
        try table.check(1, id, .wrong)
        try table.meet()
        let article = table.people[0].article.log.entries.map(\.change)
        let set = table.people[0].annotations.log.entries.map(\.change)
        let whole = try standing(id, table.people[0])
        #expect(whole.state != .unchecked && article.count == 4 && set.count == 3)
        for order in article.permutations() {
            for other in set.permutations() {
                var desk = AnnotatedArticle(
                    article: Replica(id: table.people[0].article.id),
                    annotations: Replica(id: table.people[0].annotations.id))
                for change in order { try desk.article.integrate(change) }
                for change in other { try desk.annotations.integrate(change) }
                #expect(try standing(id, desk) == whole)
            }
        }
    }

    @Test func `different verdicts at a time are one question, equal checks are none`() throws {
        var (table, id) = try claim()
        try table.check(0, id, .confirmed, [Self.archive])
        // Jo has seen another version of the article, and finds the same.
        try table.edit(1, 0..<5, "Dams")
        try table.check(1, id, .confirmed, [Self.archive])
        try table.meet()
        #expect(table.people[0].conflicts.isEmpty)

        try table.check(0, id, .wrong)
        try table.check(1, id, .misleading, [Self.archive], remark: "by a day")
        try table.meet()
        let conflict = try table.onlyConflict()
        #expect(conflict.kind == .value && conflict.subject == .entityField(id, .check))
        #expect(conflict.base == "confirmed on: 1953; Archive, p. 12")
        #expect(
            conflict.versions.map(\.content) == [
                "wrong on: 1953", "misleading on: 1953; Archive, p. 12; by a day",
            ])
        try table.answer(0, conflict, taking: 1)
        try table.meet()
        #expect(table.people[1].conflicts.isEmpty)
        #expect(try standing(id, table.people[1]).check?.verdict == .misleading)
    }

    @Test func `rewritten words that somebody has checked need no place for their note`() throws {
        var (table, id) = try claim()
        try table.edit(0, Self.year, "1954")
        #expect(table.people[0].conflicts.map(\.kind) == [.anchor])
        try table.check(0, id, .confirmed)
        #expect(table.people[0].conflicts.isEmpty)
        try table.edit(0, Self.year, "1955")
        #expect(try state(id, table.people[0]) == .stale)
        #expect(table.people[0].conflicts.map(\.kind) == [.anchor])
    }

    @Test func `a check is taken back like any write`() throws {
        var (table, id) = try claim()
        let first = try table.check(0, id, .confirmed)
        let second = try table.check(0, id, .wrong)
        try table.commit(0, try #require(table.people[0].annotations.inverse(of: [second]).first))
        #expect(try standing(id, table.people[0]).check?.verdict == .confirmed)
        let inverse = table.people[0].annotations.inverse(of: [first]) { $0.seq > second.seq }
        try table.commit(0, try #require(inverse.first))
        #expect(try state(id, table.people[0]) == .unchecked)
    }

    @Test func `a check whose text has not arrived is pending, one on the whole article fresh`()
        throws
    {
        var (table, id) = try claim()
        try table.edit(0, 0..<0, "So: ")
        try table.check(0, id, .confirmed)
        let late = AnnotatedArticle(
            article: table.people[1].article, annotations: table.people[0].annotations)
        #expect(try state(id, late) == .pending)
        var target = table.people[0].article.target(at: Self.year)
        target.ranges = []
        target.quote.exact = ""
        let whole = NewAnnotation(kind: .fact, target: target, body: "all of it")
        let other = try table.commit(0, .annotate(whole)).id
        let check = Check(verdict: .confirmed, target: target)
        try table.write(0, .check(check), to: .check, of: other)
        #expect(try state(other, table.people[0]) == .fresh)
    }

    @Test func `values of other kinds in the field are no check`() throws {
        var (table, id) = try claim()
        try table.write(0, .text("confirmed"), to: .check, of: id)
        #expect(try state(id, table.people[0]) == .unchecked)
        try table.check(0, id, Verdict(rawValue: "half true"))
        #expect(try standing(id, table.people[0]).check?.verdict.rawValue == "half true")
        #expect(try state(id, table.people[0]) == .fresh)
    }

    @Test func `checks are kept by the history and the snapshot`() throws {
        var (table, id) = try claim()
        let evidence = [
            Check.Evidence(source: "Film", time: "00:12:30"),
            Check.Evidence(link: "https://example.org/x"),
        ]
        try table.check(0, id, .unproven, evidence, remark: "see there")
        let known = table.people[0].annotations
        let twin = try Replica(id: known.id, changes: known.log.entries.map(\.change))
        #expect(twin.stateChecksum == known.stateChecksum)
        #expect(twin.entity(id)?.register(.check).value?.check?.evidence == evidence)
    }
}

extension Array {
    /// All orders of the elements.
    fileprivate func permutations() -> [[Element]] {
        guard count > 1 else { return [self] }
        return indices.flatMap { index in
            var rest = self
            let first = rest.remove(at: index)
            return rest.permutations().map { [first] + $0 }
        }
    }
}

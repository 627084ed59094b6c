import GlossCore
import Testing

/// Several people who make the same correction apart.
@Suite struct EqualEditTests {
    private static let text = "Wals tech the water to climb."

    private func words(_ note: OpID, _ person: AnnotatedArticle) throws -> String {
        let entity = try #require(person.annotations.entity(note))
        let placement = person.placement(of: entity, in: person.article.textIndex)
        #expect(placement.state == .anchored)
        let scalars = Array(person.article.text.unicodeScalars)
        return placement.ranges.map { String(String.UnicodeScalarView(scalars[$0])) }
            .joined(separator: "…")
    }

    @Test func `what both correct alike shows once and is no question`() throws {
        var table = try Table(2, Self.text)
        for person in 0..<2 {
            try table.edit(person, 2..<2, "l", isTagged: true)
            try table.edit(person, 6..<10, "teach", isTagged: true)
        }
        let notes = try [0, 1].map { try table.note($0, 6..<11, "better") }
        try table.meet()
        #expect(table.people[0].article.text == "Walls teach the water to climb.")
        #expect(table.people[0].conflicts.isEmpty)
        for note in notes { #expect(try words(note, table.people[1]) == "teach") }
    }

    @Test func `who takes the correction back leaves the other one standing`() throws {
        for person in 0..<2 {
            var table = try Table(2, Self.text)
            let edits = try [0, 1].map { try table.edit($0, 5..<9, "teach", isTagged: true) }
            let note = try table.note(person, 5..<10, "better")
            try table.meet()
            let inverse = table.people[person].article.inverse(of: [edits[person]])
            try table.commitToArticle(person, inverse)
            try table.meet()
            #expect(table.people[0].article.text == "Wals teach the water to climb.")
            #expect(table.people[0].conflicts.isEmpty)
            if person == 1 { #expect(try words(note, table.people[0]) == "teach") }
        }
    }

    @Test func `a correction with more to it than the other is a question`() throws {
        var table = try Table(2, Self.text)
        try table.edit(0, 5..<9, "teach", isTagged: true)
        try table.edit(1, 5..<9, "teaches", isTagged: true)
        try table.meet()
        #expect(try table.onlyConflict().kind == .text)
    }

    @Test func `what one goes on to change of it is a question`() throws {
        var table = try Table(2, Self.text)
        try table.edit(0, 5..<9, "teach", isTagged: true)
        try table.edit(1, 5..<9, "teach", isTagged: true)
        try table.edit(1, 5..<10, "show", isTagged: true)
        try table.meet()
        #expect(try table.onlyConflict().kind == .text)
    }

    @Test func `equal words without a tag stand twice and are a question`() throws {
        var table = try Table(2, Self.text)
        for person in 0..<2 { try table.edit(person, 5..<9, "teach") }
        try table.meet()
        #expect(table.people[0].article.text == "Wals teachteach the water to climb.")
        let conflict = try table.onlyConflict()
        #expect(conflict.kind == .text)
        #expect(Set(conflict.versions.map(\.content)) == ["Wals teach the water to climb."])
    }

    @Test func `equal deletions are no question`() throws {
        var table = try Table(2, Self.text)
        for person in 0..<2 { try table.edit(person, 4..<9, "") }
        try table.meet()
        #expect(table.people[0].article.text == "Wals the water to climb.")
        #expect(table.people[0].conflicts.isEmpty)
    }
}

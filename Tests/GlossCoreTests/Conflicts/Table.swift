import GlossCore
import TestSupport
import Testing

/// Several people with an article and its annotation set each, every one under agents of its own.
struct Table {
    var people: [AnnotatedArticle]

    init(_ count: Int, _ text: String) throws {
        let id = DocumentID(high: 1, low: 2)
        var desk = AnnotatedArticle(
            article: Replica(id: id), annotations: Replica(id: id.annotations))
        _ = try desk.article.edit([TextEdit(0..<0, text)], by: Self.articleAuthor(0))
        people = Array(repeating: desk, count: count)
    }

    static func articleAuthor(_ person: Int, _ why: String? = nil) -> Author {
        Author(agent: AgentID(rawValue: 0xa0 + UInt64(person)), time: 1, message: why)
    }

    static func setAuthor(_ person: Int) -> Author {
        Author(agent: AgentID(rawValue: 0xb0 + UInt64(person)), time: 1)
    }

    /// Everybody tells everybody everything, in two orders, and all must see the same.
    mutating func meet(sourceLocation: SourceLocation = #_sourceLocation) throws {
        let before = people
        for index in people.indices {
            let others = index.isMultiple(of: 2) ? before : before.reversed()
            for other in others { try people[index].takeAll(of: other) }
        }
        for person in people.dropFirst() {
            #expect(person.conflicts == people[0].conflicts, sourceLocation: sourceLocation)
            #expect(
                person.article.stateChecksum == people[0].article.stateChecksum,
                sourceLocation: sourceLocation)
            #expect(
                person.annotations.stateChecksum == people[0].annotations.stateChecksum,
                sourceLocation: sourceLocation)
        }
    }

    @discardableResult
    mutating func edit(
        _ person: Int, _ range: Range<Int>, _ words: String, accepts: OpID? = nil,
        isTagged: Bool = false
    ) throws -> Change {
        try #require(
            try people[person].article.edit(
                [TextEdit(range, words)], by: Self.articleAuthor(person), accepts: accepts,
                isTagged: isTagged))
    }

    /// Cuts scalars out and puts them in elsewhere.
    @discardableResult
    mutating func move(_ person: Int, _ range: Range<Int>, to offset: Int) throws -> Change {
        let scalars = Array(people[person].article.text.unicodeScalars)[range]
        var added = TextEdit(offset..<offset, String(String.UnicodeScalarView(scalars)))
        added.moves = [TextEdit.Move(part: 0..<range.count, source: range)]
        let removed = TextEdit(range, "")
        return try #require(
            try people[person].article.edit(
                offset <= range.lowerBound ? [added, removed] : [removed, added],
                by: Self.articleAuthor(person)))
    }

    @discardableResult
    mutating func commit(_ person: Int, _ op: Op) throws -> Change {
        try people[person].annotations.commit([op], by: Self.setAuthor(person))
    }

    @discardableResult
    mutating func commitToArticle(_ person: Int, _ ops: [Op]) throws -> Change {
        try people[person].article.commit(ops, by: Self.articleAuthor(person))
    }

    mutating func note(_ person: Int, _ range: Range<Int>, _ body: String) throws -> OpID {
        let target = people[person].article.target(at: range)
        return try commit(
            person, .annotate(NewAnnotation(kind: .note, target: target, body: body))
        ).id
    }

    /// One person marks a claim.
    mutating func claim(_ person: Int, _ range: Range<Int>) throws -> OpID {
        let target = people[person].article.target(at: range)
        return try commit(
            person, .annotate(NewAnnotation(kind: .claim, target: target, body: ""))
        ).id
    }

    /// One person checks the words that an annotation stands on.
    @discardableResult
    mutating func check(
        _ person: Int, _ entity: OpID, _ verdict: Verdict, _ evidence: [Check.Evidence] = [],
        remark: String? = nil
    ) throws -> Change {
        let desk = people[person]
        let annotation = try #require(desk.annotations.entity(entity))
        let placement = desk.placement(of: annotation, in: desk.article.textIndex)
        let check = Check(
            verdict: verdict, evidence: evidence, remark: remark,
            target: desk.article.target(
                at: placement.ranges.filter { !$0.isEmpty },
                withinStretchOf: try #require(annotation.register(.target).value?.place)))
        return try write(person, .check(check), to: .check, of: entity)
    }

    mutating func suggest(_ person: Int, _ range: Range<Int>, _ words: String) throws -> OpID {
        let target = people[person].article.target(at: range)
        let suggestion = NewAnnotation(
            kind: .suggestion, target: target, body: "", proposal: words)
        return try commit(person, .annotate(suggestion)).id
    }

    /// One person writes a field of an annotation.
    @discardableResult
    mutating func write(
        _ person: Int, _ value: Value, to field: Field, of entity: OpID
    ) throws -> Change {
        try commit(person, people[person].annotations.write(value, to: field, of: entity))
    }

    /// One person answers a conflict with one of its versions.
    ///
    /// - Returns: the change that has the resolution.
    @discardableResult
    mutating func answer(_ person: Int, _ conflict: Conflict, taking version: Int) throws -> Change
    {
        let answer = people[person].answer(to: conflict, taking: version)
        let changes = try write(person, answer)
        return try #require(changes.last)
    }

    /// One person answers a verdict conflict, or one about answers to one, in a word.
    mutating func answer(
        _ person: Int, _ conflict: Conflict, _ take: String, why: String? = nil
    ) throws {
        let answer = people[person].settlement(of: conflict, taking: take, why: why)
        try write(person, try #require(answer))
    }

    /// One person answers a conflict about the text by taking words out, in one change.
    mutating func settle(_ person: Int, _ conflict: Conflict, editing range: Range<Int>) throws {
        let answer = Resolution(
            conflict: conflict.id, kind: .text, settles: conflict.settles,
            take: Conflict.letter(person))
        let change = try people[person].article.edit(
            [TextEdit(range, "")], by: Self.articleAuthor(person), followedBy: [.resolve(answer)])
        _ = try #require(change)
    }

    @discardableResult
    private mutating func write(
        _ person: Int, _ settlement: AnnotatedArticle.Settlement
    ) throws -> [Change] {
        var changes: [Change] = []
        if !settlement.article.isEmpty {
            changes.append(try commitToArticle(person, settlement.article))
        }
        if !settlement.annotations.isEmpty {
            changes.append(
                try people[person].annotations.commit(
                    settlement.annotations, by: Self.setAuthor(person)))
        }
        return changes
    }

    /// The one open question of everybody.
    func onlyConflict(sourceLocation: SourceLocation = #_sourceLocation) throws -> Conflict {
        #expect(people[0].conflicts.count == 1, sourceLocation: sourceLocation)
        return try #require(people[0].conflicts.first, sourceLocation: sourceLocation)
    }
}

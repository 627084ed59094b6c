import GlossCore
import TestSupport

/// Two people who start from one article with its notes and work a day without a network.
struct OfflineDay {
    /// What they do.
    enum Plan: String, CaseIterable {
        /// Correct words, annotate, change notes, decide on suggestions.
        case mixed
        /// Accept the same suggestions, one of them in other words.
        case contested
    }

    /// One person: a copy of both documents, and what was made on it.
    struct Person {
        let author: AgentID
        var content: AnnotatedArticle
        var article: [Change] = []
        var annotations: [Change] = []
        fileprivate var time: Int
    }

    let plan: Plan
    let changes: Int
    /// The two, each with what they made themselves.
    private(set) var people: [Person] = []
    private var random = SeededRandom(seed: 1)

    /// The same day for the same plan and number.
    init(_ plan: Plan, changes: Int) throws {
        self.plan = plan
        self.changes = changes
        var source = Person(
            author: AgentID(rawValue: 9),
            content: AnnotatedArticle(
                article: Replica(id: .bench), annotations: Replica(id: DocumentID.bench.annotations)
            ),
            time: 0)
        try prepare(&source)
        people = try [1, 2].map { (agent: UInt64) in
            var person = Person(
                author: AgentID(rawValue: agent), content: source.content, time: 1_000_000)
            for index in 0..<changes { try work(&person, index, isOther: agent == 2) }
            return person
        }
    }

    /// What the article and its set hold before: 20 kB of text, 200 notes, 500 suggestions.
    private mutating func prepare(_ person: inout Person) throws {
        let text = SampleArticle.text(ofBytes: 20_000, &random)
        try edit([TextEdit(0..<0, text)], &person)
        for _ in 0..<200 { try annotate(&person) }
        let places = SampleArticle.words(of: person.content.article)
        for index in 0..<min(changes / 2, places.count / 2) {
            try annotate(&person, at: places[index * 2], proposing: word())
        }
    }

    private mutating func work(_ person: inout Person, _ index: Int, isOther: Bool) throws {
        if plan == .contested {
            let suggestion = suggestions(person)[index / 2 % (changes / 2)]
            if index.isMultiple(of: 2) { return try accept(suggestion, &person, isOther ? 0 : 1) }
            return try write(.text(word()), to: .body, of: suggestion.id, &person)
        }
        switch random.below(20) {
        case ..<9:
            let places = SampleArticle.words(of: person.content.article)
            let place = places[random.below(places.count)]
            try edit([TextEdit(place, word())], &person)
        case ..<13: try annotate(&person)
        case ..<16: try write(.text(word()), to: .body, of: anyAnnotation(person), &person)
        case 16: try write(.done, to: .status, of: anyAnnotation(person), &person)
        case 17: try write(.withdrawn, to: .life, of: anyAnnotation(person), &person)
        case 18:
            try accept(
                suggestions(person)[random.below(suggestions(person).count)], &person,
                random.chance(0.2) ? 1 : 0)
        default:
            let suggestion = suggestions(person)[random.below(suggestions(person).count)]
            try write(.rejected, to: .verdict, of: suggestion.id, &person)
        }
    }

    // MARK: Actions

    private mutating func word() -> String { SampleArticle.word(&random) }

    private func suggestions(_ person: Person) -> [Entity] {
        person.content.annotations.annotations.filter { $0.register(.proposal).value != nil }
    }

    private mutating func anyAnnotation(_ person: Person) -> OpID {
        let all = person.content.annotations.annotations
        return all[random.below(min(all.count, 200))].id
    }

    private func edit(_ edits: [TextEdit], accepts: OpID? = nil, _ person: inout Person) throws {
        person.time += 1
        let author = Author(agent: person.author, time: person.time)
        let change = try person.content.article.edit(edits, by: author, accepts: accepts)
        if let change { person.article.append(change) }
    }

    private func commit(_ op: Op, _ person: inout Person) throws {
        person.time += 1
        let author = Author(agent: person.author, time: person.time)
        person.annotations.append(try person.content.annotations.commit([op], by: author))
    }

    private mutating func annotate(
        _ person: inout Person, at place: Range<Int>? = nil, proposing proposal: String? = nil
    ) throws {
        let places = place == nil ? SampleArticle.words(of: person.content.article) : []
        let place = place ?? places[random.below(places.count)]
        try commit(
            .annotate(
                NewAnnotation(
                    kind: proposal == nil ? .note : .suggestion,
                    target: person.content.article.target(at: place), body: word(),
                    proposal: proposal)), &person)
    }

    private func write(
        _ value: Value, to field: Field, of entity: OpID, _ person: inout Person
    ) throws {
        try commit(person.content.annotations.write(value, to: field, of: entity), &person)
    }

    /// Accepts a suggestion, in its own words or with so many more.
    private mutating func accept(
        _ suggestion: Entity, _ person: inout Person, _ more: Int
    ) throws {
        let article = person.content.article
        let placement = person.content.placement(of: suggestion, in: article.textIndex)
        guard let place = placement.ranges.first, !place.isEmpty else { return }
        let proposal = suggestion.text(.proposal) ?? ""
        let words = [proposal] + (0..<more).map { _ in word() }
        try edit(
            [TextEdit(place, words.joined(separator: " "))], accepts: suggestion.id, &person)
    }
}

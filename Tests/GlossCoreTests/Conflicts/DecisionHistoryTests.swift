import GlossCore
import TestSupport
import Testing

/// Random decisions of two to five people on a few suggestions that overlap, with random answers.
private struct DecisionGame {
    var random: SeededRandom
    var table: Table
    var suggestions: [OpID] = []

    init(seed: UInt64) throws {
        random = SeededRandom(seed: seed)
        table = try Table(2 + random.below(4), "Walls teach the water to climb. Rivers do not ask.")
        for _ in 0..<2 + random.below(3) {
            let lower = random.below(24)
            let range = lower..<lower + 3 + random.below(12)
            suggestions.append(try table.suggest(0, range, random.chance(0.2) ? "" : "show"))
        }
        try table.meet()
    }

    mutating func play() throws {
        for _ in 0..<12 + random.below(12) {
            let person = random.below(table.people.count)
            switch random.below(10) {
            case ..<4: try decide(person)
            case 4: try takeBack(person)
            case ..<7: try hear(person)
            default: try answer(person)
            }
        }
    }

    private mutating func decide(_ person: Int) throws {
        let desk = table.people[person]
        guard let id = suggestions.randomElement(using: &random) else { return }
        if random.chance(0.3) {
            try commit(person, desk.takingOut(suggestion: id))
            try table.write(person, .rejected, to: .verdict, of: id)
            return
        }
        guard desk.state(ofSuggestion: id) == .open, let note = desk.annotations.entity(id),
            let range = desk.placement(of: note, in: desk.article.textIndex).ranges.first,
            !range.isEmpty
        else { return }
        let wording = random.chance(0.4) ? "tell" : note.text(.proposal) ?? ""
        try table.edit(person, range, wording, accepts: id)
    }

    /// Undoes an acceptance, or redoes one.
    private mutating func takeBack(_ person: Int) throws {
        let article = table.people[person].article
        let changes = article.log.entries.map(\.change).filter { change in
            change.agent == Table.articleAuthor(person).agent
        }
        guard let change = changes.dropFirst(person == 0 ? 1 : 0).randomElement(using: &random)
        else { return }
        try commit(person, article.inverse(of: [change]))
    }

    private mutating func commit(_ person: Int, _ ops: [Op]) throws {
        if !ops.isEmpty { try table.commitToArticle(person, ops) }
    }

    private mutating func hear(_ person: Int) throws {
        let teller = random.below(table.people.count)
        try table.people[person].takeAll(of: table.people[teller])
    }

    private mutating func answer(_ person: Int) throws {
        if random.chance(0.6) { try table.meet() }
        let open = table.people[person].conflicts
        guard let conflict = open.randomElement(using: &random) else { return }
        try answer(person, conflict)
        for other in table.people.indices where other != person && random.chance(0.5) {
            let same = table.people[other].conflicts.first { $0.id == conflict.id }
            if let same { try answer(other, same) }
        }
    }

    mutating func answer(_ person: Int, _ conflict: Conflict) throws {
        if case .suggestions = conflict.subject, random.chance(0.3) {
            return try table.answer(person, conflict, random.chance(0.5) ? "base" : "merged")
        }
        try table.answer(person, conflict, taking: random.below(conflict.versions.count))
    }
}

@Suite struct DecisionHistoryTests {
    private static let batches = 0..<AnnotationSeeds.batchCount

    @Test(
        "Whatever the order, everybody sees the same decisions and questions, until all are settled",
        arguments: batches)
    func convergence(batch: Int) throws {
        var kinds: [ConflictKind: Int] = [:]
        for seed in AnnotationSeeds.seeds(of: batch) {
            var game = try DecisionGame(seed: seed)
            try game.play()
            let history = AnnotationHistory(
                id: game.table.people[0].article.id, people: game.table.people)
            let desks = try history.desks(3, using: &game.random)
            let conflicts = desks[0].conflicts
            for conflict in conflicts { kinds[conflict.kind, default: 0] += 1 }
            for desk in desks.dropFirst() {
                #expect(desk.conflicts == conflicts, "seed \(seed)")
                #expect(desk.article.text == desks[0].article.text, "seed \(seed)")
                for id in game.suggestions {
                    #expect(
                        desk.state(ofSuggestion: id) == desks[0].state(ofSuggestion: id),
                        "seed \(seed)")
                }
            }
            try game.table.meet()
            #expect(game.table.people[0].conflicts == conflicts, "seed \(seed)")
            try settle(&game, "seed \(seed)")
        }
        #expect(kinds[.verdict, default: 0] >= AnnotationSeeds.count(of: batch) / 10)
        #expect(kinds[.resolution, default: 0] >= AnnotationSeeds.count(of: batch) / 10)
    }

    /// One person answers everything; then nothing is open for anybody, and no question came twice.
    private func settle(_ game: inout DecisionGame, _ comment: Comment) throws {
        var answered: Set<ConflictID> = []
        var rounds = 0
        while let conflict = game.table.people[0].conflicts.first, rounds < 24 {
            #expect(answered.insert(conflict.id).inserted, comment)
            try game.answer(0, conflict)
            rounds += 1
        }
        try game.table.meet()
        for person in game.table.people { #expect(person.conflicts.isEmpty, comment) }
    }
}

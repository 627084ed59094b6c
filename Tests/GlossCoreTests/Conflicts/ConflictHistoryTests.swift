import GlossCore
import TestSupport
import Testing

/// What conflicts must keep to in random histories.
@Suite struct ConflictHistoryTests {
    private static let batches = 0..<AnnotationSeeds.batchCount

    /// Somebody new, who has everything.
    private struct Newcomer {
        var desk: AnnotatedArticle
        let agents: (article: AgentID, set: AgentID)

        init(_ desk: AnnotatedArticle, _ number: UInt64) {
            self.desk = desk
            agents = (AgentID(rawValue: 2 * number + 1), AgentID(rawValue: 2 * number + 2))
        }

        mutating func edit(_ edit: TextEdit) throws {
            _ = try desk.article.edit([edit], by: Author(agent: agents.article, time: 1))
        }

        /// Writes an answer down; gives its changes of both documents.
        mutating func write(
            _ answer: AnnotatedArticle.Settlement
        ) throws -> (article: [Change], set: [Change]) {
            var changes: (article: [Change], set: [Change]) = ([], [])
            if !answer.article.isEmpty {
                let author = Author(agent: agents.article, time: 2)
                changes.article = [try desk.article.commit(answer.article, by: author)]
            }
            if !answer.annotations.isEmpty {
                let author = Author(agent: agents.set, time: 2)
                changes.set = [try desk.annotations.commit(answer.annotations, by: author)]
            }
            return changes
        }

        /// Answers everything that is open, each with some version.
        mutating func settleAll(using random: inout SeededRandom) throws {
            for conflict in desk.conflicts {
                let version = random.below(conflict.versions.count)
                _ = try write(desk.answer(to: conflict, taking: version, why: "because"))
            }
        }
    }

    private func newcomers(
        _ history: AnnotationHistory, _ count: UInt64
    ) throws -> [Newcomer] {
        let desk = try history.desk(
            article: history.article.changes, annotations: history.annotations.changes)
        return (0..<count).map { Newcomer(desk, $0) }
    }

    @Test("Edits whose author had seen a question leave it as it was", arguments: batches)
    func laterEdits(batch: Int) throws {
        var questionCount = 0
        for seed in AnnotationSeeds.seeds(of: batch) {
            var random = SeededRandom(seed: ~seed)
            let history = try AnnotationHistoryGenerator.history(seed: seed)
            var later = try newcomers(history, 1)[0]
            let before = later.desk.conflicts
            for _ in 0..<6 {
                let count = later.desk.article.textCount
                let lower = random.below(count + 1)
                let upper = min(count, lower + random.below(12))
                try later.edit(TextEdit(lower..<upper, random.chance(0.6) ? "later" : ""))
            }
            let after = later.desk.conflicts
            questionCount += before.count
            #expect(
                Set(after.map(\.id)).isSuperset(of: before.map(\.id)), "seed \(seed), ids stay")
            #expect(
                after.filter { $0.kind != .anchor }.map(Judged.init)
                    == before.filter { $0.kind != .anchor }.map(Judged.init), "seed \(seed)")
        }
        #expect(
            questionCount >= AnnotationSeeds.count(of: batch),
            "only \(questionCount) questions came up")
    }

    /// Text that was hidden when a note was made on the words around it, and was shown again since, is
    /// not what the note is about.
    @Test func `the removal of other words leaves the question about a note as it was`() throws {
        var table = try Table(1, "Walls do not teach the water.")
        let cut = try table.edit(0, 9..<13, "")
        let note = try table.note(0, 6..<15, "sure?")
        let inverse = table.people[0].article.inverse(of: [cut])
        try table.commitToArticle(0, inverse)
        try table.edit(0, 6..<9, "")
        try table.edit(0, 10..<16, "")
        let before = try table.onlyConflict()
        #expect(before.kind == .anchor)
        #expect(before.subject == .entity(note))
        try table.edit(0, 6..<9, "")
        #expect(try table.onlyConflict().id == before.id)
    }

    /// Of a conflict what was settled when its operations were made.
    private struct Judged: Equatable {
        let id: ConflictID
        let base: String?
        let versions: [Conflict.Version]
        let settles: [OpID]

        init(_ conflict: Conflict) {
            id = conflict.id
            base = conflict.kind == .deleteEdit ? nil : conflict.base
            versions = conflict.versions
            settles = conflict.settles
        }
    }

    @Test("Once everything is answered, nothing is open", arguments: batches)
    func settling(batch: Int) throws {
        for seed in AnnotationSeeds.seeds(of: batch) {
            var random = SeededRandom(seed: ~seed)
            let history = try AnnotationHistoryGenerator.history(seed: seed)
            var person = try newcomers(history, 1)[0]
            var answered: Set<ConflictID> = []
            var rounds = 0
            var last: Set<ConflictID> = []
            while !person.desk.conflicts.isEmpty, rounds < 4 {
                let open = Set(person.desk.conflicts.map(\.id))
                #expect(open.isDisjoint(with: answered), "seed \(seed), round \(rounds)")
                answered.formUnion(open)
                last = open
                try person.settleAll(using: &random)
                rounds += 1
            }
            #expect(person.desk.conflicts.isEmpty, "seed \(seed)")
            let settled = person.desk.settledConflicts
            #expect(Set(settled.map(\.conflict.id)).isSuperset(of: last), "seed \(seed)")
            let orders = try history.desks(1, using: &random)
            for var desk in orders {
                try desk.takeAll(of: person.desk)
                #expect(desk.conflicts.isEmpty, "seed \(seed), elsewhere")
                #expect(desk.settledConflicts == settled, "seed \(seed), elsewhere")
            }
        }
    }

    @Test("Two who answer everything at once leave only new questions", arguments: batches)
    func settlingAtOnce(batch: Int) throws {
        var newCount = 0
        for seed in AnnotationSeeds.seeds(of: batch) {
            var random = SeededRandom(seed: ~seed)
            let history = try AnnotationHistoryGenerator.history(seed: seed)
            var people = try newcomers(history, 2)
            let before = Set(people[0].desk.conflicts.map(\.id))
            for index in people.indices { try people[index].settleAll(using: &random) }
            let other = people[1].desk
            try people[1].desk.takeAll(of: people[0].desk)
            try people[0].desk.takeAll(of: other)
            let after = people[0].desk.conflicts
            #expect(after == people[1].desk.conflicts, "seed \(seed)")
            #expect(before.isDisjoint(with: after.map(\.id)), "seed \(seed)")
            newCount += after.count
        }
        #expect(newCount >= AnnotationSeeds.count(of: batch) / 16, "different answers ask anew")
    }

    @Test("An answer taken back opens the question again, under its name", arguments: batches)
    func takingBack(batch: Int) throws {
        var reopenedCount = 0
        for seed in AnnotationSeeds.seeds(of: batch) {
            var random = SeededRandom(seed: ~seed)
            let history = try AnnotationHistoryGenerator.history(seed: seed)
            var person = try newcomers(history, 1)[0]
            let before = person.desk.conflicts
            let kinds: Set<ConflictKind> = [.text, .anchor, .verdict]
            let conflict = before.filter { kinds.contains($0.kind) }
                .randomElement(using: &random)
            guard let conflict else { continue }
            let answer = person.desk.answer(to: conflict, taking: 0)
            let changes = try person.write(answer)
            #expect(!person.desk.conflicts.contains { $0.id == conflict.id }, "seed \(seed)")
            _ = try person.write(
                AnnotatedArticle.Settlement(
                    article: person.desk.article.inverse(of: changes.article),
                    annotations: person.desk.annotations.inverse(of: changes.set)))
            if case .suggestions(let suggestions) = conflict.subject {
                // Verdicts come back as new writes, and make a question of another name.
                let isOpen = person.desk.conflicts.contains { other in
                    guard other.kind == .verdict, case .suggestions(let all) = other.subject else {
                        return false
                    }
                    return Set(all).isSuperset(of: suggestions)
                }
                #expect(isOpen, "seed \(seed)")
            } else {
                #expect(person.desk.conflicts == before, "seed \(seed)")
            }
            reopenedCount += 1
        }
        #expect(
            reopenedCount >= AnnotationSeeds.count(of: batch) / 2,
            "only \(reopenedCount) answers were taken back")
    }
}

import GlossCore
import TestSupport
import Testing

/// Random histories of several people with an article and its annotation set.
@Suite struct AnnotationHistoryTests {
    private static let batches = 0..<AnnotationSeeds.batchCount

    @Test(
        "Whatever the order, everybody sees the same text, notes and questions", arguments: batches)
    func convergence(batch: Int) throws {
        for seed in AnnotationSeeds.seeds(of: batch) {
            let history = try AnnotationHistoryGenerator.history(seed: seed)
            var random = SeededRandom(seed: ~seed)
            let desks = try history.desks(3, using: &random)
            let first = desks[0]
            for desk in desks.dropFirst() {
                expect(desk, like: first, "seed \(seed)")
            }
            for var person in history.people {
                try person.takeAll(of: first)
                expect(person, like: first, "seed \(seed), a person's own")
            }
        }
    }

    @Test func `the histories hold every kind of question, place and decision`() throws {
        var kinds: [ConflictKind: Int] = [:]
        var states: [Placement.State: Int] = [:]
        var checks: [CheckStanding.State: Int] = [:]
        var acceptedTwice = 0
        for seed in 0..<200 as Range<UInt64> {
            let history = try AnnotationHistoryGenerator.history(seed: seed)
            let desk = try history.desk(
                article: history.article.changes, annotations: history.annotations.changes)
            for conflict in desk.conflicts { kinds[conflict.kind, default: 0] += 1 }
            for placement in placements(desk) { states[placement.state, default: 0] += 1 }
            for standing in standings(desk) { checks[standing.state, default: 0] += 1 }
            acceptedTwice += desk.annotations.annotations
                .count { desk.article.liveAcceptances(of: $0.id).count > 1 }
        }
        for kind in ConflictKind.allCases { #expect(kinds[kind, default: 0] >= 10, "\(kind)") }
        for state in [
            Placement.State.anchored, .partial, .moved, .rewritten, .collapsed, .whole,
        ] {
            #expect(states[state, default: 0] >= 10, "\(state)")
        }
        for state in [CheckStanding.State.unchecked, .fresh, .stale] {
            #expect(checks[state, default: 0] >= 10, "\(state)")
        }
        #expect(acceptedTwice >= 10)
    }

    @Test("A note on words that nobody touched stands on exactly these", arguments: batches)
    func untouchedWords(batch: Int) throws {
        var untouchedCount = 0
        var severalCount = 0
        for seed in AnnotationSeeds.seeds(of: batch) {
            let history = try AnnotationHistoryGenerator.history(seed: seed)
            let desk = try history.desk(
                article: history.article.changes, annotations: history.annotations.changes)
            let touched = touchedCharacters(of: history.article.changes)
            // Not only in the end: those who know a part see it so, too.
            for desk in [desk] + history.people {
                let index = desk.article.textIndex
                for note in desk.annotations.annotations {
                    let placement = desk.placement(of: note, in: index)
                    guard case .target(let target)? = note.register(.target).value,
                        placement.state != .pending, !target.ranges.isEmpty
                    else { continue }
                    let between = target.ranges.map { charactersBetween($0, in: desk.article) }
                    guard between.allSatisfy({ !$0.isEmpty && touched.isDisjoint(with: $0) })
                    else { continue }
                    untouchedCount += 1
                    if between.count > 1 { severalCount += 1 }
                    #expect(placement.state == .anchored, "seed \(seed), \(note.id)")
                    #expect(placement.coverage == 1, "seed \(seed), \(note.id)")
                    let ids = placement.ranges.map { characters(of: desk.article, at: $0) }
                    #expect(ids == between, "seed \(seed), \(note.id)")
                }
            }
        }
        let count = AnnotationSeeds.count(of: batch)
        #expect(untouchedCount >= count, "only \(untouchedCount) notes stood on untouched words")
        #expect(severalCount >= count / 16, "only \(severalCount) of them had several ranges")
    }

    @Test("No word of a note or reply is ever lost", arguments: batches)
    func words(batch: Int) throws {
        var replacedCount = 0
        for seed in AnnotationSeeds.seeds(of: batch) {
            let history = try AnnotationHistoryGenerator.history(seed: seed)
            var random = SeededRandom(seed: seed)
            let order = history.annotations.deliveryOrders(1, using: &random)[0]
            let desk = try history.desk(article: [], annotations: order)
            for change in history.annotations.changes {
                for (offset, op) in change.ops.enumerated() {
                    let id = OpID(agent: change.agent, seq: change.seq + offset)
                    guard let (entity, body) = body(writtenBy: op, id) else { continue }
                    let register = try #require(desk.annotations.entity(entity)).register(.body)
                    #expect(register.write(id)?.value == .text(body), "seed \(seed), \(id)")
                    if register.heads.allSatisfy({ $0.id != id }) { replacedCount += 1 }
                    let isEntityListed = (desk.annotations.annotations + allReplies(desk))
                        .contains { $0.id == entity }
                    #expect(isEntityListed, "seed \(seed), \(entity)")
                }
            }
        }
        #expect(
            replacedCount >= AnnotationSeeds.count(of: batch) / 4,
            "only \(replacedCount) bodies were replaced")
    }

    @Test("An annotation whose text has not arrived says so", arguments: batches)
    func pending(batch: Int) throws {
        for seed in AnnotationSeeds.seeds(of: batch).prefix(10) {
            let history = try AnnotationHistoryGenerator.history(seed: seed)
            let desk = try history.desk(
                article: [], annotations: history.annotations.changes)
            for note in desk.annotations.annotations {
                guard case .target(let target)? = note.register(.target).value else { continue }
                let state = desk.placement(of: note, in: desk.article.textIndex).state
                #expect(state == (target.ranges.isEmpty ? .whole : .pending), "seed \(seed)")
            }
        }
    }

    private func placements(_ desk: AnnotatedArticle) -> [Placement] {
        let index = desk.article.textIndex
        return desk.annotations.annotations.map { desk.placement(of: $0, in: index) }
    }

    private func standings(_ desk: AnnotatedArticle) -> [CheckStanding] {
        let index = desk.article.textIndex
        return desk.annotations.annotations.map { desk.standing(ofCheckOn: $0, in: index) }
    }

    private func expect(
        _ desk: AnnotatedArticle, like other: AnnotatedArticle, _ comment: Comment
    ) {
        #expect(desk.article.text == other.article.text, comment)
        #expect(desk.article.stateChecksum == other.article.stateChecksum, comment)
        #expect(desk.annotations.stateChecksum == other.annotations.stateChecksum, comment)
        #expect(desk.conflicts == other.conflicts, comment)
        #expect(placements(desk) == placements(other), comment)
        #expect(standings(desk) == standings(other), comment)
        #expect(desk.annotations.annotations.map(\.id) == other.annotations.annotations.map(\.id))
        #expect(
            desk.annotations.annotations.map { desk.isOpen($0) }
                == other.annotations.annotations.map { other.isOpen($0) }, comment)
        #expect(desk.annotations.resolutions.map(\.id) == other.annotations.resolutions.map(\.id))
        #expect(allReplies(desk).map(\.id) == allReplies(other).map(\.id), comment)
    }

    private func allReplies(_ desk: AnnotatedArticle) -> [Entity] {
        desk.annotations.annotations.flatMap { desk.annotations.replies(to: $0.id) }
    }

    private func body(writtenBy op: Op, _ id: OpID) -> (entity: OpID, body: String)? {
        switch op {
        case .annotate(let annotation): return (id, annotation.body)
        case .reply(let reply): return (id, reply.body)
        case .write(let write) where write.field == .body:
            guard let entity = write.entity, let text = write.value.text else { return nil }
            return (entity, text)
        default: return nil
        }
    }

    // MARK: Characters

    /// Characters that somebody deleted, undid, replaced or put in by accepting a suggestion.
    private func touchedCharacters(of changes: [Change]) -> Set<OpID> {
        var touched: Set<OpID> = []
        for change in changes {
            var seq = change.seq
            for op in change.ops {
                switch op {
                case .insert(let insertion):
                    touched.formUnion(insertion.replaces.flatMap { ids(of: $0) })
                    if insertion.accepts != nil {
                        let start = OpID(agent: change.agent, seq: seq)
                        touched.formUnion(ids(of: OpSpan(start: start, count: op.width)))
                    }
                case .delete(let deletion):
                    touched.formUnion(deletion.spans.flatMap { ids(of: $0) })
                case .visibility(let visibility):
                    touched.formUnion(visibility.marks.flatMap { ids(of: $0.span) })
                default: break
                }
                seq += op.width
            }
        }
        return touched
    }

    private func ids(of span: OpSpan) -> [OpID] {
        (0..<span.count).map { OpID(agent: span.start.agent, seq: span.start.seq + $0) }
    }

    private func characters(of article: Replica, at range: Range<Int>) -> [OpID] {
        article.spans(at: range).flatMap { ids(of: $0) }
    }

    /// All characters from the first to the last of a range, hidden ones included.
    private func charactersBetween(_ anchors: AnchorRange, in article: Replica) -> [OpID] {
        let all = article.characterIDs
        guard let start = all.firstIndex(of: anchors.start.id),
            let end = all.firstIndex(of: anchors.end.id), start <= end
        else { return [] }
        return Array(all[start...end])
    }
}

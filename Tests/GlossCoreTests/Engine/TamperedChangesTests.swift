import GlossCore
import TestSupport
import Testing

/// Changes that lie about what their author saw: refused whenever the oracle says they lie, and
/// then without a trace.
@Suite struct TamperedChangesTests {
    @Test("An insertion is taken exactly if its origins were neighbours in its history")
    func origins() throws {
        var refused = 0
        var taken = 0
        for seed: UInt64 in 20_000..<20_250 {
            let history = HistoryGenerator.history(seed: seed)
            var random = SeededRandom(seed: ~seed)
            let (place, replica) = try beforeRandomChange(of: history, using: &random)
            var change = history.changes[place]
            guard case .insert(var insertion) = change.ops[0] else { continue }
            switch random.below(4) {
            case 0: insertion.left = replica.characters.randomElement(using: &random)
            case 1: insertion.right = replica.characters.randomElement(using: &random)
            case 2: (insertion.left, insertion.right) = (insertion.right, insertion.left)
            default: break
            }
            change.ops = [.insert(insertion)]
            let seen = oracle(history.past(of: place).map { history.changes[$0] })
            let isKnown = insertion.left.map(seen.contains) ?? true
            let isRight = isKnown && seen.successor(of: insertion.left) == insertion.right
            expect(change, isTaken: isRight, by: replica.engine, "seed \(seed)")
            if isRight { taken += 1 } else { refused += 1 }
        }
        #expect(refused > 20 && taken > 20)
    }

    @Test("A deletion is taken exactly if its author knew the characters")
    func deletions() throws {
        var refused = 0
        var taken = 0
        for seed: UInt64 in 20_000..<20_250 {
            let history = HistoryGenerator.history(seed: seed)
            var random = SeededRandom(seed: ~seed)
            let (place, replica) = try beforeRandomChange(of: history, using: &random)
            guard let target = replica.characters.randomElement(using: &random) else { continue }
            var change = history.changes[place]
            change.ops = [.delete(Deletion(spans: [OpSpan(start: target, count: 1)]))]
            let seen = oracle(history.past(of: place).map { history.changes[$0] })
            expect(change, isTaken: seen.contains(target), by: replica.engine, "seed \(seed)")
            if seen.contains(target) { taken += 1 } else { refused += 1 }
        }
        #expect(refused > 20 && taken > 20)
    }

    @Test("An undo is taken exactly if its count is the next one in its history")
    func undoCounts() throws {
        var refused = 0
        var taken = 0
        for seed: UInt64 in 20_000..<20_250 {
            let history = HistoryGenerator.history(seed: seed)
            var random = SeededRandom(seed: ~seed)
            let (place, replica) = try beforeRandomChange(of: history, using: &random)
            guard let target = replica.characters.randomElement(using: &random) else { continue }
            let count = random.below(4)
            let mark = Visibility.Mark(span: OpSpan(start: target, count: 1), count: count)
            var change = history.changes[place]
            change.ops = [.visibility(Visibility(marks: [mark]))]
            let seen = oracle(history.past(of: place).map { history.changes[$0] })
            let isRight = seen.contains(target) && count == seen.ledger.count(of: target) + 1
            expect(change, isTaken: isRight, by: replica.engine, "seed \(seed)")
            if isRight { taken += 1 } else { refused += 1 }
        }
        #expect(refused > 20 && taken > 10)
    }

    /// A replica, with all the characters it holds.
    private struct Known {
        var engine: Replica
        var characters: [OpID]
    }

    /// The place of a random change, and a replica that has all changes that do not follow it.
    private func beforeRandomChange(
        of history: History, using random: inout SeededRandom
    ) throws -> (Int, Known) {
        let place = random.below(history.changes.count)
        var engine = Replica(id: DocumentID(high: 3, low: 4))
        var list = NaiveList()
        var follows = Array(repeating: false, count: history.changes.count)
        follows[place] = true
        for other in history.changes.indices {
            follows[other] = follows[other] || history.parents[other].contains { follows[$0] }
            if follows[other] { continue }
            try engine.integrate(history.changes[other])
            list.apply(history.changes[other])
        }
        return (place, Known(engine: engine, characters: list.ids))
    }

    private func oracle(_ changes: [Change]) -> NaiveList {
        var list = NaiveList()
        for change in changes { list.apply(change) }
        return list
    }

    private func expect(
        _ change: Change, isTaken: Bool, by engine: Replica, _ comment: Comment,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        var copy = engine
        do {
            let outcome = try copy.integrate(change)
            #expect(isTaken, comment, sourceLocation: sourceLocation)
            #expect(outcome == .applied(released: []), comment, sourceLocation: sourceLocation)
        } catch {
            #expect(!isTaken, comment, sourceLocation: sourceLocation)
            #expect(error.code == .invalidOp, comment, sourceLocation: sourceLocation)
            #expect(copy.text == engine.text, comment, sourceLocation: sourceLocation)
            #expect(
                copy.stateChecksum == engine.stateChecksum, comment, sourceLocation: sourceLocation)
            #expect(copy.frontier == engine.frontier, comment, sourceLocation: sourceLocation)
        }
    }
}

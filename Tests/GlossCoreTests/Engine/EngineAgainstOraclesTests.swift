import TestSupport
import Testing

@testable import GlossCore

/// The engine against the oracles, on random histories: text, order of all characters, checksums,
/// and the text at earlier versions. Invariants are checked after every change.
@Suite struct EngineAgainstOraclesTests {
    @Test(
        "In every causal order, with large nodes and small, the engine holds what the oracles hold",
        arguments: 0..<HistorySeeds.batchCount)
    func causalOrders(batch: Int) {
        HistorySeeds(400).forEach(in: batch) { seed in
            let history = HistoryGenerator.history(seed: seed)
            var random = SeededRandom(seed: ~seed)
            let orders = history.deliveryOrders(3, using: &random)
            var list = NaiveList()
            for change in history.changes { list.apply(change) }
            var tree = FugueTree()
            for change in orders[0] { tree.apply(change) }
            var checksums: Set<UInt64> = []
            for (index, order) in ([history.changes] + orders).enumerated() {
                var checked = CheckedDocument(smallNodes: index != 1)
                if random.chance(0.5) { checked.document.keepText() }
                for change in order {
                    guard checked.take(change, "seed \(seed), order \(index)") else { return }
                }
                checked.expect(like: list, "seed \(seed), order \(index), list")
                checked.expect(like: tree, "seed \(seed), order \(index), tree")
                checksums.insert(checked.stateChecksum)
            }
            #expect(checksums.count == 1, "seed \(seed)")
        }
    }

    @Test(
        "After every single change the engine shows what the oracles show",
        arguments: 0..<HistorySeeds.batchCount)
    func everyStep(batch: Int) {
        HistorySeeds(150).forEach(in: batch) { seed in
            let history = HistoryGenerator.history(seed: seed)
            var random = SeededRandom(seed: ~seed)
            var checked = CheckedDocument(smallNodes: true)
            checked.document.keepText()
            var list = NaiveList()
            for change in history.deliveryOrders(1, using: &random)[0] {
                list.apply(change)
                guard checked.take(change, "seed \(seed)") else { return }
                checked.expect(like: list, "seed \(seed), behind \(change.id)")
            }
        }
    }

    @Test(
        "Changes that come before their causes wait, and none is lost",
        arguments: 0..<HistorySeeds.batchCount)
    func disorder(batch: Int) throws {
        try HistorySeeds(200).forEach(in: batch) { seed in
            let history = HistoryGenerator.history(seed: seed)
            var random = SeededRandom(seed: ~seed)
            var replica = Replica(id: CheckedDocument.id)
            var taken: [Change] = []
            for change in history.disorderedDelivery(using: &random) {
                switch try replica.integrate(change) {
                case .applied(let released, let refused):
                    #expect(refused.isEmpty)
                    taken += [change] + released
                case .duplicate: #expect(taken.contains(change), "seed \(seed)")
                case .waiting(let missing):
                    #expect(!missing.isEmpty, "seed \(seed)")
                    let known = Set(taken.map(\.lastID))
                    #expect(missing.allSatisfy { !known.contains($0) }, "seed \(seed)")
                }
            }
            #expect(taken.count == history.changes.count, "seed \(seed)")
            #expect(replica.backlog.isEmpty, "seed \(seed)")
            var list = NaiveList()
            for change in history.changes { list.apply(change) }
            #expect(replica.text == list.text, "seed \(seed)")
            #expect(replica.characterIDs == list.ids, "seed \(seed)")
        }
    }

    @Test(
        "The text at an earlier version is that of its history",
        arguments: 0..<HistorySeeds.batchCount)
    func earlierVersions(batch: Int) throws {
        try HistorySeeds(200).forEach(in: batch) { seed in
            let history = HistoryGenerator.history(seed: seed)
            var random = SeededRandom(seed: ~seed)
            var document = Document(id: CheckedDocument.id)
            try document.integrate(contentsOf: history.deliveryOrders(1, using: &random)[0])
            for _ in 0..<6 {
                let place = random.below(history.changes.count)
                var past = NaiveList()
                for cause in history.past(of: place) { past.apply(history.changes[cause]) }
                past.apply(history.changes[place])
                let text = try document.text(at: [history.changes[place].lastID])
                #expect(text == past.text, "seed \(seed), change \(place)")
            }
        }
    }
}

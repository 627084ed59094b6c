import FoundationEssentials
import TestSupport
import Testing

@testable import GlossCore

/// The engine against the oracles, on random histories: text, order of all characters, checksums,
/// and the text at earlier versions.
///
/// `GLOSS_HISTORIES` sets how many histories are tried, `GLOSS_FIRST_SEED` with which to begin.
@Suite struct EngineAgainstOraclesTests {
    private static let document = DocumentID(high: 7, low: 8)
    private static let batchCount = 8
    private static let historyCount = number("GLOSS_HISTORIES") ?? 200
    private static let firstSeed = number("GLOSS_FIRST_SEED") ?? 10_000

    private static func number(_ name: String) -> Int? {
        ProcessInfo.processInfo.environment[name].flatMap { Int($0) }
    }

    private static func seeds(of batch: Int) -> [UInt64] {
        stride(from: batch, to: historyCount, by: batchCount).map { UInt64(firstSeed + $0) }
    }

    @Test("In every causal order the engine holds what the oracles hold", arguments: 0..<batchCount)
    func causalOrders(batch: Int) {
        for seed in Self.seeds(of: batch) {
            let history = HistoryGenerator.history(seed: seed)
            var random = SeededRandom(seed: ~seed)
            var checksums: Set<UInt64> = []
            for order in [history.changes] + history.deliveryOrders(3, using: &random) {
                checksums.insert(deliver(order, seed: seed).stateChecksum)
            }
            #expect(checksums.count == 1, "seed \(seed)")
        }
    }

    @Test("Changes that come before their causes wait, and none is lost", arguments: 0..<batchCount)
    func disorder(batch: Int) throws {
        for seed in Self.seeds(of: batch) {
            let history = HistoryGenerator.history(seed: seed)
            var random = SeededRandom(seed: ~seed)
            var replica = Replica(id: Self.document)
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
            expect(replica, like: oracle(history.changes), "seed \(seed), waiting")
        }
    }

    @Test("The text at an earlier version is that of its history", arguments: 0..<batchCount)
    func earlierVersions(batch: Int) {
        for seed in Self.seeds(of: batch) {
            let history = HistoryGenerator.history(seed: seed)
            var random = SeededRandom(seed: ~seed)
            let replica = deliver(history.deliveryOrders(1, using: &random)[0], seed: seed)
            for _ in 0..<6 {
                let place = random.below(history.changes.count)
                let past = (history.past(of: place) + [place]).map { history.changes[$0] }
                let text = replica.text(at: [history.changes[place].lastID])
                #expect(text == oracle(past).text, "seed \(seed), change \(place)")
            }
        }
    }

    private func oracle(_ changes: [Change]) -> NaiveList {
        var list = NaiveList()
        for change in changes { list.apply(change) }
        return list
    }

    /// A replica that got changes in causal order, checked against both oracles in the end.
    private func deliver(_ order: [Change], seed: UInt64) -> Replica {
        var replica = Replica(id: Self.document)
        var tree = FugueTree()
        for (place, change) in order.enumerated() {
            do {
                let outcome = try replica.integrate(change)
                #expect(outcome == .applied(released: []), "seed \(seed), delivery \(place)")
            } catch {
                Issue.record("seed \(seed), delivery \(place): \(error) in \(change)")
                return replica
            }
            tree.apply(change)
        }
        expect(replica, like: oracle(order), "seed \(seed), list")
        expect(replica, like: tree, "seed \(seed), tree")
        return replica
    }

    private func expect(_ replica: Replica, like oracle: some TextOracle, _ comment: Comment) {
        #expect(replica.text == oracle.text, comment)
        #expect(replica.textCount == oracle.visibleIDs.count, comment)
        #expect(replica.characterIDs == oracle.ids, comment)
    }
}

extension Replica {
    /// All characters in order, hidden ones included.
    var characterIDs: [OpID] {
        var ids: [OpID] = []
        document.tree.forEachRun { run in
            ids += (run.first..<run.end).map { document.identity(of: $0) }
        }
        return ids
    }
}

import TestSupport
import Testing

@testable import GlossCore

/// Branches that did not know of each other, against every pair of changes one by one.
@Suite struct EncounterTests {
    private struct Meeting: Hashable {
        let changes: Set<Int>
        let base: VersionSet
    }

    @Test(
        "Every pair of concurrent changes is met once, at its merge base",
        arguments: 0..<HistorySeeds.batchCount)
    func pairs(batch: Int) throws {
        try HistorySeeds(150).forEach(in: batch) { seed in
            let history = HistoryGenerator.history(seed: seed)
            var random = SeededRandom(seed: ~seed)
            for order in history.deliveryOrders(2, using: &random) {
                let replica = try Replica(id: CodecSeeds.article, changes: order)
                var found: [Meeting: Int] = [:]
                for encounter in replica.encounters {
                    for (first, second) in encounter.pairs {
                        for pair in first.flatMap({ one in second.map { Set([one, $0]) } }) {
                            found[Meeting(changes: pair, base: encounter.base), default: 0] += 1
                        }
                    }
                }
                #expect(found == Self.expected(in: replica), "seed \(seed)")
            }
        }
    }

    /// Each pair of changes by the definition.
    private static func expected(in replica: Replica) -> [Meeting: Int] {
        let histories = (0..<replica.document.changeCount).map {
            replica.document.graph.history(of: replica.parents(ofChange: $0))
        }
        let text = (0..<replica.document.changeCount).filter { entry in
            replica.document.change(at: entry).ops.contains { op in
                switch op {
                case .insert, .delete, .visibility: true
                default: false
                }
            }
        }
        var expected: [Meeting: Int] = [:]
        for later in text {
            for earlier in text where earlier < later {
                let last = replica.document.changes.versions(of: earlier).upperBound - 1
                guard !histories[later].contains(last) else { continue }
                let base = histories[later].intersection(histories[earlier])
                expected[Meeting(changes: [earlier, later], base: base), default: 0] += 1
            }
        }
        return expected
    }
}

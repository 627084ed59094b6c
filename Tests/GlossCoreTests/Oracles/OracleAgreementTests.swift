import GlossCore
import TestSupport
import Testing

/// The two oracles share the ledger but not the order, which is the hard part.
@Suite struct OracleAgreementTests {
    @Test(
        "The list and the tree give the same order and text in every causal order",
        arguments: 0..<20)
    func listAndTreeAgree(batch: UInt64) {
        for seed in (batch * 25)..<(batch * 25 + 25) {
            let history = HistoryGenerator.history(seed: seed)
            var random = SeededRandom(seed: ~seed)
            let first = result(of: NaiveList.self, history.changes)
            #expect(result(of: FugueTree.self, history.changes) == first, "seed \(seed)")
            for order in history.deliveryOrders(2, using: &random) {
                #expect(result(of: NaiveList.self, order) == first, "list, seed \(seed)")
                #expect(result(of: FugueTree.self, order) == first, "tree, seed \(seed)")
            }
        }
    }

    @Test("What a writer saw in the end follows from what it knew", arguments: 500..<540)
    func writersSawTheirPart(seed: UInt64) {
        let history = HistoryGenerator.history(seed: seed)
        for ending in history.endings {
            var tree = FugueTree()
            for place in ending.known { tree.apply(history.changes[place]) }
            #expect(tree.text == ending.text, "seed \(seed)")
        }
    }

    private struct Result: Equatable {
        var ids: [OpID]
        var text: String
    }

    private func result<O: TextOracle>(of oracle: O.Type, _ changes: [Change]) -> Result {
        var oracle = O()
        for change in changes { oracle.apply(change) }
        return Result(ids: oracle.ids, text: oracle.text)
    }
}

import TestSupport
import Testing

@testable import GlossCore

/// Changes that break the rules: refused with a reason, and then nothing of them is left.
@Suite struct HostileChangesTests {
    @Test(
        "A refused change leaves all of a document as it was, and what comes later goes in as ever",
        arguments: 0..<HistorySeeds.batchCount)
    func refused(batch: Int) throws {
        var refused = 0
        try HistorySeeds(200).forEach(in: batch) { seed in
            let history = HistoryGenerator.history(seed: seed)
            var random = SeededRandom(seed: ~seed)
            let order = history.deliveryOrders(1, using: &random)[0]
            let known = order.flatMap { change in
                [change.id, change.lastID, OpID(agent: change.agent, seq: change.seq + 1)]
            }
            var mutator = ChangeMutator(
                random: SeededRandom(seed: seed &* 3), known: known,
                agents: Array(Set(order.map(\.agent))))
            var victim = CheckedDocument(smallNodes: random.chance(0.8))
            if random.chance(0.5) { victim.document.keepText() }
            var untouched = victim.copy()
            let rate = Double.random(in: 0.05...0.5, using: &random)
            for change in order {
                while random.chance(rate) {
                    let isRefused = try offer(mutator.mutated(change), to: &victim, "seed \(seed)")
                    if isRefused { refused += 1 }
                }
                victim.take(change, "seed \(seed)")
                untouched.take(change, "seed \(seed)")
            }
            let difference = state(of: victim).difference(from: state(of: untouched))
            #expect(difference == nil, "seed \(seed)")
        }
        #expect(refused > 0)
    }

    /// Offers a change, and takes it back again if it is right; gives whether it was refused.
    private func offer(
        _ change: Change, to victim: inout CheckedDocument, _ comment: Comment
    ) throws -> Bool {
        let before = victim.copy()
        do throws(ChangeError) {
            try victim.document.integrate(change)
            victim.document.checkInvariants()
            victim = before
            return false
        } catch {
            victim.document.checkInvariants()
            let difference = state(of: victim).difference(from: state(of: before))
            #expect(difference == nil, "\(comment), \(error) in \(change)")
            #expect((error.code == .missingDependency) == !error.missing.isEmpty, comment)
            return true
        }
    }

    private func state(of checked: borrowing CheckedDocument) -> DocumentState {
        DocumentState(checked.document)
    }
}

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

    // Found by scripts/fuzz, in changes made up in memory: no peer's reach here.
    @Test("A number that no operation has does not stand for the start or the end of the text")
    func impossibleNeighbours() throws {
        let impossible = OpID(agent: AgentID(rawValue: 5), seq: .min)
        for (left, right) in [(impossible, nil), (nil, impossible)] as [(OpID?, OpID?)] {
            let insertion = Insertion(left: left, right: right, scalar: "x")
            #expect(insertion.left == left && insertion.right == right)
            var replica = Replica(id: DocumentID(high: 1, low: 2))
            #expect(throws: ChangeError.self) {
                try replica.integrate(
                    Change(
                        agent: AgentID(rawValue: 1), seq: 0, dependencies: [], time: 0,
                        ops: [.insert(insertion)]))
            }
        }
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

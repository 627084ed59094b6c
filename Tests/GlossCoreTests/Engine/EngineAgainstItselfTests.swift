import TestSupport
import Testing

@testable import GlossCore

/// The engine against itself: many changes at once, copies, and its log written down again.
@Suite struct EngineAgainstItselfTests {
    @Test(
        "Changes taken in together lead to the very state that they lead to one by one",
        arguments: 0..<HistorySeeds.batchCount)
    func together(batch: Int) throws {
        try HistorySeeds(200).forEach(in: batch) { seed in
            let history = HistoryGenerator.history(seed: seed)
            var random = SeededRandom(seed: ~seed)
            let order = history.deliveryOrders(1, using: &random)[0]
            var single = CheckedDocument(smallNodes: true)
            var batched = CheckedDocument(smallNodes: random.chance(0.5))
            for change in order { single.take(change, "seed \(seed)") }
            var rest = order[...]
            while !rest.isEmpty {
                let part = rest.prefix(1 + random.below(rest.count))
                rest = rest.dropFirst(part.count)
                try batched.document.integrate(contentsOf: Array(part))
                batched.document.checkInvariants()
            }
            let difference = state(of: single).difference(from: state(of: batched))
            #expect(difference == nil, "seed \(seed)")
        }
    }

    @Test(
        "A copy and its original go their own ways to the same end",
        arguments: 0..<HistorySeeds.batchCount)
    func copies(batch: Int) {
        HistorySeeds(150).forEach(in: batch) { seed in
            let history = HistoryGenerator.history(seed: seed)
            var random = SeededRandom(seed: ~seed)
            var original = CheckedDocument(smallNodes: random.chance(0.7))
            if random.chance(0.5) { original.document.keepText() }
            let half = random.below(history.changes.count + 1)
            for change in history.changes.prefix(half) { original.take(change, "seed \(seed)") }
            var copy = original.copy()
            copy.document.checkInvariants()
            let atCopying = state(of: original)
            #expect(state(of: copy).difference(from: atCopying) == nil, "seed \(seed)")
            let taken = Set(history.changes.prefix(half).map(\.id))
            for change in history.deliveryOrders(1, using: &random)[0]
            where !taken.contains(change.id) {
                copy.take(change, "seed \(seed), copy")
            }
            original.document.checkInvariants()
            #expect(state(of: original).difference(from: atCopying) == nil, "seed \(seed)")
            for change in history.changes.dropFirst(half) { original.take(change, "seed \(seed)") }
            let checksums = [copy.stateChecksum, original.stateChecksum]
            #expect(checksums[0] == checksums[1], "seed \(seed)")
        }
    }

    @Test(
        "The log gives every change back as its author made it",
        arguments: 0..<HistorySeeds.batchCount)
    func written(batch: Int) throws {
        try HistorySeeds(250).forEach(in: batch) { seed in
            let history = HistoryGenerator.history(seed: seed)
            var random = SeededRandom(seed: ~seed)
            let order = history.deliveryOrders(1, using: &random)[0]
            var document = Document(id: CheckedDocument.id)
            var version = VersionVector()
            let half = random.below(order.count + 1)
            for (place, change) in order.enumerated() {
                if place == half { version = document.versionVector }
                try document.integrate(change)
            }
            if half == order.count { version = document.versionVector }
            let all = try document.changes(since: VersionVector())
            #expect(all == order, "seed \(seed)")
            let newer = try document.changes(since: version)
            #expect(newer == Array(order.dropFirst(half)), "seed \(seed)")
            var some = VersionVector()
            for (agent, next) in document.versionVector.entries {
                some[agent] = random.below(next + 1)
            }
            let lacking = try document.changes(since: some)
            #expect(lacking == order.filter { $0.seq >= some[$0.agent] }, "seed \(seed)")
            let again = try document.integrate(order[random.below(order.count)])
            #expect(!again, "seed \(seed)")
        }
    }

    private func state(of checked: borrowing CheckedDocument) -> DocumentState {
        DocumentState(checked.document)
    }
}

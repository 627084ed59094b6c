import GlossCore
import TestSupport
import Testing

@Suite struct HistoryGeneratorTests {
    @Test("A seed gives the same history every time")
    func repeatable() {
        for seed: UInt64 in 0..<10 {
            let history = HistoryGenerator.history(seed: seed)
            #expect(history.changes == HistoryGenerator.history(seed: seed).changes)
            #expect(history.changes != HistoryGenerator.history(seed: seed + 1).changes)
        }
    }

    @Test("Dependencies are a frontier that adds to the agent's previous change")
    func minimalDependencies() {
        for seed: UInt64 in 0..<60 {
            let history = HistoryGenerator.history(seed: seed)
            for (place, parents) in history.parents.enumerated() {
                let change = history.changes[place]
                #expect(change.dependencies == change.dependencies.sorted(), "seed \(seed)")
                let dependencies = parents.filter {
                    change.dependencies.contains(history.changes[$0].lastID)
                }
                for parent in parents {
                    let past = history.past(of: parent)
                    #expect(dependencies.allSatisfy { !past.contains($0) }, "seed \(seed)")
                }
            }
        }
    }

    @Test("Every undo count is one more than the highest in the change's own history")
    func undoCounts() {
        var undos = 0
        for seed: UInt64 in 0..<60 {
            let history = HistoryGenerator.history(seed: seed)
            for (place, change) in history.changes.enumerated() {
                let past = history.past(of: place).map { history.changes[$0] }
                for mark in marks(of: change) {
                    undos += 1
                    for seq in mark.span.start.seq..<mark.span.endSeq {
                        let id = OpID(agent: mark.span.start.agent, seq: seq)
                        let highest = past.flatMap(marks(of:)).filter { $0.covers(id) }.map(\.count)
                        #expect(mark.count == 1 + (highest.max() ?? 0), "seed \(seed)")
                    }
                }
            }
        }
        #expect(undos > 100)
    }

    @Test("Nothing that was known stands between the neighbours of an insertion")
    func originsAreNeighbours() {
        for seed: UInt64 in 0..<30 {
            let history = HistoryGenerator.history(seed: seed)
            for (place, change) in history.changes.enumerated() {
                guard case .insert(let insertion) = change.ops[0] else { continue }
                var list = NaiveList()
                for past in history.past(of: place) { list.apply(history.changes[past]) }
                #expect(list.successor(of: insertion.left) == insertion.right, "seed \(seed)")
            }
        }
    }

    @Test("Delivery orders hold every change once, behind its causes")
    func deliveryOrdersAreCausal() {
        var random = SeededRandom(seed: 7)
        for seed: UInt64 in 0..<20 {
            let history = HistoryGenerator.history(seed: seed)
            for order in history.deliveryOrders(3, using: &random) {
                #expect(order.count == history.changes.count)
                #expect(Set(order) == Set(history.changes))
                var seen: Set<OpID> = []
                for change in order {
                    #expect(change.dependencies.allSatisfy(seen.contains), "seed \(seed)")
                    if change.seq > 0 {
                        let previous = OpID(agent: change.agent, seq: change.seq - 1)
                        #expect(seen.contains(previous), "seed \(seed)")
                    }
                    seen.insert(change.lastID)
                }
            }
            #expect(Set(history.disorderedDelivery(using: &random)) == Set(history.changes))
        }
    }

    @Test("The histories hold all that is hard: concurrency, hidden text, undos, acceptances")
    func coverage() {
        var tally = Tally()
        for seed: UInt64 in 0..<100 { tally.count(HistoryGenerator.history(seed: seed)) }
        #expect(tally.merges > 300)
        #expect(tally.sharedOrigins > 300)
        #expect(tally.backwardDeletions > 30)
        #expect(tally.repeatedAcceptances > 10)
        #expect(tally.widths == [1, 2, 3, 4])
    }

    private func marks(of change: Change) -> [Visibility.Mark] {
        change.ops.flatMap { op -> [Visibility.Mark] in
            if case .visibility(let visibility) = op { visibility.marks } else { [] }
        }
    }
}

extension Visibility.Mark {
    fileprivate func covers(_ id: OpID) -> Bool {
        span.start.agent == id.agent && (span.start.seq..<span.endSeq).contains(id.seq)
    }
}

/// How often some hard things occur.
private struct Tally {
    var merges = 0
    var sharedOrigins = 0
    var backwardDeletions = 0
    var repeatedAcceptances = 0
    var widths: Set<Int> = []

    mutating func count(_ history: History) {
        var gaps: Set<[OpID?]> = []
        var accepted: Set<OpID> = []
        for (place, change) in history.changes.enumerated() {
            if history.parents[place].count > 1 { merges += 1 }
            for op in change.ops {
                switch op {
                case .insert(let insertion):
                    if !gaps.insert([insertion.left, insertion.right]).inserted {
                        sharedOrigins += 1
                    }
                    if let id = insertion.accepts, !accepted.insert(id).inserted {
                        repeatedAcceptances += 1
                    }
                    for scalar in insertion.text { widths.insert(UTF8.width(scalar)) }
                case .delete(let deletion):
                    let isBackward = zip(deletion.spans, deletion.spans.dropFirst()).contains {
                        $0.start.agent == $1.start.agent && $0.start.seq == $1.start.seq + 1
                    }
                    if isBackward { backwardDeletions += 1 }
                default: break
                }
            }
        }
    }
}

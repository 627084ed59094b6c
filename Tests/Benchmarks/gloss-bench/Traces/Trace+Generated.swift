import TestSupport

extension Trace {
    /// One writer's trace, the same for the same seed.
    static func generated(edits: Int = 100_000, seed: UInt64 = 1) throws -> Trace {
        var typist = Typist(seed: seed)
        var transactions: [Transaction] = []
        transactions.reserveCapacity(edits)
        for index in 0..<edits {
            transactions.append(
                Transaction(
                    agent: 0, parents: index == 0 ? [] : [index - 1],
                    patches: [try typist.next()]))
        }
        return Trace(
            name: "generated", isConcurrent: false, transactions: transactions,
            finalText: typist.text.scalars)
    }

    /// Two writers at once, who merge every few edits, the same for the same seed.
    ///
    /// Each stays on their side of one line, so that the text they end in is known without a CRDT.
    static func generatedConcurrent(edits: Int = 20_000, seed: UInt64 = 1) throws -> Trace {
        let line: [Unicode.Scalar] = ["\n", "-", "\n"]
        var random = SeededRandom(seed: seed)
        var above = Typist(seed: seed &+ 1)
        var below = Typist(seed: seed &+ 2)
        var transactions = [
            Transaction(
                agent: 0, parents: [],
                patches: [Patch(position: 0, deleted: 0, inserted: line)])
        ]
        var heads = [0]
        while transactions.count < edits {
            let base = heads
            let aboveBefore = above.text.count
            heads = []
            for agent in 0..<2 {
                var parents = base
                for _ in 0...random.below(20) {
                    var patch = agent == 0 ? try above.next() : try below.next()
                    if agent == 1 { patch.position += aboveBefore + line.count }
                    transactions.append(
                        Transaction(agent: agent, parents: parents, patches: [patch]))
                    parents = [transactions.count - 1]
                }
                heads += parents
            }
        }
        let last = try above.next()
        transactions.append(Transaction(agent: 0, parents: heads, patches: [last]))
        return Trace(
            name: "generated (two writers)", isConcurrent: true, transactions: transactions,
            finalText: above.text.scalars + line + below.text.scalars)
    }
}

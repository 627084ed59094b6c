import TestSupport
import Testing

@testable import GlossCore

/// What is stored comes back.
@Suite struct CodecRoundTripTests {
    private static let batches = 0..<CodecSeeds.batchCount

    @Test("A history gives the same document and the same bytes again", arguments: batches)
    func histories(batch: Int) throws {
        for seed in CodecSeeds.seeds(of: batch) {
            for (id, changes) in try CodecSeeds.deliveries(seed: seed) {
                let document = try CodecSeeds.document(id, changes)
                try expectHistory(of: document, "seed \(seed)")
            }
            try expectHistory(of: try CodecSeeds.typed(seed: seed), "seed \(seed), typed")
        }
    }

    @Test("A snapshot gives the same document and the same bytes again", arguments: batches)
    func snapshots(batch: Int) throws {
        for seed in CodecSeeds.seeds(of: batch) {
            for (id, changes) in try CodecSeeds.deliveries(seed: seed) {
                let document = try CodecSeeds.document(id, changes)
                try expectSnapshot(of: document, "seed \(seed)")
            }
            try expectSnapshot(of: try CodecSeeds.typed(seed: seed), "seed \(seed), typed")
        }
    }

    @Test("Editing and integrating goes on as if nothing had been stored", arguments: batches)
    func goingOn(batch: Int) throws {
        for seed in CodecSeeds.seeds(of: batch) {
            for (id, changes) in try CodecSeeds.deliveries(seed: seed) {
                var random = SeededRandom(seed: seed)
                let count = random.below(changes.count + 1)
                let half = try CodecSeeds.document(id, Array(changes.prefix(count)))
                let whole = try CodecSeeds.document(id, changes)
                var reloaded = try Document(history: half.encodeHistory())
                var opened = try Document(
                    snapshot: half.encodeSnapshot(), history: half.encodeHistory())
                for change in changes.dropFirst(count) {
                    try reloaded.integrate(change)
                    try opened.integrate(change)
                }
                reloaded.checkAll()
                opened.checkAll()
                expectSame(reloaded, whole, "seed \(seed), history")
                expectSame(opened, whole, "seed \(seed), snapshot")
                try opened.loadLog()
                expectSame(opened, whole, "seed \(seed), snapshot and log")
            }
        }
    }

    @Test("Edits made before the log comes are the same as those made with it", arguments: batches)
    func editing(batch: Int) throws {
        for seed in CodecSeeds.seeds(of: batch) {
            var document = try CodecSeeds.typed(seed: seed)
            let history = try document.encodeHistory()
            var opened = try Document(snapshot: document.encodeSnapshot())
            var random = SeededRandom(seed: ~seed)
            var twin = random
            for step in 0..<20 {
                try CodecSeeds.edit(&document, agent: 1, step, &random)
                try CodecSeeds.edit(&opened, agent: 1, step, &twin)
            }
            expectSame(document, opened, "seed \(seed)")
            let bytes = opened.encodeSnapshot()
            check(bytes == document.encodeSnapshot(), "seed \(seed)")
            try opened.attach(history: history)
            opened.checkAll()
            // The edits were taken in a second time, as changes, which may cut their runs elsewhere.
            expectSame(document, opened, "seed \(seed)", comparesRuns: false)
            try expectHistory(of: opened, "seed \(seed), with its log")
        }
    }

    @Test func `empty documents come back`() throws {
        for id in [CodecSeeds.article, CodecSeeds.article.annotations] {
            let document = Document(id: id)
            try expectHistory(of: document, "history")
            try expectSnapshot(of: document, "snapshot")
        }
    }

    private func expectHistory(of document: borrowing Document, _ comment: Comment) throws {
        let bytes = try document.encodeHistory()
        let decoded = try Document(history: bytes)
        decoded.checkAll()
        check(decoded.id == document.id)
        expectSame(document, decoded, comment)
        check(try decoded.encodeHistory() == bytes, comment)
    }

    private func expectSnapshot(of document: borrowing Document, _ comment: Comment) throws {
        let bytes = document.encodeSnapshot()
        var opened = try Document(snapshot: bytes)
        opened.checkAll()
        check(opened.id == document.id)
        check(opened.needsLog == (document.operationCount > 0))
        expectSame(document, opened, comment)
        check(opened.encodeSnapshot() == bytes, comment)
        try opened.attach(history: document.encodeHistory())
        check(!opened.needsLog)
        expectSame(document, opened, comment)
    }
}

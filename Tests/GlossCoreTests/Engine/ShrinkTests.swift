import TestSupport
import Testing

@testable import GlossCore

@Suite struct ShrinkTests {
    @Test("A document that gives memory back now and then goes the way of one that never does")
    func sameState() throws {
        for seed in UInt64(60_000)..<60_030 {
            let history = try AnnotationHistoryGenerator.history(seed: seed)
            let documents = [
                (history.id, history.article.changes),
                (history.id.annotations, history.annotations.changes),
            ]
            for (id, changes) in documents {
                var random = SeededRandom(seed: seed)
                var plain = Document(id: id)
                var shrunk = Document(id: id)
                for change in changes {
                    try plain.integrate(change)
                    try shrunk.integrate(change)
                    if random.chance(0.2) { shrunk.shrink() }
                }
                shrunk.checkInvariants()
                let difference = DocumentState(shrunk).difference(from: DocumentState(plain))
                #expect(difference == nil, "seed \(seed)")
            }
        }
    }

    @Test("A long text takes less than half of its memory after that")
    func smaller() throws {
        var replica = Replica(id: CodecSeeds.article)
        let author = Author(agent: AgentID(rawValue: 1), time: 0)
        let text = String(repeating: "word ", count: 4_000)
        _ = try replica.edit([TextEdit(0..<0, text)], by: author)
        var other = Replica(id: CodecSeeds.article)
        for entry in replica.log.entries { try other.integrate(entry.change) }
        let before = other.document.byteCount
        let kept = other
        other.shrink()
        let after = other.document.byteCount
        let untouched = kept.document.byteCount
        #expect(after < before / 2 && after >= 20_000)
        #expect(untouched == before, "a copy of the replica keeps what it has")
        #expect(other.text == replica.text && other.stateChecksum == replica.stateChecksum)
    }
}

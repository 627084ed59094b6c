import TestSupport
import Testing

@testable import GlossCore

/// Keystrokes that wait: nobody who looks can tell.
@Suite struct BurstTests {
    private let author = Author(agent: AgentID(rawValue: 1), time: 0)

    /// A document in which the last keystrokes wait.
    private func typed() throws -> Document {
        var document = Document(id: CheckedDocument.id)
        try document.replace(0..<0, with: Array("walls".unicodeScalars), by: author)
        for scalar in "é!".unicodeScalars {
            try document.replace(
                document.textCount..<document.textCount, with: [scalar], by: author)
        }
        return document
    }

    @Test("A replica of a document has what was typed last")
    func replica() throws {
        var settled = try typed()
        let changes = try settled.changes(since: VersionVector())
        let expected = try Replica(id: CheckedDocument.id, changes: changes)
        let replica = try Replica(try typed())
        #expect(replica.text == "wallsé!")
        #expect(replica.log.entries.map(\.change) == changes)
        #expect(replica.versionVector == expected.versionVector)
        #expect(replica.frontier == expected.frontier)
        #expect(replica.stateChecksum == expected.stateChecksum)
        #expect(replica.text(at: replica.frontier) == "wallsé!")
        #expect(replica.textIndex.visibleCount == 7)
    }

    @Test("Keystrokes leave the log that they leave one by one", arguments: 0..<40)
    func oneByOne(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var waiting = Document(
            id: CheckedDocument.id, tree: SpanTree(leafShift: 2, nodeShift: 2))
        var settled = waiting.copy()
        var caret = 0
        for _ in 0..<150 {
            let count = waiting.textCount
            if random.chance(0.05) { caret = random.below(count + 1) }
            var range = caret..<caret
            var text: [Unicode.Scalar] = []
            switch random.below(12) {
            case 0..<5: text = [Scalars.astral.next(using: &random)]
            case 5..<8 where caret > 0: range = caret - 1..<caret
            case 8..<11 where caret < count: range = caret..<caret + 1
            default: text = Scalars.mixed.run(upTo: 3, using: &random)
            }
            let author = Author(
                agent: AgentID(rawValue: random.chance(0.05) ? 2 : 1),
                time: random.chance(0.05) ? 1 : 0, message: random.chance(0.03) ? "why" : nil)
            try waiting.replace(range, with: text, by: author)
            try settled.replace(range, with: text, by: author)
            settled.settle()
            caret = range.lowerBound + text.count
            waiting.checkInvariants()
            let texts = [waiting.text, settled.text]
            #expect(texts[0] == texts[1], "seed \(seed)")
        }
        let difference = DocumentState(waiting).difference(from: DocumentState(settled))
        #expect(difference == nil, "seed \(seed)")
    }
}

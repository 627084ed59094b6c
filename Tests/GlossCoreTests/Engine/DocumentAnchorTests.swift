import TestSupport
import Testing

@testable import GlossCore

/// Anchors made and resolved by the engine, few and many at a time, against a count by hand.
@Suite struct DocumentAnchorTests {
    private static let author = Author(agent: AgentID(rawValue: 5), time: 0)
    private static let alphabet: [Unicode.Scalar] = ["a", "é", "ж", "中", "😀", "\u{301}"]

    /// All characters in order, with whether each shows.
    private static func characters(
        of document: borrowing Document
    ) -> [(id: OpID, isVisible: Bool)] {
        var characters: [(id: OpID, isVisible: Bool)] = []
        document.tree.forEachRun { run in
            for version in run.first..<run.end {
                characters.append((document.identity(of: version), !run.isHidden))
            }
        }
        return characters
    }

    /// A document of small nodes that was typed in and erased from at random.
    private static func document(seed: UInt64) throws -> Document {
        var random = SeededRandom(seed: seed)
        var document = Document(
            id: DocumentID(high: 1, low: 2), tree: SpanTree(leafShift: 2, nodeShift: 2))
        for _ in 0..<200 {
            let count = document.textCount
            let start = random.below(count + 1)
            let deleted = random.chance(0.4) ? random.below(min(6, count - start) + 1) : 0
            let text = (0..<random.below(5)).map { _ in alphabet[random.below(alphabet.count)] }
            try document.replace(start..<start + deleted, with: text, by: author)
        }
        document.settle()
        return document
    }

    @Test("Anchors name the characters at their offsets, few or many", arguments: 0..<10)
    func making(seed: UInt64) throws {
        var document = try Self.document(seed: seed)
        let visible = Self.characters(of: document).filter(\.isVisible).map(\.id)
        let offsets = Array(visible.indices).shuffled()
        let many = document.anchors(at: offsets, side: .after)
        #expect(many == offsets.map { Anchor(.after, visible[$0]) })
        for offset in offsets.prefix(20) {
            let one = document.anchors(at: [offset], side: .before)
            #expect(one == [Anchor(.before, visible[offset])])
        }
    }

    @Test("Anchors stand where their characters are or were, few or many", arguments: 0..<10)
    func resolving(seed: UInt64) throws {
        var document = try Self.document(seed: seed)
        let characters = Self.characters(of: document)
        var before = 0
        var anchors: [Anchor] = []
        var expected: [Int?] = []
        for character in characters {
            anchors += [Anchor(.before, character.id), Anchor(.after, character.id)]
            expected += [before, before + (character.isVisible ? 1 : 0)]
            if character.isVisible { before += 1 }
        }
        let isDeletion = document.operationCount - characters.count
        #expect(isDeletion > 0)
        let many = document.offsets(of: anchors)
        #expect(many == expected)
        for index in stride(from: 0, to: anchors.count, by: 7) {
            let one = document.offsets(of: [anchors[index]])
            #expect(one == [expected[index]])
        }
    }

    @Test("An anchor on a character that has not arrived, or on no character, stands nowhere")
    func nowhere() throws {
        var document = try Self.document(seed: 1)
        let stranger = OpID(agent: AgentID(rawValue: 9), seq: 0)
        let late = OpID(agent: Self.author.agent, seq: document.operationCount)
        let deletions = (0..<document.operationCount).filter {
            document.ops.kind(of: $0) == .deletion
        }
        let strange = [stranger, late] + deletions.prefix(3).map { document.identity(of: $0) }
        for id in strange {
            let few = document.offsets(of: [Anchor(.before, id)])
            #expect(few == [nil])
        }
        let many = document.offsets(
            of: (0..<500).map { Anchor(.after, strange[$0 % strange.count]) })
        #expect(many.allSatisfy { $0 == nil })
    }
}

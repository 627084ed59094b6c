import TestSupport
import Testing

@testable import GlossCore

@Suite struct PackedOpsTests {
    private static let kinds = 7

    /// Operations beside the text of random histories: all there are of a kind in them.
    private func operations(seed: UInt64) throws -> [Op] {
        let history = try AnnotationHistoryGenerator.history(seed: seed)
        return (history.article.changes + history.annotations.changes).flatMap(\.ops).filter {
            switch $0 {
            case .insert, .delete: false
            default: true
            }
        }
    }

    @Test("What is packed comes out again, and is found by its version")
    func roundTrip() throws {
        var forms: Set<UInt8> = []
        for seed in UInt64(50_000)..<50_040 {
            let ops = try operations(seed: seed)
            let versions = ops.indices.map { 3 * $0 + 1 }
            let packed = PackedOps(ops, at: versions)
            let copy = packed.copy()
            #expect(packed.count == ops.count)
            for (index, op) in ops.enumerated() {
                let found = packed[index]
                let copied = copy[index]
                #expect(found == op && copied == op, "seed \(seed), \(index)")
                let place = (
                    packed.version(of: index), packed.index(at: versions[index]),
                    packed.index(at: versions[index] + 1)
                )
                #expect(place == (versions[index], index, nil), "seed \(seed), \(index)")
                forms.insert(packed.form(of: index))
            }
        }
        #expect(forms.count == Self.kinds, "the histories have every kind of operation")
    }

    @Test("What is taken back is gone, and the next takes its place")
    func takingBack() throws {
        let ops = try operations(seed: 50_000)
        var packed = PackedOps(ops, at: Array(ops.indices))
        packed.removeLast()
        packed.removeLast()
        packed.shrink()
        packed.append(.unknown, at: ops.count)
        let (last, before) = (packed[ops.count - 2], packed[ops.count - 3])
        #expect(last == .unknown)
        #expect(before == ops[ops.count - 3])
        let place = packed.index(at: ops.count)
        #expect(place == ops.count - 2)
    }

    @Test("Anchors may name any number, for only the article can judge them")
    func anyNumber() {
        let agent = AgentID(rawValue: .max)
        let ids = [-1, 0, OpID.limit, .max, .min].map { OpID(agent: agent, seq: $0) }
        let range = AnchorRange(start: Anchor(.before, ids[0]), end: Anchor(.after, ids[3]))
        let target = Target(
            ranges: [range], quote: Quote(exact: "", prefix: "é", suffix: "漢😀"), version: ids)
        let note = NewAnnotation(kind: .note, target: target, body: "", tags: ["a", "a"])
        let op = Op.annotate(note)
        let packed = PackedOps([op], at: [0])
        let found = packed[0]
        #expect(found == op)
    }
}

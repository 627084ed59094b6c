import TestSupport
import Testing

@testable import GlossCore

@Suite struct ScalarArenaTests {
    @Test(arguments: Scalars.allCases)
    func `an arena gives back what was put in, one by one or many at once`(_ kind: Scalars) {
        for seed in 0..<40 {
            var random = SeededRandom(seed: UInt64(seed))
            var arena = ScalarArena()
            var twin: [Unicode.Scalar] = []
            for _ in 0..<30 {
                // Begin narrow, so that widening happens with something held.
                let source = random.chance(0.2) ? kind : .ascii
                let added = source.run(upTo: 200, using: &random)
                switch random.below(4) {
                case 0: for scalar in added { arena.append(scalar) }
                case 1: arena.append(contentsOf: added.span)
                case 2:
                    #expect(
                        arena.append(utf8: Array(Scalars.string(added).utf8).span) == added.count)
                default:
                    let kept = random.below(twin.count + 1)
                    arena.truncate(to: kept)
                    twin.removeSubrange(kept...)
                    arena.append(contentsOf: added.span)
                }
                twin += added
                check(arena, against: twin, using: &random, seed: seed)
            }
        }
    }

    private func check(
        _ arena: borrowing ScalarArena, against twin: [Unicode.Scalar],
        using random: inout SeededRandom, seed: Int
    ) {
        let count = arena.count
        guard count == twin.count else {
            Issue.record("seed \(seed): \(count) scalars, not \(twin.count)")
            return
        }
        let all = (0..<count).map { arena[$0] }
        #expect(all == twin, "seed \(seed)")
        let part = Scalars.range(in: twin.count, using: &random)
        let text = Scalars.string(twin[part])
        let read = arena.string(part)
        #expect(Array(read.unicodeScalars) == Array(twin[part]), "seed \(seed)")
        var bytes: [UInt8] = [1, 2]
        arena.append(utf8Of: part, to: &bytes)
        #expect(bytes == [1, 2] + Array(text.utf8), "seed \(seed)")
        let surplus = arena.surplus(of: part)
        #expect(surplus.utf8 == text.utf8.count - part.count, "seed \(seed)")
        #expect(surplus.utf16 == text.utf16.count - part.count, "seed \(seed)")
    }

    @Test func `scalars take as many bytes as the widest needs`() {
        var arena = ScalarArena()
        for (scalar, width) in [("a", 1), ("ÿ", 1), ("Ā", 2), ("b", 2), ("\u{FFFF}", 2), ("😀", 4)]
            as [(Unicode.Scalar, Int)]
        {
            arena.append(scalar)
            let bytes = arena.byteCount
            #expect(bytes % width == 0)
            let expected: ScalarWidth = width == 1 ? .one : width == 2 ? .two : .four
            let actual = arena.width
            #expect(actual == expected)
        }
        let text = arena.string(0..<6)
        #expect(text == "aÿĀb\u{FFFF}😀")
    }

    @Test func `a copy and its source do not see each other`() {
        var arena = ScalarArena()
        arena.append(contentsOf: (["a", "é"] as [Unicode.Scalar]).span)
        var copy = arena.copy()
        copy.append("😀")
        arena.append("b")
        #expect(arena.string(0..<arena.count) == "aéb")
        #expect(copy.string(0..<copy.count) == "aé😀")
    }
}

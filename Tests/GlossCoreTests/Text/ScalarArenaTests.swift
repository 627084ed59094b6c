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
                switch random.below(5) {
                case 0: for scalar in added { arena.append(scalar) }
                case 1: arena.append(contentsOf: added.span)
                case 2:
                    #expect(
                        arena.append(utf8: Array(Scalars.string(added).utf8).span) == added.count)
                case 3:
                    var text = TextBuffer(frameSize: 16)
                    text.insert(contentsOf: (["é"] + added).span, at: 0)
                    arena.append(from: text, 1..<text.count)
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

    @Test func `a scalar takes as many bytes as in UTF-8, whatever stands elsewhere`() {
        var arena = ScalarArena()
        for (scalar, length) in [
            ("a", 1), ("ÿ", 3), ("Ā", 5), ("b", 6), ("\u{FFFF}", 9), ("😀", 13),
        ]
            as [(Unicode.Scalar, Int)]
        {
            arena.append(scalar)
            let count = arena.bytes.count
            #expect(count == length)
        }
        let text = arena.string(0..<6)
        #expect(text == "aÿĀb\u{FFFF}😀")
    }

    @Test func `a long ASCII arena takes at most a quarter more than its length and its marks`() {
        var arena = ScalarArena()
        for _ in 0..<182_000 { arena.append("x") }
        let bytes = arena.byteCount
        #expect(bytes < 182_000 * 5 / 4 + 182_000 / 64 * 6)
        arena.append("😀")
        let wide = arena.byteCount
        #expect(wide == bytes)
        let last = [arena[181_999], arena[182_000]]
        #expect(last == ["x", "😀"])
    }

    @Test(arguments: [63, 64, 65, 128, 500])
    func `scalars are found around marks after truncation there`(_ kept: Int) {
        for kind in Scalars.allCases {
            var random = SeededRandom(seed: UInt64(kept))
            var twin = (0..<1000).map { _ in kind.next(using: &random) }
            var arena = ScalarArena()
            arena.append(contentsOf: twin.span)
            arena.truncate(to: kept)
            let added = (0..<700).map { _ in kind.next(using: &random) }
            let count = arena.append(utf8: Array(Scalars.string(added).utf8).span)
            #expect(count == 700)
            twin = twin[..<kept] + added
            check(arena, against: twin, using: &random, seed: kept)
            var read: [Unicode.Scalar] = []
            arena.append(scalarsOf: 60..<twin.count, to: &read)
            #expect(read == Array(twin[60...]))
        }
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

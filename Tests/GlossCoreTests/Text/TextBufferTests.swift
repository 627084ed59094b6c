import TestSupport
import Testing

@testable import GlossCore

@Suite struct TextBufferTests {
    @Test(arguments: Scalars.allCases)
    func `random edits leave the same text as in a plain array`(_ kind: Scalars) {
        for seed in 0..<60 {
            var random = SeededRandom(seed: UInt64(seed))
            var text = TextBuffer(frameSize: [16, 23, 64, 4096][seed % 4])
            var arena = ScalarArena()
            var twin: [Unicode.Scalar] = []
            for _ in 0..<120 {
                let source = random.chance(0.3) ? kind : .ascii
                edit(&text, &arena, &twin, source, using: &random)
                check(text, against: twin, using: &random, seed: seed)
                text.checkInvariants()
            }
        }
    }

    private func edit(
        _ text: inout TextBuffer, _ arena: inout ScalarArena, _ twin: inout [Unicode.Scalar],
        _ kind: Scalars, using random: inout SeededRandom
    ) {
        let position = random.below(twin.count + 1)
        switch random.below(6) {
        case 0:
            var place = position
            for scalar in kind.run(upTo: 40, using: &random) {
                text.insert(scalar, at: place)
                twin.insert(scalar, at: place)
                place += 1
            }
        case 1:
            let added = kind.run(upTo: 120, using: &random)
            text.insert(contentsOf: added.span, at: position)
            twin.insert(contentsOf: added, at: position)
        case 2:
            arena.append(contentsOf: kind.run(upTo: 60, using: &random).span)
            let part = Scalars.range(in: arena.count, using: &random)
            text.insert(from: arena, part, at: position)
            let added = part.map { arena[$0] }
            twin.insert(contentsOf: added, at: position)
        case 3:
            for end in stride(from: position, to: max(0, position - 20), by: -1) {
                text.remove(end - 1..<end)
                twin.remove(at: end - 1)
            }
        case 4:
            for _ in position..<min(twin.count, position + 20) {
                text.remove(position..<position + 1)
                twin.remove(at: position)
            }
        default:
            let part = Scalars.range(in: twin.count, using: &random)
            text.remove(part)
            twin.removeSubrange(part)
        }
    }

    private func check(
        _ text: borrowing TextBuffer, against twin: [Unicode.Scalar],
        using random: inout SeededRandom, seed: Int
    ) {
        let count = text.count
        guard count == twin.count else {
            Issue.record("seed \(seed): \(count) scalars, not \(twin.count)")
            return
        }
        let whole = Scalars.string(twin)
        let read = text.string
        #expect(Array(read.unicodeScalars) == twin, "seed \(seed)")
        let lengths = [text.utf8Count, text.utf16Count]
        #expect(lengths == [whole.utf8.count, whole.utf16.count], "seed \(seed)")

        let part = Scalars.range(in: twin.count, using: &random)
        let scalars = text.scalars(part)
        #expect(scalars == Array(twin[part]), "seed \(seed)")
        let one = part.map { text[$0] }
        #expect(one == scalars, "seed \(seed)")
        let middle = text.string(part)
        #expect(Array(middle.unicodeScalars) == scalars, "seed \(seed)")
        var bytes: [UInt8] = [9]
        text.append(utf8Of: part, to: &bytes)
        #expect(bytes == [9] + Array(Scalars.string(twin[part]).utf8), "seed \(seed)")
    }

    @Test(arguments: Scalars.allCases)
    func `a text opened from UTF-8 can be edited on`(_ kind: Scalars) throws {
        var random = SeededRandom(seed: 3)
        for round in 0..<50 {
            let frameSize = round.isMultiple(of: 2) ? 16 : 4096
            var twin = kind.run(upTo: 300, using: &random)
            guard
                var text = TextBuffer(
                    utf8: Array(Scalars.string(twin).utf8).span, frameSize: frameSize)
            else {
                Issue.record("well-formed bytes were refused")
                return
            }
            check(text, against: twin, using: &random, seed: 3)
            let position = random.below(twin.count + 1)
            text.insert("é", at: position)
            twin.insert("é", at: position)
            check(text, against: twin, using: &random, seed: 3)
        }
    }

    @Test func `a copy and its source do not see each other`() {
        var text = TextBuffer()
        text.insert(contentsOf: (["a", "é", "c"] as [Unicode.Scalar]).span, at: 0)
        text.insert("b", at: 1)
        var copy = text.copy()
        copy.insert("😀", at: 0)
        text.remove(0..<1)
        #expect(text.string == "béc")
        #expect(copy.string == "😀abéc")
        #expect(copy.utf16Count == 6)
        #expect(text.utf8Count == 4)
    }

    @Test func `a long ASCII text takes a quarter more than its length at most`() {
        var text = TextBuffer()
        for position in 0..<105_000 { text.insert("x", at: position) }
        let bytes = text.byteCount
        #expect(bytes < 132_000)
    }

    @Test func `a wide scalar takes no more room than its own`() {
        var arena = ScalarArena()
        arena.append(contentsOf: (["a", "é", "😀"] as [Unicode.Scalar]).span)
        var text = TextBuffer()
        text.insert(from: arena, 0..<2, at: 0)
        #expect(text.utf8Count == 3)
        text.insert(from: arena, 2..<3, at: 1)
        #expect(text.utf8Count == 7)
        #expect(text.string == "a😀é")
    }
}

import TestSupport
import Testing

@testable import GlossCore

@Suite struct TextBlockTests {
    @Test(arguments: Scalars.allCases)
    func `a text of many groups of blocks stays what a plain array is`(_ kind: Scalars) {
        for seed in 0..<6 {
            var random = SeededRandom(seed: UInt64(seed))
            var text = TextBuffer(frameSize: 16 + seed)
            var twin = (0..<4000).map { _ in
                (random.chance(0.3) ? kind : .ascii).next(using: &random)
            }
            text.insert(contentsOf: twin.span, at: 0)
            for step in 0..<300 {
                let place = random.below(twin.count + 1)
                if random.chance(0.6) {
                    let added = kind.run(upTo: random.chance(0.1) ? 1500 : 12, using: &random)
                    text.insert(contentsOf: added.span, at: place)
                    twin.insert(contentsOf: added, at: place)
                } else {
                    let limit = random.chance(0.1) ? 2000 : 12
                    let part = place..<min(twin.count, place + random.below(limit))
                    text.remove(part)
                    twin.removeSubrange(part)
                }
                if step % 20 == 0 { check(text, twin, "seed \(seed), step \(step)") }
            }
            check(text, twin, "seed \(seed)")
            text.remove(0..<twin.count)
            check(text, [], "seed \(seed)")
            text.insert("é", at: 0)
            check(text, ["é"], "seed \(seed)")
        }
    }

    private func check(_ text: borrowing TextBuffer, _ twin: [Unicode.Scalar], _ label: String) {
        let scalars = text.scalars(0..<text.count)
        #expect(scalars == twin, "\(label)")
        let string = text.string
        #expect(Array(string.unicodeScalars) == twin, "\(label)")
        text.checkInvariants()
    }

    @Test func `typing and backspacing one by one all over the text keeps blocks filled`() {
        for frameSize in [64, 4096] {
            var random = SeededRandom(seed: 11)
            var text = TextBuffer(frameSize: frameSize)
            var place = 0
            for _ in 0..<60_000 {
                if random.chance(0.01) { place = random.below(text.count + 1) }
                if place > 0, random.chance(0.2) {
                    text.remove(place - 1..<place)
                    place -= 1
                } else {
                    text.insert("x", at: place)
                    place += 1
                }
            }
            text.checkInvariants()
            let blocks = text.blocks.count
            let fill = Double(text.count) / Double(blocks * frameSize)
            #expect(fill > 0.55)
        }
    }

    @Test func `frames of removed blocks are used again`() {
        var text = TextBuffer(frameSize: 64)
        for _ in 0..<20 {
            for _ in 0..<3000 { text.insert("y", at: text.count / 2) }
            text.remove(0..<text.count)
        }
        let bytes = text.bytes.count
        #expect(bytes < 9000)
        text.checkInvariants()
    }

    @Test func `a text takes few bytes more than its UTF-8`() {
        var text = TextBuffer()
        for place in 0..<50_000 { text.insert(place % 50 == 0 ? "ü" : "x", at: place) }
        let bytes = text.byteCount
        #expect(bytes < 70_000)
    }

    @Test func `a copy of a text with an open block can be edited on`() {
        var text = TextBuffer(frameSize: 16)
        for _ in 0..<300 { text.insert("é", at: text.count / 3) }
        var copy = text.copy()
        copy.insert("a", at: 7)
        copy.remove(200..<250)
        copy.checkInvariants()
        text.checkInvariants()
        #expect(copy.count == 251)
        #expect(text.count == 300)
    }
}

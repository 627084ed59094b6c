import TestSupport
import Testing

@testable import GlossCore

@Suite struct TextPositionTests {
    @Test(arguments: Scalars.allCases)
    func `positions convert to UTF-8 and UTF-16 and back as the standard library counts`(
        _ kind: Scalars
    ) {
        for seed in 0..<12 {
            var random = SeededRandom(seed: UInt64(seed))
            let twin = (0..<700).map { _ in
                (random.chance(0.5) ? kind : .ascii).next(using: &random)
            }
            var text = TextBuffer(frameSize: [4096, 16, 40][seed % 3])
            text.insert(contentsOf: twin.span, at: 0)
            // Put the gap somewhere inside.
            let gap = random.below(700)
            text.insert("x", at: gap)
            text.remove(gap..<gap + 1)
            check(text, against: twin, .utf8) { UTF8.width($0) }
            check(text, against: twin, .utf16) { UTF16.width($0) }
        }
    }

    private func check(
        _ text: borrowing TextBuffer, against twin: [Unicode.Scalar], _ unit: TextBuffer.Encoding,
        width: (Unicode.Scalar) -> Int
    ) {
        let starts = twin.reduce(into: [0]) { $0.append($0[$0.count - 1] + width($1)) }
        let end = starts[twin.count]
        let there = starts.indices.map { text.offset(of: $0, in: unit) }
        #expect(there == starts)
        // Offsets inside a scalar have no position.
        let back = (0...end).map { text.position(at: $0, in: unit) }
        var expected = [Int?](repeating: nil, count: end + 1)
        for (position, start) in starts.enumerated() { expected[start] = position }
        #expect(back == expected)
        let outside = [text.position(at: -1, in: unit), text.position(at: end + 1, in: unit)]
        #expect(outside == [nil, nil])
    }

    @Test func `positions convert in a text of several groups of blocks`() {
        let twin = (0..<1200).map { Array("aé漢😀b".unicodeScalars)[$0 * 7 % 11 % 5] }
        var text = TextBuffer(frameSize: 16)
        text.insert(contentsOf: twin.span, at: 0)
        let groups = text.groups.count
        #expect(groups > 2)
        check(text, against: twin, .utf8) { UTF8.width($0) }
        check(text, against: twin, .utf16) { UTF16.width($0) }
    }

    @Test func `an empty text has one position`() {
        let text = TextBuffer()
        #expect(text.offset(of: 0, in: .utf8) == 0)
        #expect(text.position(at: 0, in: .utf16) == 0)
        #expect(text.position(at: 1, in: .utf16) == nil)
    }
}

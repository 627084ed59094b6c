import TestSupport
import Testing

@testable import GlossCore

@Suite struct GraphemeBoundaryTests {
    @Test(arguments: [
        "", "plain words", "a\r\nb\r\n\r\n\n\r", "e\u{301}e\u{301}\u{301}",
        "한국어 \u{1112}\u{1161}\u{11AB}",
        "🇩🇪🇫🇷🇬🇧🇩", "🇩🇪🇫", "x🇩🇪y🇫🇷", "👩‍👩‍👧‍👦👨🏽‍🚀👍🏿!", "👩‍", "क्षत्रिय किस्मत", "กำลัง", "漢字かな交じり文。",
        "\u{600}1\u{600}\u{600}a", "©\u{200D}©", "a\u{200D}👩", "\u{301}a", "\u{200D}\u{200D}",
        "ﷺ\u{AD}b",
        "🏴󠁧󠁢󠁥󠁮󠁧󠁿🏴󠁧󠁢󠁥󠁮󠁧󠁿", "क्\u{200D}ष",
    ])
    func `boundaries are where Swift ends its characters`(_ source: String) {
        check(Array(source.unicodeScalars))
    }

    @Test func `long runs of flags, marks, joiners and Hangul keep their parity`() {
        for count in [1, 2, 31, 32, 33, 65] {
            for unit in ["🇩", "\u{301}", "👩‍", "\u{1112}\u{1161}", "क्", "🏽", "\u{600}"] {
                let run = String(repeating: unit, count: count)
                check(Array((run + "a").unicodeScalars))
                check(Array(("\u{1F1E9}" + run + "क").unicodeScalars))
                check(Array(("a" + run + "👩").unicodeScalars))
            }
        }
    }

    @Test func `boundaries agree with Swift in random texts of what joins`() {
        let joining: [Unicode.Scalar] = [
            "a", " ", "\r", "\n", "\u{7F}", "\u{AD}", "\u{A9}", "\u{301}", "\u{200D}", "\u{200C}",
            "\u{1F1E9}", "\u{1F1EA}", "\u{1F469}", "\u{1F3FD}", "\u{2764}", "\u{FE0F}", "\u{20E3}",
            "\u{1112}", "\u{1161}", "\u{11AB}", "\u{AC00}", "\u{AC01}", "\u{915}", "\u{937}",
            "\u{94D}", "\u{93C}", "\u{93F}", "\u{D4D}", "\u{D15}", "\u{600}", "\u{110BD}",
            "\u{E33}",
            "\u{E0067}", "\u{E007F}", "\u{6F22}", "\u{200B}", "\u{1039}", "\u{1000}",
        ]
        for seed in 0..<1000 {
            var random = SeededRandom(seed: UInt64(seed))
            // Few different ones, so that long chains of them happen.
            let few = (0..<1 + random.below(6)).map { _ in joining[random.below(joining.count)] }
            check((0..<random.below(40)).map { _ in few[random.below(few.count)] })
        }
    }

    private func check(_ scalars: [Unicode.Scalar]) {
        var text = TextBuffer(frameSize: 16)
        text.insert(contentsOf: scalars.span, at: 0)
        if scalars.count > 1 {
            text.insert("x", at: scalars.count / 2)
            text.remove(scalars.count / 2..<scalars.count / 2 + 1)
        }
        var boundaries = [0]
        for character in Scalars.string(scalars) {
            boundaries.append(boundaries[boundaries.count - 1] + character.unicodeScalars.count)
        }
        let positions = 0...scalars.count
        let before = positions.map { text.graphemeBoundary(atOrBefore: $0) }
        let behind = positions.map { text.graphemeBoundary(after: $0) }
        #expect(
            before == positions.map { position in boundaries.last { $0 <= position } ?? 0 },
            "\(scalars)")
        #expect(
            behind
                == positions.map { position in
                    boundaries.first { $0 > position } ?? scalars.count
                }, "\(scalars)")
    }
}

import GlossCore
import TestSupport
import Testing

@testable import GlossClient

@Suite("The difference of two texts")
struct WordDiffTests {
    private func applied(_ edits: [TextEdit], to old: String) -> [Unicode.Scalar] {
        let scalars = Array(old.unicodeScalars)
        var result: [Unicode.Scalar] = []
        var offset = 0
        for edit in edits {
            result += scalars[offset..<edit.range.lowerBound]
            result += edit.replacement
            offset = edit.range.upperBound
        }
        return result + scalars[offset...]
    }

    private func check(_ old: String, _ new: String) -> Bool {
        let edits = WordDiff.edits(from: old, to: new)
        let scalars = Array(old.unicodeScalars)
        let isAscending = zip(edits, edits.dropFirst()).allSatisfy {
            $0.range.upperBound < $1.range.lowerBound
        }
        let isWhole = edits.allSatisfy {
            Graphemes.isBoundary($0.range.lowerBound, in: scalars)
                && Graphemes.isBoundary($0.range.upperBound, in: scalars)
        }
        return applied(edits, to: old) == Array(new.unicodeScalars) && isAscending && isWhole
    }

    @Test("One mended typo is one small edit")
    func typo() {
        let edits = WordDiff.edits(
            from: "First.\n\nWe recieve the boats.\n", to: "First.\n\nWe receive the boats.\n")
        #expect(edits == [TextEdit(14..<16, "ei")])
        #expect(WordDiff.edits(from: "a cat", to: "a cats") == [TextEdit(5..<5, "s")])
        #expect(WordDiff.edits(from: "same", to: "same").isEmpty)
        #expect(WordDiff.edits(from: "", to: "new") == [TextEdit(0..<0, "new")])
        #expect(WordDiff.edits(from: "old", to: "") == [TextEdit(0..<3, "")])
    }

    @Test("Words put into one gap are found there, whatever else was edited")
    func oneGap() {
        let base = "Omicron pi rho sigma tau upsilon"
        #expect(
            WordDiff.edits(from: base, to: "Omicron pi rho sigma and tau upsilon")
                == [TextEdit(20..<20, " and")])
        #expect(
            WordDiff.edits(from: base, to: "OMICRON pi rho sigma or tau upsilon")
                == [TextEdit(0..<7, "OMICRON"), TextEdit(20..<20, " or")])
        #expect(
            WordDiff.edits(from: base, to: "Omicron pi sigma tau UPSILON").first
                == TextEdit(10..<14, ""))
    }

    @Test("A sentence or a paragraph is put in whole")
    func wholeSentences() {
        #expect(
            WordDiff.edits(from: "The dog ran.", to: "The cat sat. The dog ran.")
                == [TextEdit(0..<0, "The cat sat. ")])
        let rain = "It rained. The dog ran."
        #expect(
            WordDiff.edits(from: rain, to: "It rained. The cat sat. The dog ran.")
                == [TextEdit(10..<10, " The cat sat.")])
        #expect(
            WordDiff.edits(from: "One.\n\nThe dog.\n", to: "One.\n\nThe cat.\n\nThe dog.\n")
                == [TextEdit(6..<6, "The cat.\n\n")])
        #expect(
            WordDiff.edits(from: "One.\n\nThe cat.\n\nThe dog.\n", to: "One.\n\nThe dog.\n")
                == [TextEdit(6..<16, "")])
    }

    @Test("Words put in or taken out are in one place in any context", arguments: 0..<400)
    func anyContext(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        let words = ["a", "b", "a,", "b.", "c"]
        func some(_ count: Int) -> [String] {
            (0..<count).map { _ in words[random.below(words.count)] }
        }
        let text = some(2 + random.below(7))
        var changed = text
        changed.insert(contentsOf: some(1 + random.below(3)), at: random.below(text.count + 1))
        let isRemoval = random.below(2) == 0
        let (old, new) = isRemoval ? (changed, text) : (text, changed)
        func length(of words: [String]) -> Int { words.joined(separator: " ").unicodeScalars.count }
        /// The edits with words around that differ too, without those of these words.
        func edits(_ front: (String, String), _ back: (String, String)) -> [TextEdit] {
            let lead = "one two three four five six "
            let texts = [(front.0, old, back.0), (front.1, new, back.1)].map { front, words, back in
                front + lead + words.joined(separator: " ") + " seven eight nine ten eleven " + back
            }
            let shift = front.0.unicodeScalars.count
            let end = shift + lead.unicodeScalars.count + length(of: old) + 2
            return WordDiff.edits(from: texts[0], to: texts[1])
                .filter { $0.range.lowerBound > shift && $0.range.upperBound < end }
                .map { edit in
                    var edit = edit
                    edit.range =
                        edit.range.lowerBound - shift..<edit.range.upperBound - shift
                    return edit
                }
        }
        let alone = edits(("", ""), ("", ""))
        #expect(alone.count == 1)
        for (front, back) in [
            (("x ", "y "), ("", "")), (("", ""), ("x", "y")), (("x ", "y z "), ("x", "y")),
            (("a b x ", "a b "), ("b c", "b a c")), (("", "a b "), ("a", "c b")),
        ] {
            #expect(edits(front, back) == alone)
        }
    }

    @Test("Graphemes are exchanged whole")
    func graphemes() {
        #expect(WordDiff.edits(from: "a👩‍🌾b", to: "a👩b") == [TextEdit(1..<4, "👩")])
        #expect(WordDiff.edits(from: "cafe", to: "cafe\u{301}") == [TextEdit(3..<4, "e\u{301}")])
        #expect(
            WordDiff.edits(from: "\u{E9}", to: "e\u{301}") == [TextEdit(0..<1, "e\u{301}")])
        #expect(check("a\r\nb", "a\nb"))
    }

    @Test("The edits turn any old text into any new one", arguments: 0..<60)
    func anyTexts(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        let pieces = [
            "river", "the ", " ", "\n", "\r\n", "👩‍🌾", "e\u{301}", "\u{301}", "é", ", ", "水", "🇳🇱",
            "a",
            "\n\n", "\r", "\u{200D}", "한", "\u{1100}", "don't",
        ]
        func text(_ count: Int) -> [String] {
            (0..<count).map { _ in pieces[random.below(pieces.count)] }
        }
        var words = text(random.below(80))
        let old = words.joined()
        for _ in 0..<random.below(8) {
            let start = random.below(words.count + 1)
            let end = min(words.count, start + random.below(4))
            words.replaceSubrange(start..<end, with: text(random.below(4)))
        }
        #expect(check(old, words.joined()))
        #expect(check(old, text(random.below(80)).joined()))
    }

    @Test("Short lists are compared with as few differences as can be", arguments: 0..<200)
    func minimal(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        let old = (0..<random.below(24)).map { _ in random.below(4) }
        let new = (0..<random.below(24)).map { _ in random.below(4) }
        let hunks = SequenceDiff.hunks(from: old, to: new)
        var row = [Int](repeating: 0, count: new.count + 1)
        for element in old {
            var diagonal = 0
            for index in new.indices {
                let above = row[index + 1]
                row[index + 1] =
                    element == new[index] ? diagonal + 1 : max(above, row[index])
                diagonal = above
            }
        }
        let changed = hunks.reduce(0) { $0 + $1.old.count + $1.new.count }
        #expect(changed == old.count + new.count - 2 * row[new.count])
        #expect(
            zip(hunks, hunks.dropFirst()).allSatisfy {
                $0.old.upperBound < $1.old.lowerBound
                    && $1.old.lowerBound - $0.old.upperBound
                        == $1.new.lowerBound - $0.new.upperBound
            })
    }

    @Test("A megabyte with edits all over is compared in bounded time")
    func large() {
        var random = SeededRandom(seed: 7)
        var words = (0..<170_000).map { _ in ["flood", "dike", "sea", "wall"][random.below(4)] }
        let old = words.joined(separator: " ")
        for _ in 0..<40 { words[random.below(words.count)] = "tide" }
        #expect(old.utf8.count > 700_000)
        #expect(check(old, words.joined(separator: " ")))
        let other = (0..<60_000).map { _ in ["reed", "mud", "sea", "eel"][random.below(4)] }
        #expect(check(old, other.joined(separator: " ")))
    }

    @Test("What is shown is whole words")
    func segments() {
        #expect(
            WordDiff.segments(from: "Is contain right?", to: "Is confine right?") == [
                .init(.kept, "Is "), .init(.removed, "contain"), .init(.added, "confine"),
                .init(.kept, " right?"),
            ])
        #expect(
            WordDiff.segments(from: "took eighteen hundred lives", to: "took many more lives") == [
                .init(.kept, "took "), .init(.removed, "eighteen hundred"),
                .init(.added, "many more"), .init(.kept, " lives"),
            ])
        #expect(WordDiff.segments(from: "", to: "").isEmpty)
    }
}

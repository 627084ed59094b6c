import GlossCore
import TestSupport
import Testing

@testable import GlossClient

/// What people see as one character is never cut, by what points at text or by what changes it.
@Suite("Graphemes stay whole")
struct WholeGraphemeTests {
    private static let pieces = [
        "dike", "the ", " ", "\n", "\r\n", "\r", ". ", "e\u{301}", "\u{301}", "é", "水",
        "👩‍🌾", "👩‍👩‍👧", "🇳🇱", "🇧🇪", "👍🏽", "한", "\u{1112}\u{1161}\u{11AB}", "\u{1112}", "\u{1161}",
        "\u{200D}", "नि", "ก\u{E33}", "\u{FE0F}",
    ]

    private static func text(_ count: Int, _ random: inout SeededRandom) -> [String] {
        (0..<count).map { _ in pieces[random.below(pieces.count)] }
    }

    /// Where graphemes begin in a text, and its end, as the standard library has it.
    private static func boundaries(of text: String) -> Set<Int> {
        var end = 0
        return Set(
            [0]
                + text.map { character in
                    end += character.unicodeScalars.count
                    return end
                })
    }

    @Test("Whatever range is asked for, a target is of whole graphemes", arguments: 0..<40)
    func addresses(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let string = Self.text(1 + random.below(40), &random).joined()
        let text = ArticleText(string)
        let boundaries = Self.boundaries(of: string)
        for _ in 0..<20 {
            let lower = random.below(text.scalars.count)
            let upper = lower + 1 + random.below(text.scalars.count - lower)
            let range = try TargetAddress("chars=\(lower),\(upper)").range(in: text)
            #expect(boundaries.contains(range.lowerBound))
            #expect(boundaries.contains(range.upperBound))
            #expect(range.clamped(to: lower..<upper) == lower..<upper)
            // No more than what it cuts is added.
            #expect(!boundaries.contains { range.lowerBound < $0 && $0 <= lower })
            #expect(!boundaries.contains { upper <= $0 && $0 < range.upperBound })
            for place in QuoteFinder(in: text).allPlaces(of: text.string(lower..<upper)) {
                #expect(boundaries.contains(place.range.lowerBound))
                #expect(boundaries.contains(place.range.upperBound))
            }
        }
    }

    @Test("No edit cuts a grapheme of the old text or the new one", arguments: 0..<100)
    func edits(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var words = Self.text(random.below(60), &random)
        let old = words.joined()
        for _ in 0..<random.below(6) {
            let start = random.below(words.count + 1)
            let end = min(words.count, start + random.below(8))
            let part = Array(words[start..<end])
            words.replaceSubrange(start..<end, with: Self.text(random.below(4), &random))
            // Some of it is cut out and pasted elsewhere.
            if random.chance(0.5) {
                words.insert(contentsOf: part, at: random.below(words.count + 1))
            }
        }
        let new = words.joined()
        let scalars = Array(old.unicodeScalars)
        let edits = MoveFinder.marked(WordDiff.edits(from: old, to: new), in: scalars)
        let (before, after) = (Self.boundaries(of: old), Self.boundaries(of: new))
        var shift = 0
        for edit in edits {
            let lower = edit.range.lowerBound + shift
            shift += edit.replacement.count - edit.range.count
            #expect(before.contains(edit.range.lowerBound))
            #expect(before.contains(edit.range.upperBound))
            #expect(after.contains(lower) && after.contains(edit.range.upperBound + shift))
            for move in edit.moves {
                #expect(before.contains(move.source.lowerBound))
                #expect(before.contains(move.source.upperBound))
                #expect(after.contains(lower + move.part.lowerBound))
                #expect(after.contains(lower + move.part.upperBound))
            }
        }
    }

    @Test("A note stays on whole graphemes when newer texts are taken in", arguments: 0..<20)
    func notes(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let library = try makeLibrary("mira", seed: seed)
        let string = Self.text(40, &random).joined()
        let article = try library.addArticle(name: "river", title: "", text: string).id
        for _ in 0..<4 {
            let view = try library.view(article)
            let count = view.scalars.count
            let lower = random.below(count)
            let range = view.articleText.snapped(lower..<min(count, lower + 1 + random.below(6)))
            _ = try library.annotate(article, at: range, body: "here", command: "note")
            var words = view.text.map(String.init)
            let start = random.below(words.count)
            let end = min(words.count, start + random.below(5))
            words.replaceSubrange(start..<end, with: Self.text(random.below(3), &random))
            _ = try library.update(
                article, to: words.joined(), message: nil, command: "add --update")
            let now = try library.view(article)
            #expect(now.text.unicodeScalars.elementsEqual(words.joined().unicodeScalars))
            let boundaries = Self.boundaries(of: now.text)
            for note in now.notes {
                for range in note.placement.ranges {
                    #expect(boundaries.contains(range.lowerBound), "\(note.quote.exact)")
                    #expect(boundaries.contains(range.upperBound), "\(note.quote.exact)")
                }
            }
        }
    }
}

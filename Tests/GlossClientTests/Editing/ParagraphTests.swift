import GlossCore
import TestSupport
import Testing

@testable import GlossClient

/// An editor's text that differs in where paragraphs end.
@Suite("Splitting and joining paragraphs")
struct ParagraphTests {
    private static let words = [
        "the", "dike", "held", "for", "three", "hundred", "years", "é", "🌊", "water.", "don't",
    ]

    private static func text(_ random: inout SeededRandom) -> [String] {
        (0..<30 + random.below(30)).map { index in
            let word = words[random.below(words.count)] + "\(index)"
            return word + (random.chance(0.1) ? "\n\n" : " ")
        }
    }

    @Test(
        "Every note stays on its words, and anchored unless it stands on the seam",
        arguments: 0..<40)
    func seams(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var pieces = Self.text(&random)
        var article = Replica(id: DocumentID(high: 1, low: 2))
        let author = Author(agent: AgentID(rawValue: 3), time: 1)
        _ = try article.edit([TextEdit(0..<0, pieces.joined())], by: author)
        let targets = (0..<12).map { _ in target(&article, &random) }
        for _ in 0..<1 + random.below(4) {
            // The end of a word: a paragraph ends there from now on, or does no longer.
            let index = random.below(pieces.count - 1)
            let isParagraph = pieces[index].hasSuffix("\n\n")
            let word = pieces[index].dropLast(isParagraph ? 2 : 1)
            let start = (pieces[..<index].joined() + word).unicodeScalars.count
            let seam = start..<start + (isParagraph ? 2 : 1)
            pieces[index] = word + (isParagraph ? " " : "\n\n")
            let before = placements(of: targets, in: article)
            let edits = MoveFinder.marked(
                WordDiff.edits(from: article.text, to: pieces.joined()), in: article.scalars)
            _ = try article.edit(edits, by: author)
            #expect(article.text == pieces.joined())
            let after = placements(of: targets, in: article)
            for (target, (former, placement)) in zip(targets, zip(before, after)) {
                #expect(words(at: placement, in: article) == target.quote.exact.words)
                #expect(placement.ranges.count == 1)
                let isOnSeam = former.ranges.contains { $0.overlaps(seam) }
                if !isOnSeam { #expect(placement.state == former.state) }
            }
        }
    }

    private func placements(of targets: [Target], in article: Replica) -> [Placement] {
        let index = article.textIndex
        return targets.map { article.placement(of: $0, in: index) }
    }

    /// A target on some words, from the first letter to the last.
    private func target(_ article: inout Replica, _ random: inout SeededRandom) -> Target {
        let scalars = article.scalars
        let starts = scalars.indices.filter { index in
            !scalars[index].properties.isWhitespace
                && (index == 0 || scalars[index - 1].properties.isWhitespace)
        }
        let first = random.below(starts.count)
        let last = min(starts.count - 1, first + random.below(6))
        var end = starts[last]
        while end < scalars.count, !scalars[end].properties.isWhitespace { end += 1 }
        return article.target(at: starts[first]..<end)
    }

    private func words(at placement: Placement, in article: Replica) -> [String] {
        placement.ranges.flatMap { Graphemes.string(article.scalars[$0]).words }
    }
}

extension String {
    fileprivate var words: [String] { split(whereSeparator: \.isWhitespace).map(String.init) }
}

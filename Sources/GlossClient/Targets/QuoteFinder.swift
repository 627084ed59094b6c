/// Finds what a quote means in an article. It never picks one of several places by itself.
///
/// A quote is looked for as it is; then with white space, soft hyphens, quotes, apostrophes and
/// dashes alike; then with `…` or `...` standing for words left out within a paragraph; then
/// without Markdown's marks around words. The first of these that finds anything counts.
public struct QuoteFinder: Sendable {
    /// At most this many candidates are described.
    public static let candidateLimit = 100

    /// What is searched.
    public let text: ArticleText

    /// A finder in a text.
    public init(in text: ArticleText) {
        self.text = text
    }

    /// The place of a quote, or the places among which somebody has to choose.
    ///
    /// - Complexity: O(scalars) where it is found; O(words of the text × words of the quote) where
    ///   only near places are.
    public func find(_ quote: String, _ filter: QuoteFilter = QuoteFilter()) -> QuoteMatch {
        let found = places(of: quote)
        let ranges = filtered(found, filter)
        guard !ranges.isEmpty else {
            if found.isEmpty { return .none(nearest: nearest(to: quote)) }
            return several(found)
        }
        if let nth = filter.nth {
            return ranges.indices.contains(nth - 1) ? .one(ranges[nth - 1]) : several(ranges)
        }
        return ranges.count == 1 ? .one(ranges[0]) : several(ranges)
    }

    /// All places of a quote, described, ascending; ``candidateLimit`` at most.
    public func allPlaces(of quote: String) -> [QuoteCandidate] {
        places(of: quote).prefix(QuoteFinder.candidateLimit).enumerated().map {
            candidate($0.element, number: $0.offset + 1, differingWords: 0)
        }
    }

    /// All places of a quote, ascending.
    private func places(of quote: String) -> [Range<Int>] {
        let scalars = Array(quote.unicodeScalars)
        let exact = occurrences(of: scalars, in: text.scalars)
            .map { $0..<$0 + scalars.count }
            .filter {
                Graphemes.isBoundary($0.lowerBound, in: text.scalars)
                    && Graphemes.isBoundary($0.upperBound, in: text.scalars)
            }
        if !exact.isEmpty { return exact }
        for level in [TextFold.Level.typography, .markup] {
            let found = places(of: scalars, level)
            if !found.isEmpty { return found }
        }
        return []
    }

    private func places(of quote: [Unicode.Scalar], _ level: TextFold.Level) -> [Range<Int>] {
        var numbers = GraphemeNumbers()
        let whole = FoldedText(quote: quote, level, numbers: &numbers)
        guard !whole.tokens.isEmpty else { return [] }
        let folded = FoldedText(text.scalars, level, numbers: &numbers)
        let found = occurrences(of: whole.tokens, in: folded.tokens)
            .map { folded.range($0..<$0 + whole.tokens.count) }
        if !found.isEmpty { return found }
        let parts = QuoteGap.parts(of: quote)
            .map { FoldedText(quote: $0, level, numbers: &numbers).tokens }
            .filter { !$0.isEmpty }
        guard let first = parts.first, parts.count > 1 || QuoteGap.isIn(quote) else { return [] }
        var spans = occurrences(of: first, in: folded.tokens)
            .map { folded.range($0..<$0 + first.count) }
        for part in parts.dropFirst() {
            let next = occurrences(of: part, in: folded.tokens)
                .map { folded.range($0..<$0 + part.count) }
            spans = QuoteGap.spans(from: spans, to: next, in: text)
        }
        return spans
    }

    private func filtered(_ ranges: [Range<Int>], _ filter: QuoteFilter) -> [Range<Int>] {
        var kept = ranges
        if let after = filter.after {
            kept = QuoteContext(after, in: text).following(kept)
        }
        if let before = filter.before {
            kept = QuoteContext(before, in: text).preceding(kept)
        }
        return kept
    }

    private func several(_ ranges: [Range<Int>]) -> QuoteMatch {
        let shown = ranges.prefix(QuoteFinder.candidateLimit).enumerated().map {
            candidate($0.element, number: $0.offset + 1, differingWords: 0)
        }
        return .several(shown, total: ranges.count)
    }

    private func nearest(to quote: String) -> [QuoteCandidate] {
        var numbers = GraphemeNumbers()
        let folded = FoldedText(quote: quote.unicodeScalars, .letterCase, numbers: &numbers)
        guard !folded.tokens.isEmpty else { return [] }
        let all = FoldedText(text.scalars, .letterCase, numbers: &numbers)
        let sameLetters = occurrences(of: folded.tokens, in: all.tokens).prefix(3)
            .map { all.range($0..<$0 + folded.tokens.count) }
        if !sameLetters.isEmpty {
            return sameLetters.map { near($0, differingWords: 0) }
        }
        return NearWords.best(for: quote, in: text.scalars).map {
            near($0.range, differingWords: $0.differingWords)
        }
    }

    /// Describes a place found otherwise than by its own words, which may stand elsewhere too.
    private func near(_ range: Range<Int>, differingWords: Int) -> QuoteCandidate {
        let same = places(of: SafeText.line(text.string(range)))
        let index = same.count > 1 ? same.firstIndex(of: range) : nil
        return candidate(range, number: index.map { $0 + 1 } ?? 0, differingWords: differingWords)
    }

    /// Describes a place.
    private func candidate(
        _ range: Range<Int>, number: Int, differingWords: Int
    ) -> QuoteCandidate {
        let index = text.paragraph(at: range.lowerBound)
        let bounds = text.paragraphs.isEmpty ? range : text.paragraphs[index]
        return QuoteCandidate(
            number: number, paragraph: index + 1, range: range,
            before: context(before: range.lowerBound, from: bounds.lowerBound),
            text: text.string(range),
            after: context(behind: range.upperBound, to: bounds.upperBound),
            differingWords: differingWords)
    }

    private static let contextLength = 32

    private func context(before offset: Int, from lower: Int) -> String {
        guard lower < offset else { return "" }
        var start = max(lower, offset - QuoteFinder.contextLength)
        guard start > lower else { return text.string(start..<offset) }
        let wanted = start
        while start < offset, !TextFold.isSpace(text.scalars[start]) { start += 1 }
        if start == offset { start = text.snapped(wanted..<offset).lowerBound }
        return "…" + text.string(start..<offset)
    }

    private func context(behind offset: Int, to upper: Int) -> String {
        guard offset < upper else { return "" }
        var end = min(upper, offset + QuoteFinder.contextLength)
        guard end < upper else { return text.string(offset..<end) }
        let wanted = end
        while end > offset, !TextFold.isSpace(text.scalars[end - 1]) { end -= 1 }
        if end == offset { end = text.snapped(offset..<wanted).upperBound }
        return text.string(offset..<end) + "…"
    }
}

import GlossCore

/// Quotes with words left out: `Our purpose … somewhere to go`.
enum QuoteGap {
    /// Whether a quote has a mark for words left out.
    static func isIn(_ quote: [Unicode.Scalar]) -> Bool {
        quote.contains("…") || !occurrences(of: [".", ".", "."], in: quote).isEmpty
    }

    /// What stands around the marks for words left out.
    static func parts(of quote: [Unicode.Scalar]) -> [[Unicode.Scalar]] {
        var parts: [[Unicode.Scalar]] = [[]]
        var index = 0
        while index < quote.count {
            var dots = index
            while dots < quote.count, quote[dots] == "." { dots += 1 }
            if quote[index] == "…" {
                parts.append([])
                index += 1
            } else if dots - index >= 3 {
                parts.append([])
                index = dots
            } else {
                parts[parts.count - 1].append(quote[index])
                index += 1
            }
        }
        return parts
    }

    /// Each range with the first of `next` behind it, where that is in the same paragraph.
    static func spans(
        from ranges: [Range<Int>], to next: [Range<Int>], in text: ArticleText
    ) -> [Range<Int>] {
        var spans: [Range<Int>] = []
        var index = 0
        for range in ranges.sorted(by: { $0.upperBound < $1.upperBound }) {
            while index < next.count, next[index].lowerBound < range.upperBound { index += 1 }
            guard index < next.count else { break }
            let paragraph = text.paragraph(at: range.lowerBound)
            if paragraph == text.paragraph(at: next[index].upperBound - 1) {
                spans.append(range.lowerBound..<next[index].upperBound)
            }
        }
        return spans.sorted { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }
    }
}

/// Where the words stand that a quote is said to come after or before.
struct QuoteContext {
    private let text: ArticleText
    /// Ascending at both ends.
    private let places: [Range<Int>]

    init(_ words: String, in text: ArticleText) {
        self.text = text
        var numbers = GraphemeNumbers()
        let folded = FoldedText(quote: words.unicodeScalars, .markup, numbers: &numbers)
        let all = FoldedText(text.scalars, .markup, numbers: &numbers)
        places = occurrences(of: folded.tokens, in: all.tokens)
            .map { all.range($0..<$0 + folded.tokens.count) }
    }

    /// The ranges right behind these words, or those later in a paragraph with them.
    func following(_ ranges: [Range<Int>]) -> [Range<Int>] {
        let direct = ranges.filter { range in
            guard let place = last(endingBy: range.lowerBound) else { return false }
            return isNothing(place.upperBound..<range.lowerBound)
        }
        if !direct.isEmpty { return direct }
        return ranges.filter { range in
            guard let place = last(endingBy: range.lowerBound) else { return false }
            return isSameParagraph(place.lowerBound, range.lowerBound)
        }
    }

    /// The ranges right before these words, or those earlier in a paragraph with them.
    func preceding(_ ranges: [Range<Int>]) -> [Range<Int>] {
        let direct = ranges.filter { range in
            guard let place = first(startingFrom: range.upperBound) else { return false }
            return isNothing(range.upperBound..<place.lowerBound)
        }
        if !direct.isEmpty { return direct }
        return ranges.filter { range in
            guard let place = first(startingFrom: range.upperBound) else { return false }
            return isSameParagraph(place.lowerBound, range.upperBound - 1)
        }
    }

    private func last(endingBy offset: Int) -> Range<Int>? {
        let index = places.partitioningIndex { $0.upperBound > offset }
        return index > 0 ? places[index - 1] : nil
    }

    private func first(startingFrom offset: Int) -> Range<Int>? {
        let index = places.partitioningIndex { $0.lowerBound >= offset }
        return index < places.count ? places[index] : nil
    }

    /// Whether a gap holds only white space and marks.
    private func isNothing(_ gap: Range<Int>) -> Bool {
        gap.count <= 16
            && text.scalars[gap].allSatisfy { !WordKind.isWordScalar($0) }
    }

    private func isSameParagraph(_ left: Int, _ right: Int) -> Bool {
        text.paragraph(at: left) == text.paragraph(at: right)
    }
}

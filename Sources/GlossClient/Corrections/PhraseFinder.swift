/// Finds words in a text, white space, quotes and dashes alike, and no parts of longer words.
struct PhraseFinder {
    private let text: ArticleText
    private let folded: FoldedText
    private let numbers: GraphemeNumbers

    /// - Complexity: O(scalars).
    init(in text: ArticleText) {
        self.text = text
        var numbers = GraphemeNumbers()
        folded = FoldedText(text.scalars, .typography, numbers: &numbers)
        self.numbers = numbers
    }

    /// Where some words stand, ascending. O(scalars).
    func places(of words: String) -> [Range<Int>] {
        var numbers = numbers
        let pattern = FoldedText(quote: words.unicodeScalars, .typography, numbers: &numbers).tokens
        guard !pattern.isEmpty else { return [] }
        return occurrences(of: pattern, in: folded.tokens)
            .map { folded.range($0..<$0 + pattern.count) }
            .filter { isEdge($0.lowerBound) && isEdge($0.upperBound) }
    }

    /// Whether no word goes on at an offset.
    private func isEdge(_ offset: Int) -> Bool {
        guard offset > 0, offset < text.scalars.count else { return true }
        return WordKind.kind(of: text.scalars[offset - 1]) != .word
            || WordKind.kind(of: text.scalars[offset]) != .word
    }
}

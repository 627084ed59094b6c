import GlossCore

extension Conflict {
    /// How many scalars of a word it is grown by at most.
    private static let longestRest = 100

    /// The same question; one about text with the rest of a word that it begins or ends in. It shows no
    /// more than so much of a long sentence, which may end anywhere.
    ///
    /// - Parameter text: the text as it is.
    func atWholeWords(of text: @autoclosure () -> [Unicode.Scalar]) -> Conflict {
        guard case .text(let range) = subject else { return self }
        let text = text()
        let longest = Conflict.longestRest
        var (lower, upper) = (range.lowerBound, range.upperBound)
        while range.lowerBound - lower < longest, WordKind.isInsideWord(lower, of: text) {
            lower -= 1
        }
        while upper - range.upperBound < longest, WordKind.isInsideWord(upper, of: text) {
            upper += 1
        }
        return grown(
            by: Graphemes.string(text[lower..<range.lowerBound]),
            Graphemes.string(text[range.upperBound..<upper]))
    }
}

extension ConflictView {
    /// What an answer in one's own words replaces in the text, from its first words to its last; `nil` for
    /// a conflict about anything else.
    public var replacedWords: String? {
        guard case .text = conflict.subject else { return nil }
        let words = conflict.shown.split { $0.isWhitespace }
        let ends = 5
        guard words.count > 2 * ends + 2 else { return words.joined(separator: " ") }
        return words.prefix(ends).joined(separator: " ") + " … "
            + words.suffix(ends).joined(separator: " ")
    }
}

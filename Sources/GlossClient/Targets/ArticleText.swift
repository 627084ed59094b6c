import GlossCore

/// The text of an article and where its paragraphs are, for whatever points at text.
///
/// A paragraph is a run of lines none of which is blank. Offsets count scalars.
public struct ArticleText: Sendable {
    /// The text.
    public let scalars: [Unicode.Scalar]
    /// The paragraphs, ascending, without the line ends around them. None is empty.
    public let paragraphs: [Range<Int>]

    /// A text.
    ///
    /// - Complexity: O(scalars).
    public init(_ scalars: [Unicode.Scalar]) {
        self.scalars = scalars
        paragraphs = ArticleText.paragraphs(of: scalars)
    }

    /// A text.
    public init(_ text: String) {
        self.init(Array(text.unicodeScalars))
    }

    /// The scalars of a range as a string.
    public func string(_ range: Range<Int>) -> String {
        Graphemes.string(scalars[range])
    }

    /// The index of the paragraph that an offset is in, or of the next one if it is in none; the
    /// last one behind all of them. 0 if there is no paragraph.
    ///
    /// - Complexity: O(log paragraphs).
    public func paragraph(at offset: Int) -> Int {
        let index = paragraphs.partitioningIndex { $0.upperBound > offset }
        return max(0, min(index, paragraphs.count - 1))
    }

    /// The same range, grown so that it cuts no grapheme.
    public func snapped(_ range: Range<Int>) -> Range<Int> {
        Graphemes.snap(range, in: scalars)
    }

    /// The same range without white space at its ends.
    func trimmed(_ range: Range<Int>) -> Range<Int> {
        guard let first = range.first(where: { !TextFold.isSpace(scalars[$0]) }),
            let last = range.last(where: { !TextFold.isSpace(scalars[$0]) })
        else { return range.lowerBound..<range.lowerBound }
        return first..<last + 1
    }

    private static func paragraphs(of scalars: [Unicode.Scalar]) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var open: Range<Int>?
        var line = 0
        while line < scalars.count {
            var end = line
            var isBlank = true
            while end < scalars.count, !isLineEnd(scalars[end]) {
                if isBlank, !TextFold.isSpace(scalars[end]) { isBlank = false }
                end += 1
            }
            if isBlank {
                if let done = open { found.append(done) }
                open = nil
            } else {
                open = (open?.lowerBound ?? line)..<end
            }
            let isPair = end + 1 < scalars.count && scalars[end] == "\r" && scalars[end + 1] == "\n"
            line = end + (isPair ? 2 : 1)
        }
        if let done = open { found.append(done) }
        return found
    }

    private static func isLineEnd(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "\n" || scalar == "\r" || scalar == "\u{2028}" || scalar == "\u{2029}"
    }
}

/// A place in an article by number, as `--at` takes it: `p3`, `p3-p5` or `chars=120,180`.
///
/// Addresses are looked up at once and never stored: text moves, anchors move with it.
public enum TargetAddress: Hashable, Sendable {
    /// Whole paragraphs, counted from 1.
    case paragraphs(ClosedRange<Int>)
    /// Scalars, counted from 0, the last one not included.
    case characters(Range<Int>)

    /// Why an address leads nowhere.
    public enum Failure: Error, Hashable, Sendable {
        /// It is none of the three spellings.
        case malformed
        /// It ends before it begins, or is empty.
        case empty
        /// The article has only that many paragraphs.
        case beyondParagraphs(Int)
        /// The article has only that many scalars.
        case beyondCharacters(Int)
    }

    /// The address written in one of the three spellings.
    public init(_ text: String) throws(Failure) {
        if text.hasPrefix("chars=") {
            let parts = text.dropFirst("chars=".count).split(
                separator: ",", omittingEmptySubsequences: false)
            guard parts.count == 2, let lower = TargetAddress.number(parts[0]),
                let upper = TargetAddress.number(parts[1])
            else { throw .malformed }
            guard lower < upper else { throw .empty }
            self = .characters(lower..<upper)
        } else {
            let parts = text.split(separator: "-", omittingEmptySubsequences: false)
            guard (1...2).contains(parts.count), parts[0].hasPrefix("p"),
                let first = TargetAddress.number(parts[0].dropFirst()), first > 0
            else { throw .malformed }
            var last = first
            if parts.count == 2 {
                let digits = parts[1].hasPrefix("p") ? parts[1].dropFirst() : parts[1]
                guard let number = TargetAddress.number(digits), number > 0 else {
                    throw .malformed
                }
                last = number
            }
            guard first <= last else { throw .empty }
            self = .paragraphs(first...last)
        }
    }

    /// The scalars it means in a text, grown so that no grapheme is cut.
    public func range(in text: ArticleText) throws(Failure) -> Range<Int> {
        switch self {
        case .paragraphs(let numbers):
            guard numbers.upperBound <= text.paragraphs.count else {
                throw .beyondParagraphs(text.paragraphs.count)
            }
            let first = text.paragraphs[numbers.lowerBound - 1]
            return first.lowerBound..<text.paragraphs[numbers.upperBound - 1].upperBound
        case .characters(let range):
            guard range.upperBound <= text.scalars.count else {
                throw .beyondCharacters(text.scalars.count)
            }
            return text.snapped(range)
        }
    }

    private static func number(_ text: Substring) -> Int? {
        guard (1...9).contains(text.utf8.count),
            text.utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        return Int(text)
    }
}

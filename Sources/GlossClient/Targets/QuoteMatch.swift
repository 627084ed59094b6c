/// What tells one occurrence of a quote from the others.
public struct QuoteFilter: Hashable, Sendable {
    /// Which occurrence, from 1, of those the other two leave.
    public var nth: Int?
    /// What stands before it: directly, or if it never does, earlier in the paragraph.
    public var after: String?
    /// What stands behind it: directly, or if it never does, later in the paragraph.
    public var before: String?

    /// A filter.
    public init(nth: Int? = nil, after: String? = nil, before: String? = nil) {
        self.nth = nth
        self.after = after
        self.before = before
    }
}

/// A place that a quote may mean, with what somebody needs to see to choose.
public struct QuoteCandidate: Hashable, Sendable {
    /// What ``QuoteFilter/nth`` has to be, from 1, to mean this one by ``text``; 0 if it stands
    /// there but once.
    public let number: Int
    /// Its paragraph, from 1.
    public let paragraph: Int
    /// Its scalars; cuts no grapheme.
    public let range: Range<Int>
    /// The words before it, in its paragraph.
    public let before: String
    /// The text of the range.
    public let text: String
    /// The words behind it, in its paragraph.
    public let after: String
    /// How many words differ from the quote; 0 if only case and punctuation do.
    public let differingWords: Int

    /// The candidate and its context on one line, the candidate in brackets. Not yet safe for a
    /// terminal.
    public var marked: String {
        (before + "[" + text + "]" + after).split(whereSeparator: \.isWhitespace)
            .joined(separator: " ")
    }
}

/// What a quote means in an article.
public enum QuoteMatch: Hashable, Sendable {
    /// The one place it can mean.
    case one(Range<Int>)
    /// Several places, the first of `total` in the order of the text, or more than the number
    /// asked for.
    case several([QuoteCandidate], total: Int)
    /// No place; some that are near, the nearest first, to offer and not to take.
    case none(nearest: [QuoteCandidate])
}

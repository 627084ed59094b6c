/// A stable position in a text: one side of one character, kept even when that is deleted.
public struct Anchor: Hashable, Sendable {
    /// Which side of the character.
    public enum Side: Int, Hashable, Sendable {
        /// In front of it.
        case before = 0
        /// Behind it.
        case after = 1
    }

    /// The character.
    public var id: OpID
    /// Which side of it.
    public var side: Side

    /// A side of a character.
    public init(_ side: Side, _ id: OpID) {
        self.id = id
        self.side = side
    }
}

/// A stretch of text between two anchors.
///
/// From before its first character to after its last, it grows with what is inserted inside and
/// not with what is inserted at its edges.
public struct AnchorRange: Hashable, Sendable {
    /// Where it starts.
    public var start: Anchor
    /// Where it ends.
    public var end: Anchor

    /// A stretch between two anchors.
    public init(start: Anchor, end: Anchor) {
        self.start = start
        self.end = end
    }
}

/// The words an annotation was made on, with what stood around them.
public struct Quote: Hashable, Sendable {
    /// How many scalars of context are kept on each side.
    public static let contextLength = 32
    /// What stands between the words of several ranges.
    public static let joint = " … "

    /// The words themselves.
    public var exact: String
    /// Up to ``contextLength`` scalars before them.
    public var prefix: String
    /// Up to ``contextLength`` scalars behind them.
    public var suffix: String

    /// The words of some ranges, ascending: those that adjoin as one, ``joint`` between others.
    static func words(at ranges: [Range<Int>], _ text: (Range<Int>) -> String) -> String {
        var words = ""
        var end: Int?
        for range in ranges where !range.isEmpty {
            if let end, end < range.lowerBound { words += joint }
            words += text(range)
            end = range.upperBound
        }
        return words
    }

    /// Words and their surroundings.
    public init(exact: String, prefix: String, suffix: String) {
        self.exact = exact
        self.prefix = prefix
        self.suffix = suffix
    }

    private var key: [ExactText] { [ExactText(exact), ExactText(prefix), ExactText(suffix)] }

    /// Whether the bytes are the same.
    public static func == (left: Quote, right: Quote) -> Bool { left.key == right.key }

    /// Hashes the bytes.
    public func hash(into hasher: inout Hasher) { hasher.combine(key) }
}

/// Where an annotation stands: ranges of its article, as of the version its author saw.
public struct Target: Hashable, Sendable {
    /// The ranges, in the order of the text; none for a note on the article as a whole.
    public var ranges: [AnchorRange]
    /// The words they held when the target was made.
    public var quote: Quote
    /// The article's frontier then, in ascending order. It is a dependency of the annotation.
    public var version: [OpID]

    /// A place in an article.
    public init(ranges: [AnchorRange], quote: Quote, version: [OpID]) {
        self.ranges = ranges
        self.quote = quote
        self.version = version
    }
}

extension Target {
    /// How many scalars of the article the quoted words are: a ``Quote/joint`` between the words of two
    /// ranges is none of them. O(quoted words).
    var quotedCount: Int {
        let scalars = Array(quote.exact.unicodeScalars)
        guard ranges.count > 1 else { return scalars.count }
        let joint = Array(Quote.joint.unicodeScalars)
        var joints = 0
        var index = 0
        while index + joint.count <= scalars.count, joints < ranges.count - 1 {
            let isJoint = scalars[index..<index + joint.count].elementsEqual(joint)
            joints += isJoint ? 1 : 0
            index += isJoint ? joint.count : 1
        }
        return scalars.count - joints * joint.count
    }
}

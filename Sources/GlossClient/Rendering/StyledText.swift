/// How some text looks. Nothing may depend on it alone: text must be plain without it.
public struct TextStyle: Hashable, Sendable {
    /// One of the 16 colours that a terminal's theme defines, by its SGR code.
    public enum Colour: Int, Hashable, Sendable {
        /// For what needs somebody, and removals.
        case red = 31
        /// For additions.
        case green = 32
        /// A colour of authors.
        case yellow = 33
        /// A colour of authors.
        case blue = 34
        /// A colour of authors.
        case magenta = 35
        /// A colour of authors.
        case cyan = 36
        /// A colour of authors.
        case brightBlue = 94
        /// A colour of authors.
        case brightMagenta = 95

        private static let authors: [Colour] = [
            .yellow, .blue, .magenta, .cyan, .brightBlue, .brightMagenta,
        ]

        /// The colour of a user, the same everywhere and always.
        public static func of(author: String) -> Colour {
            let hash = author.utf8.reduce(0x811C_9DC5 as UInt32) { ($0 ^ UInt32($1)) &* 0x100_0193 }
            return authors[Int(hash % UInt32(authors.count))]
        }
    }

    /// Bold.
    public var isBold = false
    /// Less bright.
    public var isDim = false
    /// Underlined.
    public var isUnderlined = false
    /// Struck through.
    public var isStruck = false
    /// The colour; the terminal's own if `nil`.
    public var colour: Colour?
    /// The index of the note whose mark ends here; not to be seen.
    var mark: Int?

    /// A style; plain unless told.
    public init(
        bold: Bool = false, dim: Bool = false, underlined: Bool = false, struck: Bool = false,
        colour: Colour? = nil
    ) {
        isBold = bold
        isDim = dim
        isUnderlined = underlined
        isStruck = struck
        self.colour = colour
    }

    /// Text as it comes.
    public static let plain = TextStyle()
    /// Bold text.
    public static let bold = TextStyle(bold: true)
    /// Less bright text.
    public static let dim = TextStyle(dim: true)
    /// Text that somebody must look at.
    public static let alarm = TextStyle(bold: true, colour: .red)

    /// The escape sequence that turns it on; empty if it is plain.
    var sequence: String {
        var codes: [Int] = []
        if isBold { codes.append(1) }
        if isDim { codes.append(2) }
        if isUnderlined { codes.append(4) }
        if isStruck { codes.append(9) }
        if let colour { codes.append(colour.rawValue) }
        return codes.isEmpty ? "" : "\u{1B}[" + codes.map(String.init).joined(separator: ";") + "m"
    }
}

/// Text in several styles.
public struct StyledText: Hashable, Sendable {
    /// Text of one style.
    public struct Run: Hashable, Sendable {
        /// The text.
        public var text: String
        /// Its style.
        public var style: TextStyle
    }

    /// The runs; none is empty.
    public private(set) var runs: [Run] = []

    /// No text.
    public init() {}

    /// Text of one style. It must be safe: see ``SafeText``.
    public init(_ text: String, _ style: TextStyle = .plain) {
        append(text, style)
    }

    /// Adds text at the end. It must be safe: see ``SafeText``.
    public mutating func append(_ text: String, _ style: TextStyle = .plain) {
        guard !text.isEmpty else { return }
        if runs.last?.style == style {
            runs[runs.count - 1].text += text
        } else {
            runs.append(Run(text: text, style: style))
        }
    }

    /// Adds styled text at the end.
    public mutating func append(_ text: StyledText) {
        for run in text.runs { append(run.text, run.style) }
    }

    /// The text without styles.
    public var text: String { runs.map(\.text).joined() }

    /// The columns it takes on one line.
    public var columns: Int { runs.reduce(0) { $0 + DisplayWidth.columns(of: $1.text) } }

    /// The text with escape sequences for its styles, or without any.
    public func painted(colour: Bool) -> String {
        guard colour else { return text }
        return runs.map { run in
            let sequence = run.style.sequence
            return sequence.isEmpty ? run.text : sequence + run.text + "\u{1B}[0m"
        }.joined()
    }

    /// The text with spaces behind it up to a width.
    public func padded(to width: Int) -> StyledText {
        var padded = self
        padded.append(String(repeating: " ", count: max(0, width - columns)))
        return padded
    }

    /// A comparison: `[-removed-]{+added+}`, marked in colour and without.
    public static func comparison(_ segments: [WordDiff.Segment]) -> StyledText {
        var text = StyledText()
        for segment in segments {
            let safe = SafeText.lines(segment.text)
            switch segment.kind {
            case .kept: text.append(safe)
            case .removed:
                text.append("[-" + safe + "-]", TextStyle(struck: true, colour: .red))
            case .added: text.append("{+" + safe + "+}", TextStyle(colour: .green))
            }
        }
        return text
    }
}

/// An open question with all its versions, as a reader sees it.
public struct ConflictCard: Hashable, Sendable {
    /// One of the things said.
    public struct Version: Hashable, Sendable {
        /// `base`, or the letter.
        public var label: String
        /// The user's name, or `you`.
        public var author: String
        /// When, in milliseconds since 1970; `nil` if that is not known.
        public var time: Int?
        /// The name of the device, where that tells versions apart.
        public var device: String?
        /// What it says.
        public var content: String
        /// Why, if its author said so.
        public var why: String?

        /// A version.
        public init(
            label: String, author: String, time: Int?, device: String? = nil, content: String,
            why: String? = nil
        ) {
            self.label = label
            self.author = author
            self.time = time
            self.device = device
            self.content = content
            self.why = why
        }
    }

    /// One of several.
    public struct Position: Hashable, Sendable {
        /// Which, from 1.
        public var index: Int
        /// How many there are.
        public var count: Int

        /// A position.
        public init(_ index: Int, of count: Int) {
            self.index = index
            self.count = count
        }
    }

    /// The short id.
    public var shortID: String
    /// Which it is, from 1, when several are gone through.
    public var position: Position?
    /// What it is about: `text of note kmt on “contain”, river p1`.
    public var subject: String
    /// What stood before anybody disagreed.
    public var base: Version?
    /// What was said, in the order of the letters.
    public var versions: [Version]
    /// Whether the versions are texts, shown by what they change in ``base``.
    public var isText: Bool
    /// What the versions give together, if they can be made one.
    public var merged: String?
    /// Whether ``merged`` is what the article shows already.
    public var isMerged: Bool
    /// How it was settled, and by whom; empty while it is open.
    public var answers: [Version] = []

    /// A card.
    public init(
        shortID: String, position: Position? = nil, subject: String,
        base: Version? = nil, versions: [Version], isText: Bool, merged: String? = nil,
        isMerged: Bool = false
    ) {
        self.shortID = shortID
        self.position = position
        self.subject = subject
        self.base = base
        self.versions = versions
        self.isText = isText
        self.merged = merged
        self.isMerged = isMerged
    }
}

/// Conflict cards in lines.
public struct ConflictCardRenderer {
    private static let indent = 3
    private static let narrowest = 24

    private let options: RenderOptions

    /// A renderer.
    public init(_ options: RenderOptions) {
        self.options = options
    }

    /// A card: the base, each version with what it changes, who, when and why, and the merge.
    public func lines(_ card: ConflictCard) -> [StyledText] {
        options.isAccessible ? spoken(card) : written(card)
    }

    private func written(_ card: ConflictCard) -> [StyledText] {
        var head = StyledText(card.shortID, .bold)
        if let position = card.position { head.append("  \(position.index)/\(position.count)") }
        head.append("  " + SafeText.line(card.subject))
        let all = (card.base.map { [$0] } ?? []) + card.versions
        let widest = (all + card.answers).map(\.label.count).max() ?? 0
        let labels = all.map { label($0, widest) }
        var rows = zip(labels, all).map { ($0, content($1, card), $1.why) }
        rows += card.answers.map {
            (label($0, widest), StyledText(SafeText.line($0.content)), $0.why)
        }
        if let merged = card.merged {
            rows.append((StyledText(mergeLabel(card)), StyledText(SafeText.lines(merged)), nil))
        }
        let columns = rows.map(\.0.columns).max() ?? 0
        let start = ConflictCardRenderer.indent + columns + 3
        let isWide = options.width - start >= ConflictCardRenderer.narrowest
        var lines = TextWrap.lines(head, width: options.width)
        for (label, content, why) in rows {
            var first = StyledText("").padded(to: ConflictCardRenderer.indent)
            first.append(label)
            let column = isWide ? start : 2 * ConflictCardRenderer.indent
            let parts = wrapped(content, why: why, width: options.width - column)
            if !isWide { lines.append(first) }
            for (index, part) in parts.enumerated() {
                var line = isWide && index == 0 ? first.padded(to: column) : indent(column)
                line.append(part)
                lines.append(line)
            }
        }
        return lines
    }

    /// What a version says, with the reason behind it, or under it where there is no room.
    private func wrapped(_ content: StyledText, why: String?, width: Int) -> [StyledText] {
        var lines = TextWrap.lines(content, width: width)
        guard let why else { return lines }
        let reason = StyledText("why: “\(SafeText.line(why))”", .dim)
        guard let last = lines.last, last.columns + 3 + reason.columns <= width else {
            return lines + TextWrap.lines(reason, width: width)
        }
        lines[lines.count - 1].append("   ")
        lines[lines.count - 1].append(reason)
        return lines
    }

    private func spoken(_ card: ConflictCard) -> [StyledText] {
        var sentences: [StyledText] = []
        let place = card.position.map { ", \($0.index) of \($0.count)" } ?? ""
        sentences.append(
            StyledText("conflict \(card.shortID)\(place): \(SafeText.line(card.subject))"))
        for version in (card.base.map { [$0] } ?? []) + card.versions {
            var words = version.label == "base" ? "base" : "version \(version.label)"
            if !version.author.isEmpty { words += ", by \(SafeText.line(version.author))" }
            if let device = version.device { words += ", on \(SafeText.line(device))" }
            if let time = version.time { words += ", \(options.time(time))" }
            words += ": \(SafeText.line(version.content))"
            if let why = version.why { words += ", because: \(SafeText.line(why))" }
            sentences.append(StyledText(words))
        }
        for answer in card.answers {
            var words = "settled by \(SafeText.line(answer.author))"
            if let time = answer.time { words += ", \(options.time(time))" }
            words += ": \(SafeText.line(answer.content))"
            if let why = answer.why { words += ", because: \(SafeText.line(why))" }
            sentences.append(StyledText(words))
        }
        if let merged = card.merged {
            sentences.append(
                StyledText("\(mergeLabel(card)): \(SafeText.line(merged))"))
        }
        return sentences.flatMap { TextWrap.lines($0, width: options.width) }
    }

    private func mergeLabel(_ card: ConflictCard) -> String {
        if !card.answers.isEmpty { return "shows now" }
        if card.isMerged { return "as merged" }
        return card.versions.count == 2 ? "both merge to" : "all merge to"
    }

    private func label(_ version: ConflictCard.Version, _ widest: Int) -> StyledText {
        var label = StyledText(version.label, .bold).padded(to: max(6, widest + 1))
        label.append(
            SafeText.line(version.author), TextStyle(colour: .of(author: version.author)))
        var rest = version.time.map { "  " + options.time($0) } ?? ""
        if let device = version.device { rest += " " + SafeText.line(device) }
        label.append(rest, .dim)
        return label
    }

    private func content(_ version: ConflictCard.Version, _ card: ConflictCard) -> StyledText {
        guard card.isText, let base = card.base, version.label != base.label else {
            return StyledText(SafeText.lines(version.content))
        }
        return .comparison(WordDiff.segments(from: base.content, to: version.content))
    }

    private func indent(_ columns: Int) -> StyledText { StyledText("").padded(to: columns) }
}

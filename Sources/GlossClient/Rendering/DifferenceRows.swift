import GlossCore

/// What has changed, row by row: a word in front, then who and what.
struct DifferenceRows {
    let options: RenderOptions
    /// The article's text as it is.
    let text: ArticleText

    /// A place of the text that differs, under a word or its paragraph.
    func lines(_ place: TextDifference, word: String? = nil) -> [StyledText] {
        let paragraph = place.paragraph > 0 ? "p\(place.paragraph)" : ""
        var line = StyledText(padded(word ?? paragraph), .dim)
        let segments = place.segments.map { segment in
            options.isPlain
                ? .init(segment.kind, segment.text.replacing("\n", with: " ")) : segment
        }
        line.append(.comparison(segments))
        return wrapped(line)
    }

    /// How many places of one change are shown.
    private static let places = 8
    /// How many characters of a long text stay at its start, and at its end.
    private static let context = 60

    /// The places of one change, without the middle of long texts that came or went.
    ///
    /// - Parameter more: the command that shows what is left out.
    func lines(
        _ places: [TextDifference], word: String? = nil, more: String? = nil
    ) -> [StyledText] {
        var lines: [StyledText] = []
        for place in places.prefix(more == nil ? Int.max : Self.places) {
            lines += self.lines(clipped(place), word: word)
        }
        let rest = places.count - Self.places
        if rest > 0, let more {
            var line = StyledText(padded(""))
            line.append("and \(rest) more place\(rest == 1 ? "" : "s"): \(more)", .dim)
            lines += wrapped(line)
        }
        return lines
    }

    private func clipped(_ place: TextDifference) -> TextDifference {
        TextDifference(
            paragraph: place.paragraph,
            segments: place.segments.map { segment in
                guard segment.kind != .kept else { return segment }
                let parts = segment.text.split(whereSeparator: \.isNewline)
                let text = parts.isEmpty ? "¶" : parts.joined(separator: " ¶ ")
                guard text.count > 3 * Self.context else { return .init(segment.kind, text) }
                return .init(
                    segment.kind,
                    "\(text.prefix(Self.context)) … \(text.suffix(Self.context))")
            })
    }

    /// What became of a note, and through whom.
    func lines(_ note: NoteDifference) -> [StyledText] {
        var line = StyledText(padded(note.kind.rawValue), .dim)
        line.append(note.note.shortID, .bold)
        if let range = note.note.placement.ranges.first {
            line.append(" p\(text.paragraph(at: range.lowerBound) + 1)", .dim)
        }
        if let author = note.author { append(author, to: &line) }
        line.append("  ")
        let mark = note.kind == .new ? note.note.rendered.mark : nil
        if let mark = mark ?? (note.note.isPrivate ? "private" : nil) {
            line.append(SafeText.line(mark) + "  ", .dim)
        }
        switch note.kind {
        case .new, .withdrawn, .closed, .reopened, .accepted, .rejected:
            if !note.note.quote.exact.isEmpty {
                line.append("“\(SafeText.line(note.note.quote.exact))”  ")
            }
            if let proposal = note.note.proposal {
                line.append(.comparison([.init(.added, SafeText.line(proposal))]))
                line.append(" ")
            }
            line.append(SafeText.line(note.note.body))
        case .answered: line.append(SafeText.line(note.now))
        case .edited, .tagged, .moved:
            line.append(
                .comparison(
                    WordDiff.segments(
                        from: SafeText.line(note.before ?? ""), to: SafeText.line(note.now))))
        case .loose: line.append("stood on “\(SafeText.line(note.before ?? ""))”")
        case .checked: append(note.note.check, to: &line)
        case .stale:
            line.append(
                CheckText(options: options).comparison(note.before ?? "", note.now))
        }
        return wrapped(line)
    }

    /// Who and when.
    func append(_ author: Attribution, to line: inout StyledText) {
        let name = author.isMine ? "you" : SafeText.line(author.user)
        line.append("  " + name, TextStyle(colour: .of(author: author.user)))
        line.append(" " + options.time(author.time), .dim)
    }

    private func append(_ check: CheckView?, to line: inout StyledText) {
        guard let check, check.verdict != nil else { return line.append("unchecked") }
        line.append(CheckText(options: options).finding(check, withAuthor: false))
        if !check.then.isEmpty { line.append("   on “\(SafeText.line(check.then))”") }
    }

    /// A word in the column in front.
    func padded(_ word: String) -> String {
        options.isPlain
            ? word + "\t" : word + String(repeating: " ", count: max(1, 11 - word.count))
    }

    /// A line whose first column stands out when it is wrapped.
    func wrapped(_ line: StyledText) -> [StyledText] {
        guard !options.isPlain else { return [line] }
        let indent = options.isAccessible ? 0 : 11
        return TextWrap.lines(line, width: max(30, options.width - indent)).enumerated().map {
            var indented = StyledText("").padded(to: $0.offset == 0 ? 0 : indent)
            indented.append($0.element)
            return indented
        }
    }
}

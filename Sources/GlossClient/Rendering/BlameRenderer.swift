import GlossCore

/// Who wrote what, in lines: paragraph by paragraph, neighbouring text of one author together.
public struct BlameRenderer {
    private let options: RenderOptions
    private let blame: BlameView
    private let text: ArticleText

    /// A renderer of one answer.
    public init(_ blame: BlameView, _ options: RenderOptions) {
        self.blame = blame
        self.options = options
        text = blame.article.articleText
    }

    /// Text that is shown together.
    private struct Row {
        var paragraph: Int
        var range: Range<Int>
        var stretch: BlameView.Stretch
        /// Whether there is nothing to say of it but who wrote it.
        var isPlain: Bool { stretch.former == nil && stretch.suggestion == nil }
    }

    /// The answer in lines, not yet painted.
    public func lines() -> [StyledText] {
        let rows = rows
        if options.isPlain { return rows.map(plain) + blame.judgements.map(line) }
        if options.isAccessible {
            return (rows.map(spoken) + blame.judgements.map(line))
                .flatMap { TextWrap.lines($0, width: options.width) }
        }
        let labels = rows.map(label)
        let width = labels.map(\.columns).max() ?? 0
        var lines: [StyledText] = []
        for (index, row) in rows.enumerated() {
            let isFirst = index == 0 || rows[index - 1].paragraph != row.paragraph
            if isFirst, index > 0 { lines.append(StyledText()) }
            var gutter = StyledText(isFirst ? "p\(row.paragraph + 1) " : "", .dim).padded(to: 5)
            gutter.append(labels[index].padded(to: width + 2))
            let room = max(24, options.width - gutter.columns)
            let wrapped = TextWrap.lines(words(of: row), width: room)
            for (number, part) in wrapped.enumerated() {
                var line = number == 0 ? gutter : StyledText("").padded(to: gutter.columns)
                line.append(part)
                lines.append(line)
            }
        }
        guard !blame.judgements.isEmpty else { return lines }
        return lines + [StyledText(), StyledText("Rejected and checked", .bold)]
            + blame.judgements.flatMap { TextWrap.lines(line($0), width: options.width) }
    }

    private var rows: [Row] {
        var rows: [Row] = []
        for stretch in blame.stretches {
            for (paragraph, bounds) in text.paragraphs.enumerated()
            where bounds.overlaps(stretch.range) {
                let range = bounds.clamped(to: stretch.range)
                if let last = rows.last, last.paragraph == paragraph {
                    let next = Row(paragraph: paragraph, range: range, stretch: stretch)
                    if belongs(next, behind: last) {
                        rows[rows.count - 1].range = last.range.lowerBound..<range.upperBound
                        continue
                    }
                }
                rows.append(Row(paragraph: paragraph, range: range, stretch: stretch))
            }
        }
        return rows
    }

    /// Whether a reader loses nothing if two rows are one: the second is white space or marks, or by
    /// the same author.
    private func belongs(_ next: Row, behind last: Row) -> Bool {
        let scalars = text.scalars[next.range]
        if scalars.allSatisfy(TextFold.isSpace) { return true }
        guard next.isPlain else { return false }
        return !scalars.contains(where: WordKind.isWordScalar)
            || last.isPlain && isAlike(last.stretch, next.stretch)
    }

    /// Whether a reader sees no difference between who wrote two stretches, and when.
    private func isAlike(_ left: BlameView.Stretch, _ right: BlameView.Stretch) -> Bool {
        left.author.user == right.author.user && left.author.device == right.author.device
            && options.time(left.author.time) == options.time(right.author.time)
    }

    private func label(_ row: Row) -> StyledText {
        let author = row.stretch.author
        var label = StyledText(row.stretch.name, .dim)
        label.append("  ")
        label.append(
            SafeText.line(author.user), TextStyle(bold: true, colour: .of(author: author.user)))
        label.append("  " + options.time(author.time) + "  ", .dim)
        label.append(SafeText.line(author.device), .dim)
        return label
    }

    private func words(of row: Row) -> StyledText {
        var words = StyledText(SafeText.lines(text.string(text.trimmed(row.range))))
        let more = remarks(on: row).joined(separator: ", ")
        if !more.isEmpty { words.append("   (\(more))", .dim) }
        return words
    }

    /// What else there is to say of a row.
    private func remarks(on row: Row) -> [String] {
        var remarks: [String] = []
        if let former = row.stretch.former {
            let authors = former.authors.map { SafeText.line($0.user) }.joined(separator: ", ")
            remarks.append("\(authors) wrote “\(SafeText.line(former.text))”")
        }
        if let suggestion = row.stretch.suggestion {
            remarks.append(
                "suggestion \(suggestion.shortID) by \(SafeText.line(suggestion.author.user))")
        }
        return remarks
    }

    private func spoken(_ row: Row) -> StyledText {
        let author = row.stretch.author
        let more = remarks(on: row).map { ", " + $0 }.joined()
        return StyledText(
            "Paragraph \(row.paragraph + 1), change \(row.stretch.name) by "
                + "\(SafeText.line(author.user)), \(options.time(author.time)), on "
                + "\(SafeText.line(author.device))\(more): \(SafeText.line(text.string(row.range)))"
        )
    }

    private func plain(_ row: Row) -> StyledText {
        let author = row.stretch.author
        return StyledText(
            [
                "p\(row.paragraph + 1)", "\(row.range.lowerBound),\(row.range.upperBound)",
                row.stretch.name, SafeText.line(author.user), options.time(author.time),
                SafeText.line(author.device), SafeText.line(text.string(row.range)),
                SafeText.line(row.stretch.former?.text ?? ""),
                row.stretch.suggestion?.shortID ?? "",
            ].joined(separator: "\t"))
    }

    private func line(_ judgement: BlameView.Judgement) -> StyledText {
        switch judgement {
        case .rejection(let note, let author, let why): rejection(of: note, author, why)
        case .check(let note, let check): self.check(check, on: note)
        }
    }

    private func name(of note: NoteView) -> StyledText {
        var name = StyledText(note.shortID, .bold)
        if note.isPrivate { name.append("  private", .dim) }
        return name
    }

    private func rejection(
        of note: NoteView, _ author: Attribution, _ why: String?
    ) -> StyledText {
        var line = name(of: note)
        line.append("  rejected by \(SafeText.line(author.user)), \(options.time(author.time)): ")
        if let proposal = note.proposal {
            line.append(.comparison([.init(.removed, SafeText.line(note.words))]))
            if !proposal.isEmpty {
                line.append(.comparison([.init(.added, SafeText.line(proposal))]))
            }
        } else {
            line.append("“\(SafeText.line(note.words))”")
        }
        if let why { line.append("   why: “\(SafeText.line(why))”") }
        return line
    }

    /// A check of the words: what was found, of which words, and whether those are still the same.
    private func check(_ check: CheckView, on note: NoteView) -> StyledText {
        let text = CheckText(options: options)
        var line = name(of: note)
        line.append("  ")
        line.append(text.finding(check))
        line.append("   on “\(SafeText.line(check.then))”")
        if let changes = text.changes(of: check) {
            line.append("   ")
            line.append(changes)
        }
        return line
    }
}

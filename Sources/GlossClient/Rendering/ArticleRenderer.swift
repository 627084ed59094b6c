import GlossCore

/// An article and its notes in lines for a terminal, a file or a screen reader.
public struct ArticleRenderer {
    /// No line of text is longer than this, paragraph numbers included.
    public static let textWidth = 72
    private static let gutter = 5
    private static let gap = 3

    private let options: RenderOptions
    private let article: RenderedArticle
    private let marks: ArticleMarks
    private let noteText: NoteText

    /// A renderer of one article.
    public init(_ article: RenderedArticle, _ options: RenderOptions) {
        var article = article
        if options.notes == .none { article.notes = [] }
        self.article = article
        self.options = options
        marks = ArticleMarks(article, options)
        noteText = NoteText(options: options)
    }

    /// The article in lines, not yet painted.
    ///
    /// - Parameter paragraphs: the paragraphs to show, from 0; all of them if `nil`. Notes on
    ///   others stay away.
    /// - Complexity: O(scalars + notes × paragraphs they reach over).
    public func lines(paragraphs: Range<Int>? = nil) -> [StyledText] {
        let shown = (paragraphs ?? 0..<article.text.paragraphs.count)
            .clamped(to: 0..<article.text.paragraphs.count)
        var lines = [title]
        for paragraph in shown {
            lines.append(StyledText())
            lines += self.lines(of: paragraph)
        }
        if options.notes == .foot {
            lines += section("Notes", shown.flatMap { marks.notes(endingIn: $0) })
        }
        guard paragraphs == nil else { return lines }
        let unmarked = marks.markedCount..<marks.notes.count
        let isWhole = { (index: Int) in marks.notes[index].placement == .whole }
        lines += section("On the article as a whole", unmarked.filter(isWhole))
        lines += section("Loose notes", unmarked.filter { !isWhole($0) })
        return lines
    }

    private func section(_ title: String, _ notes: [Int]) -> [StyledText] {
        guard !notes.isEmpty else { return [] }
        return [StyledText(), StyledText(title, .bold)] + notes.flatMap { unplacedLines($0) }
    }

    private var title: StyledText {
        var title = StyledText(SafeText.line(article.title), .bold)
        let suggestions = article.notes.count {
            if case .suggestion = $0.kind { $0.status == nil } else { false }
        }
        let notes = article.notes.count {
            if case .suggestion = $0.kind { false } else { true }
        }
        var counts: [String] = []
        if notes > 0 { counts.append(notes == 1 ? "1 note" : "\(notes) notes") }
        if suggestions > 0 {
            counts.append(
                suggestions == 1 ? "1 open suggestion" : "\(suggestions) open suggestions")
        }
        let checks = article.notes.compactMap(\.check)
        let stale = checks.count { $0.state == .stale }
        if stale > 0 { counts.append(stale == 1 ? "1 stale check" : "\(stale) stale checks") }
        let unchecked = checks.count { $0.state == .unchecked }
        if unchecked > 0 { counts.append("\(unchecked) unchecked") }
        if !counts.isEmpty { title.append("   " + counts.joined(separator: ", "), .dim) }
        return title
    }

    private func lines(of paragraph: Int) -> [StyledText] {
        let text = marks.styled(paragraph)
        let notes = options.notes == .foot ? [] : marks.notes(endingIn: paragraph)
        if options.isAccessible {
            var spoken = StyledText("Paragraph \(paragraph + 1). ")
            spoken.append(text)
            return TextWrap.lines(spoken, width: options.width)
                + notes.flatMap { note in
                    noteText.lines(marks.notes[note], number: note + 1, count: marks.notes.count)
                        .flatMap { TextWrap.lines($0, width: options.width) }
                }
        }
        let isWide = hasMargin(for: paragraph)
        let column = min(ArticleRenderer.textWidth, options.width) - ArticleRenderer.gutter
        let wrapped = TextWrap.lines(text, width: column)
        let numbered = wrapped.enumerated().map { index, line in
            var numbered = StyledText(index == 0 ? "p\(paragraph + 1) " : "", .dim)
                .padded(to: ArticleRenderer.gutter)
            numbered.append(line)
            return numbered
        }
        return isWide
            ? beside(numbered, notes) : numbered + notes.flatMap { below($0) }
    }

    /// Text from right to left never shares a line with notes.
    private func hasMargin(for paragraph: Int) -> Bool {
        switch options.notes {
        case .inline, .foot, .none: return false
        case .margin: if options.width < ArticleRenderer.textWidth + 20 { return false }
        case .auto: if options.width < RenderOptions.marginWidth { return false }
        }
        let range = article.text.paragraphs[paragraph]
        return !DisplayWidth.hasRightToLeft(article.text.scalars[range])
            && !marks.notes(endingIn: paragraph).contains { index in
                let note = marks.notes[index]
                return DisplayWidth.hasRightToLeft(note.body.unicodeScalars)
                    || note.replies.contains {
                        DisplayWidth.hasRightToLeft($0.body.unicodeScalars)
                    }
            }
    }

    /// The notes in the margin: each beside the line where its mark ends, or under the one before.
    private func beside(_ text: [StyledText], _ notes: [Int]) -> [StyledText] {
        let start = ArticleRenderer.textWidth + ArticleRenderer.gap
        let width = min(60, options.width - start)
        var margin: [StyledText] = []
        for note in notes.sorted(by: { (line(of: $0, in: text), $0) < (line(of: $1, in: text), $1) }
        ) {
            let place = line(of: note, in: text)
            while margin.count < place { margin.append(StyledText()) }
            margin += block(note, width: width, indent: 2)
        }
        return (0..<max(text.count, margin.count)).map { index in
            let line = index < text.count ? text[index] : StyledText()
            guard index < margin.count, !margin[index].runs.isEmpty else { return line }
            var full = line.padded(to: start)
            full.append(margin[index])
            return full
        }
    }

    private func line(of note: Int, in text: [StyledText]) -> Int {
        text.lastIndex { $0.runs.contains { $0.style.mark == note } } ?? 0
    }

    private func below(_ note: Int) -> [StyledText] {
        let width = min(ArticleRenderer.textWidth, options.width) - ArticleRenderer.gutter
        return block(note, width: width, indent: 2).map { line in
            var indented = StyledText("").padded(to: ArticleRenderer.gutter)
            indented.append(line)
            return indented
        }
    }

    private func block(_ note: Int, width: Int, indent: Int) -> [StyledText] {
        let lines = noteText.lines(
            marks.notes[note], number: note < marks.markedCount ? note + 1 : nil,
            count: marks.notes.count)
        return lines.enumerated().flatMap { index, line in
            TextWrap.lines(line, width: width - indent).enumerated().map { row, part in
                let isFirst = index == 0 && row == 0
                var indented = StyledText("").padded(to: isFirst ? 0 : indent)
                indented.append(part)
                return indented
            }
        }
    }

    private func unplacedLines(_ index: Int) -> [StyledText] {
        if options.isAccessible {
            return noteText.lines(marks.notes[index], number: index + 1, count: marks.notes.count)
                .flatMap { TextWrap.lines($0, width: options.width) }
        }
        var lines = below(index)
        let note = marks.notes[index]
        if note.isLoose, !note.quote.isEmpty {
            let quote = DisplayWidth.truncated(
                SafeText.line(note.quote), to: max(20, options.width - 20))
            lines.insert(StyledText("       on “\(quote)”", .dim), at: min(1, lines.count))
        }
        return lines
    }
}

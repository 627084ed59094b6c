/// Puts the marks of notes into the paragraphs of an article.
struct ArticleMarks {
    private struct Span {
        var note: Int
        /// Within its paragraph.
        var range: Range<Int>
        /// Whether the note's range begins and ends here, not in another paragraph.
        var begins: Bool
        var ends: Bool
    }

    /// The notes in the order of their numbers: by their places, those without one behind.
    let notes: [RenderedNote]
    /// How many of them have a mark in the text.
    let markedCount: Int
    private let text: ArticleText
    private let numbers: NoteText
    private var spans: [[Span]]

    init(_ article: RenderedArticle, _ options: RenderOptions) {
        let text = article.text
        let parts = article.notes.map { note in
            note.isLoose ? [] : note.ranges.map { Self.parts(of: $0, in: text) }
        }
        // White space between paragraphs has no place for a mark.
        let isMarked = parts.map { $0.contains { !$0.isEmpty } }
        let marked = article.notes.indices.filter { isMarked[$0] }.sorted {
            (article.notes[$0].ranges[0].lowerBound, $0)
                < (article.notes[$1].ranges[0].lowerBound, $1)
        }
        let others = article.notes.indices.filter { !isMarked[$0] }
        markedCount = marked.count
        notes = (marked + others).map { article.notes[$0] }
        numbers = NoteText(options: options)
        self.text = text
        spans = Array(repeating: [], count: text.paragraphs.count)
        for (note, index) in marked.enumerated() {
            for parts in parts[index] { add(parts, of: note) }
        }
    }

    /// Where a range goes through paragraphs.
    private static func parts(
        of range: Range<Int>, in text: ArticleText
    ) -> [(paragraph: Int, range: Range<Int>)] {
        guard !range.isEmpty, range.upperBound <= text.scalars.count else { return [] }
        let range = text.snapped(range)
        var parts: [(paragraph: Int, range: Range<Int>)] = []
        var paragraph = text.paragraph(at: range.lowerBound)
        while paragraph < text.paragraphs.count,
            text.paragraphs[paragraph].lowerBound < range.upperBound
        {
            let part = range.clamped(to: text.paragraphs[paragraph])
            if !part.isEmpty { parts.append((paragraph, part)) }
            paragraph += 1
        }
        return parts
    }

    private mutating func add(_ parts: [(paragraph: Int, range: Range<Int>)], of note: Int) {
        for (index, part) in parts.enumerated() {
            spans[part.paragraph].append(
                Span(
                    note: note, range: part.range, begins: index == 0,
                    ends: index == parts.count - 1))
        }
    }

    /// The notes whose marks end in a paragraph, in order.
    func notes(endingIn paragraph: Int) -> [Int] {
        var seen: [Int] = []
        for span in spans[paragraph] where span.ends && !seen.contains(span.note) {
            seen.append(span.note)
        }
        return seen.sorted()
    }

    /// A paragraph with its marks: `[words]¹`, and `[-old-]{+new+}²` for a suggestion.
    func styled(_ paragraph: Int) -> StyledText {
        let bounds = text.paragraphs[paragraph]
        let spans = spans[paragraph]
        var cuts: Set<Int> = [bounds.lowerBound, bounds.upperBound]
        for span in spans { cuts.formUnion([span.range.lowerBound, span.range.upperBound]) }
        var styled = StyledText()
        var open: [Span] = []
        var last = bounds.lowerBound
        for cut in cuts.sorted() {
            if last < cut {
                styled.append(SafeText.lines(text.string(last..<cut)), style(of: open))
            }
            for span in open.reversed() where span.range.upperBound == cut {
                open.removeAll { $0.note == span.note && $0.range == span.range }
                close(span, &styled)
            }
            let starting = spans.filter { $0.range.lowerBound == cut }
                .sorted { ($1.range.upperBound, $0.note) < ($0.range.upperBound, $1.note) }
            for span in starting {
                if span.begins { styled.append(isSuggestion(span) ? "[-" : "[", bracket(span)) }
                open.append(span)
            }
            last = cut
        }
        return styled
    }

    private func close(_ span: Span, _ styled: inout StyledText) {
        guard span.ends else { return }
        let note = notes[span.note]
        if isSuggestion(span), case .suggestion(let replacement) = note.kind {
            styled.append("-]", bracket(span))
            if !replacement.isEmpty {
                styled.append(
                    "{+" + SafeText.line(replacement) + "+}", TextStyle(colour: .green))
            }
        } else {
            styled.append("]", bracket(span))
        }
        var style = TextStyle(bold: true, colour: .of(author: note.author))
        style.mark = span.note
        styled.append(numbers.mark(span.note + 1), style)
        if !note.conflicts.isEmpty { styled.append("!", .alarm) }
    }

    /// Whether a change is proposed there that somebody has yet to decide on.
    private func isSuggestion(_ span: Span) -> Bool {
        guard notes[span.note].status == nil else { return false }
        return if case .suggestion = notes[span.note].kind { true } else { false }
    }

    private func bracket(_ span: Span) -> TextStyle {
        isSuggestion(span)
            ? TextStyle(colour: .red)
            : TextStyle(colour: .of(author: notes[span.note].author))
    }

    private func style(of open: [Span]) -> TextStyle {
        guard let last = open.last else { return .plain }
        if isSuggestion(last) { return TextStyle(struck: true, colour: .red) }
        return TextStyle(underlined: true, colour: .of(author: notes[last.note].author))
    }
}

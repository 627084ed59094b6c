import GlossCore

/// Lists as tables, as fields with tabs between them, or as sentences.
public struct ListRenderer {
    private let options: RenderOptions

    /// A renderer.
    public init(_ options: RenderOptions) {
        self.options = options
    }

    /// Articles: name, title, paragraphs, notes, suggestions, conflicts, last change.
    public func articles(_ rows: [ArticleRow]) -> [StyledText] {
        list(
            rows.map(cells),
            columns: [
                .init(), .init(isFlexible: true), .init(isRight: true), .init(isRight: true),
                .init(isRight: true), .init(isRight: true), .init(),
            ])
    }

    /// Notes: id, article and paragraph, author, time, status and tags, what it says.
    public func notes(_ rows: [NoteRow]) -> [StyledText] {
        list(
            rows.map(cells),
            columns: [
                .init(), .init(isFlexible: true), .init(), .init(), .init(isFlexible: true),
                .init(isFlexible: true), .init(isFlexible: true),
            ])
    }

    /// Conflicts: id, subject, place, sides, time.
    public func conflicts(_ rows: [ConflictRow]) -> [StyledText] {
        list(
            rows.map(cells),
            columns: [
                .init(), .init(isFlexible: true), .init(isFlexible: true), .init(isFlexible: true),
                .init(),
            ])
    }

    /// Words that came back: place, words, what they were corrected to, and where.
    public func returnedPhrases(_ phrases: [ReturnedPhrase]) -> [StyledText] {
        list(
            phrases.map { phrase in
                let correction = phrase.correction
                let done =
                    correction.right.isEmpty
                    ? "was taken out" : "was corrected to “\(SafeText.line(correction.right))”"
                return [
                    StyledText("came back", .alarm), place(phrase.articleName, phrase.paragraph),
                    StyledText("“\(SafeText.line(phrase.words))”"),
                    StyledText(
                        "\(done) in \(SafeText.line(correction.articleName)) (\(correction.suggestion))"
                    ),
                ]
            }, columns: [.init(), .init(), .init(isFlexible: true), .init(isFlexible: true)])
    }

    private func list(
        _ rows: [[StyledText]], columns: [TextTable.Column]
    ) -> [StyledText] {
        guard !options.isAccessible else {
            return rows.flatMap { cells in
                let sentence = cells.map(\.text).filter { !$0.isEmpty }.joined(separator: ", ")
                return TextWrap.lines(StyledText(sentence), width: options.width)
            }
        }
        var table = TextTable(columns)
        for cells in rows { table.add(cells) }
        return table.lines(options)
    }

    private func cells(_ row: ArticleRow) -> [StyledText] {
        [
            StyledText(SafeText.line(row.name), .bold), StyledText(SafeText.line(row.title)),
            counted(row.paragraphs, "paragraph"), counted(row.notes, "note"),
            counted(row.suggestions, "suggestion"),
            counted(row.conflicts, "conflict", row.conflicts > 0 ? .alarm : .plain),
            StyledText(state(of: row), .dim),
        ]
    }

    private func state(of row: ArticleRow) -> String {
        if row.isPurged { return "purged" }
        return row.role.map { "as \($0.rawValue)" } ?? row.changed.map(options.time) ?? ""
    }

    private func cells(_ row: NoteRow) -> [StyledText] {
        let note = row.note
        var state: [String] = []
        if let mark = note.mark { state.append(SafeText.line(mark)) }
        if let check = note.check { state.append(SafeText.line(check.word)) }
        if let status = note.status { state.append(SafeText.line(status)) }
        if note.isLoose { state.append("loose") }
        state += note.tags.map { "#" + SafeText.line($0) }
        var marks = StyledText(state.joined(separator: " "), .dim)
        if !note.conflicts.isEmpty {
            marks.append((state.isEmpty ? "" : " ") + "! conflict", .alarm)
        }
        var body = StyledText()
        if case .suggestion(let replacement) = note.kind {
            if !note.quote.isEmpty {
                body.append(.comparison([.init(.removed, SafeText.line(note.quote))]))
            }
            if !replacement.isEmpty {
                body.append(.comparison([.init(.added, SafeText.line(replacement))]))
            }
            if !note.body.isEmpty { body.append(" ") }
        }
        body.append(SafeText.line(note.body))
        if let check = note.check, check.state == .stale,
            let changes = CheckText(options: options).changes(of: check)
        {
            if !note.body.isEmpty { body.append(" ") }
            body.append(changes)
        }
        if !note.replies.isEmpty {
            let count = note.replies.count
            body.append(count == 1 ? " (1 reply)" : " (\(count) replies)", .dim)
        }
        return [
            StyledText(note.shortID, .bold), place(row.article, row.paragraph),
            StyledText(SafeText.line(note.author), TextStyle(colour: .of(author: note.author))),
            StyledText(options.time(note.time), .dim), marks,
            StyledText(note.quote.isEmpty ? "" : "“\(SafeText.line(note.quote))”"), body,
        ]
    }

    private func cells(_ row: ConflictRow) -> [StyledText] {
        [
            StyledText(row.shortID, row.needsDecision ? .alarm : .bold),
            StyledText(SafeText.line(row.subject)), place(row.article, row.paragraph),
            StyledText(row.sides.map(SafeText.line).joined(separator: " | ")),
            StyledText(options.time(row.time), .dim),
        ]
    }

    private func place(_ article: String, _ paragraph: Int?) -> StyledText {
        let name = SafeText.line(article)
        guard let paragraph else { return StyledText(name) }
        return StyledText(name + (options.isAccessible ? " paragraph " : " p") + "\(paragraph)")
    }

    private func counted(
        _ count: Int, _ noun: String, _ style: TextStyle = .plain
    ) -> StyledText {
        if options.isPlain { return StyledText(String(count)) }
        guard count > 0 else { return StyledText() }
        return StyledText(count == 1 ? "1 \(noun)" : "\(count) \(noun)s", style)
    }
}

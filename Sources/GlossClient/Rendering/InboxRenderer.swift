/// What others did since somebody looked, article by article, in lines.
public struct InboxRenderer {
    private let options: RenderOptions

    /// A renderer.
    public init(_ options: RenderOptions) {
        self.options = options
    }

    /// The entries in lines, not yet painted; none if there are none.
    public func lines(_ inboxes: [Inbox]) -> [StyledText] {
        inboxes.enumerated().flatMap { place, inbox in
            (place == 0 ? [] : [StyledText()]) + lines(inbox)
        }
    }

    private func lines(_ inbox: Inbox) -> [StyledText] {
        let rows = DifferenceRows(options: options, text: inbox.article.articleText)
        return [heading(inbox)] + inbox.staleChecks.flatMap(rows.lines)
            + inbox.answers.flatMap { lines($0, rows) } + inbox.notes.flatMap(rows.lines)
            + inbox.edits.flatMap { lines($0, rows) }
    }

    private func heading(_ inbox: Inbox) -> StyledText {
        var heading = StyledText(SafeText.line(inbox.article.name), .bold)
        let authors = inbox.authors.map { SafeText.line($0.user) }.joined(separator: ", ")
        let changes = "\(inbox.changes) change\(inbox.changes == 1 ? "" : "s")"
        let by = inbox.changes == 0 ? "" : "\(changes) by \(authors)"
        guard inbox.isNew else {
            heading.append("   " + by, .dim)
            return heading
        }
        heading.append("   new to you", .alarm)
        let title = inbox.article.title
        if !title.isEmpty { heading.append(": “\(SafeText.line(title))”") }
        let count = inbox.article.articleText.paragraphs.count
        heading.append("   \(count) paragraph\(count == 1 ? "" : "s"), \(by)", .dim)
        return heading
    }

    private func lines(_ answer: Inbox.Answer, _ rows: DifferenceRows) -> [StyledText] {
        var line = StyledText(rows.padded("settled"), .alarm)
        line.append(SafeText.line(answer.subject))
        if let paragraph = answer.paragraph { line.append(" p\(paragraph)", .dim) }
        rows.append(answer.author, to: &line)
        line.append("  took ")
        line.append(answer.taken.map { "“\(SafeText.line($0))”" } ?? SafeText.line(answer.take))
        line.append(", not your “\(SafeText.line(answer.mine))”")
        if let why = answer.why { line.append("   why: “\(SafeText.line(why))”") }
        return rows.wrapped(line)
    }

    /// A change of the text: who made it, why, and each place.
    private func lines(_ edit: Inbox.Edit, _ rows: DifferenceRows) -> [StyledText] {
        var line = StyledText(rows.padded("text"), .dim)
        line.append(edit.entry.name, .bold)
        rows.append(edit.entry.author, to: &line)
        line.append("  ")
        if edit.text.isEmpty { line.append(SafeText.line(edit.entry.summary)) }
        if let message = edit.entry.message { line.append("  “\(SafeText.line(message))”") }
        return rows.wrapped(line)
            + rows.lines(
                edit.text, more: "gloss diff \(SafeText.line(edit.entry.articleName))")
    }
}

/// Notes as lines of text.
struct NoteText {
    let options: RenderOptions

    /// A number as a mark in the text: `¹`, or `^1` where superscripts may not show.
    func mark(_ number: Int) -> String {
        if options.isAccessible { return " (note \(number))" }
        if options.isPlain { return "^\(number)" }
        let digits = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"]
        return String(number).compactMap { $0.wholeNumberValue }.map { digits[$0] }.joined()
    }

    /// A note in lines that still have to be wrapped: who and when, what it says, the replies.
    func lines(_ note: RenderedNote, number: Int?, count: Int) -> [StyledText] {
        options.isAccessible
            ? spoken(note, number: number, count: count) : written(note, number: number)
    }

    private func written(_ note: RenderedNote, number: Int?) -> [StyledText] {
        let author = SafeText.line(note.author)
        var head = StyledText()
        if let number { head.append(mark(number) + " ", .bold) }
        head.append(note.shortID, .bold)
        head.append(" ")
        head.append(author, TextStyle(colour: .of(author: note.author)))
        head.append(" " + options.time(note.time), .dim)
        if let mark = note.mark { head.append(" " + SafeText.line(mark)) }
        for tag in note.tags { head.append(" #" + SafeText.line(tag)) }
        if let status = note.status { head.append(" " + SafeText.line(status), .dim) }
        for conflict in note.conflicts { head.append(" ! conflict " + conflict, .alarm) }
        var lines = [head]
        if case .suggestion(let replacement) = note.kind {
            lines.append(StyledText(proposal(replacement)))
        } else if note.kind == .highlight, note.body.isEmpty {
            lines.append(StyledText("highlight", .dim))
        }
        if !note.body.isEmpty { lines.append(StyledText(SafeText.lines(note.body))) }
        if let check = note.check { lines += CheckText(options: options).lines(check) }
        for reply in note.replies {
            var line = StyledText(options.isPlain ? "> " : "└ ", .dim)
            line.append(
                SafeText.line(reply.author), TextStyle(colour: .of(author: reply.author)))
            line.append(": " + SafeText.lines(reply.body))
            lines.append(line)
        }
        return lines
    }

    private func spoken(_ note: RenderedNote, number: Int?, count: Int) -> [StyledText] {
        let noun = (note.isPrivate ? "private " : "") + SafeText.line(note.label ?? "note")
        var text = number.map { "\(noun) \($0) of \(count)" } ?? noun
        text += ", \(note.shortID), by \(SafeText.line(note.author)), \(options.time(note.time))"
        if !note.quote.isEmpty { text += ", on “\(SafeText.line(note.quote))”" }
        if note.isLoose { text += ", which is no longer there" }
        if let status = note.status { text += ", \(SafeText.line(status))" }
        if !note.tags.isEmpty {
            text += ", tags " + note.tags.map(SafeText.line).joined(separator: ", ")
        }
        for conflict in note.conflicts { text += ", has conflict \(conflict)" }
        text += ": "
        if case .suggestion(let replacement) = note.kind { text += proposal(replacement) + ". " }
        text +=
            note.body.isEmpty && note.kind == .highlight ? "highlight" : SafeText.line(note.body)
        let replies = note.replies.map { reply in
            StyledText(
                "reply by \(SafeText.line(reply.author)), \(options.time(reply.time)): "
                    + SafeText.line(reply.body))
        }
        let check = note.check.map { CheckText(options: options).lines($0) } ?? []
        return [StyledText(text)] + check + replies
    }

    private func proposal(_ replacement: String) -> String {
        replacement.isEmpty
            ? "suggests deleting it" : "suggests “\(SafeText.line(replacement))”"
    }
}

import GlossCore

/// What has changed in an article since an earlier state, in lines: text, then notes.
public struct DifferenceRenderer {
    private let options: RenderOptions
    private let difference: ArticleDifference
    private let rows: DifferenceRows

    /// A renderer of one answer.
    public init(_ difference: ArticleDifference, _ options: RenderOptions) {
        self.difference = difference
        self.options = options
        rows = DifferenceRows(options: options, text: difference.now.articleText)
    }

    /// The answer in lines, not yet painted; none if nothing has changed.
    public func lines() -> [StyledText] {
        guard !difference.changes.isEmpty else { return [] }
        var lines = [heading]
        if let title = difference.title {
            lines += [StyledText(), StyledText("Title", .bold)]
            lines += rows.wrapped(.comparison(WordDiff.segments(from: title.before, to: title.now)))
        }
        let text = difference.text
        if !text.isEmpty {
            lines += [StyledText(), StyledText("Text", .bold)] + text.flatMap { rows.lines($0) }
        }
        if !difference.notes.isEmpty {
            lines += [StyledText(), StyledText("Notes", .bold)]
            lines += difference.notes.flatMap(rows.lines)
        }
        let conflicts =
            difference.openedConflicts.map { ("open", $0) }
            + difference.settledConflicts.map { ("settled", $0) }
        if !conflicts.isEmpty {
            lines += [StyledText(), StyledText("Conflicts", .bold)]
            for (word, conflict) in conflicts {
                var line = StyledText(rows.padded(word), word == "open" ? .alarm : .dim)
                line.append(conflict.shortID + "  ", .bold)
                line.append(SafeText.line(conflict.subject))
                lines += rows.wrapped(line)
            }
        }
        return lines
    }

    private var heading: StyledText {
        let state = difference.before.state
        var heading = StyledText(SafeText.line(difference.now.name), .bold)
        let count = difference.changes.count
        let authors = difference.authors.map { $0.isMine ? "you" : SafeText.line($0.user) }
        let since = state.time.map(options.time) ?? state.last?.name ?? "the beginning"
        heading.append(
            "   since \(since): \(count) change\(count == 1 ? "" : "s") by "
                + authors.joined(separator: ", "), .dim)
        return heading
    }
}

import GlossCore

/// What has changed in an article since an earlier state, in lines: text, then notes.
public struct DifferenceRenderer {
    private let options: RenderOptions
    private let difference: ArticleDifference

    /// A renderer of one answer.
    public init(_ difference: ArticleDifference, _ options: RenderOptions) {
        self.difference = difference
        self.options = options
    }

    /// The answer in lines, not yet painted; none if nothing has changed.
    public func lines() -> [StyledText] {
        guard !difference.changes.isEmpty else { return [] }
        var lines = [heading]
        if let title = difference.title {
            lines += [StyledText(), StyledText("Title", .bold)]
            lines += wrapped(.comparison(WordDiff.segments(from: title.before, to: title.now)))
        }
        let text = difference.text
        if !text.isEmpty {
            lines += [StyledText(), StyledText("Text", .bold)] + text.flatMap(self.lines)
        }
        if !difference.notes.isEmpty {
            lines += [StyledText(), StyledText("Notes", .bold)]
            lines += difference.notes.flatMap(self.lines)
        }
        let conflicts =
            difference.openedConflicts.map { ("open", $0) }
            + difference.settledConflicts.map { ("settled", $0) }
        if !conflicts.isEmpty {
            lines += [StyledText(), StyledText("Conflicts", .bold)]
            for (word, conflict) in conflicts {
                var line = StyledText(padded(word), word == "open" ? .alarm : .dim)
                line.append(conflict.shortID + "  ", .bold)
                line.append(SafeText.line(conflict.subject))
                lines += wrapped(line)
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

    private func lines(_ place: TextDifference) -> [StyledText] {
        var line = StyledText(padded(place.paragraph > 0 ? "p\(place.paragraph)" : ""), .dim)
        let segments = place.segments.map { segment in
            options.isPlain
                ? .init(segment.kind, segment.text.replacing("\n", with: " ")) : segment
        }
        line.append(.comparison(segments))
        return wrapped(line)
    }

    private func lines(_ note: NoteDifference) -> [StyledText] {
        var line = StyledText(padded(note.kind.rawValue), .dim)
        line.append(note.note.shortID, .bold)
        if let range = note.note.placement.ranges.first {
            line.append(" p\(difference.now.articleText.paragraph(at: range.lowerBound) + 1)", .dim)
        }
        if let author = note.author {
            let name = author.isMine ? "you" : SafeText.line(author.user)
            line.append("  " + name, TextStyle(colour: .of(author: author.user)))
            line.append(" " + options.time(author.time), .dim)
        }
        line.append("  ")
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
        case .lost: line.append("stood on “\(SafeText.line(note.before ?? ""))”")
        }
        return wrapped(line)
    }

    private func padded(_ word: String) -> String {
        options.isPlain
            ? word + "\t" : word + String(repeating: " ", count: max(1, 11 - word.count))
    }

    private func wrapped(_ line: StyledText) -> [StyledText] {
        guard !options.isPlain else { return [line] }
        let indent = options.isAccessible ? 0 : 11
        return TextWrap.lines(line, width: max(30, options.width - indent)).enumerated().map {
            var indented = StyledText("").padded(to: $0.offset == 0 ? 0 : indent)
            indented.append($0.element)
            return indented
        }
    }
}

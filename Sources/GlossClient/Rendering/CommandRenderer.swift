import GlossCore
import GlossStorage

/// What a command of this device did, in lines.
public struct CommandRenderer {
    private let options: RenderOptions
    private let detail: CommandDetail
    private let rows: DifferenceRows

    /// A renderer of one answer.
    public init(_ detail: CommandDetail, _ options: RenderOptions) {
        self.options = options
        self.detail = detail
        rows = DifferenceRows(options: options, text: ArticleText([]))
    }

    /// The answer in lines, not yet painted.
    public func lines() -> [StyledText] {
        var lines = [heading]
        if let undoing = detail.undoneBy {
            lines.append(
                StyledText("undone \(options.time(undoing.time)), by \(undoing.number)", .dim))
        }
        if let other = detail.reverses {
            let text = "the opposite of \(other.number)  \(SafeText.line(other.command))"
            lines.append(StyledText(text, .dim))
        }
        for change in detail.changes {
            if !options.isPlain { lines.append(StyledText()) }
            lines += self.lines(change)
        }
        return lines
    }

    private var heading: StyledText {
        var heading = StyledText("\(detail.command.number)  ", .dim)
        heading.append(SafeText.line(detail.command.command), .bold)
        heading.append("   " + options.time(detail.command.time), .dim)
        return heading
    }

    private func lines(_ change: CommandDetail.Change) -> [StyledText] {
        var line = StyledText(rows.padded(change.entry.name), .bold)
        line.append(SafeText.line(change.entry.articleName))
        if change.text.isEmpty, change.acts.isEmpty {
            line.append("  " + SafeText.line(change.entry.summary))
        }
        if let message = change.entry.message { line.append("  “\(SafeText.line(message))”") }
        line.append("  \(Self.words(for: change))", .dim)
        var lines = rows.wrapped(line)
        lines += rows.lines(
            change.text, more: "gloss history show \(detail.command.number) --json")
        for act in change.acts {
            var line = StyledText(rows.padded(""))
            line.append(NoteActText.line(act, isNamed: true))
            lines += rows.wrapped(line)
        }
        return lines
    }

    /// How far a change has come, in words.
    private static func words(for change: CommandDetail.Change) -> String {
        if change.isRecalled { return "taken back before it was sent" }
        return switch change.state {
        case .unsent: "not sent"
        case .offered: "sent, not acknowledged yet"
        case .acknowledged: "sent"
        case .refused(let code, let message):
            "refused: \(SafeText.line(message)) (\(SafeText.line(code)))"
        }
    }
}

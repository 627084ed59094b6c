import GlossCore

/// What was deleted from an article and by whom, in lines.
public struct DeletionRenderer {
    private let options: RenderOptions
    private let deletions: [BlameView.Deletion]
    private let rows: DifferenceRows

    /// A renderer of one answer.
    public init(
        _ deletions: [BlameView.Deletion], in article: ArticleView, _ options: RenderOptions
    ) {
        self.options = options
        self.deletions = deletions
        rows = DifferenceRows(options: options, text: article.articleText)
    }

    /// The answer in lines, not yet painted: who deleted it and who had written it, then the words.
    public func lines() -> [StyledText] {
        deletions.flatMap { deletion in
            var line = StyledText(rows.padded("p\(deletion.place.paragraph)"), .dim)
            line.append(deletion.name, .bold)
            rows.append(deletion.author, to: &line)
            line.append("  " + SafeText.line(deletion.author.device), .dim)
            let writers = deletion.writers.map { $0.isMine ? "you" : SafeText.line($0.user) }
            line.append("  deleted what \(writers.joined(separator: ", ")) wrote", .dim)
            return rows.wrapped(line) + rows.lines([deletion.place], word: "")
        }
    }
}

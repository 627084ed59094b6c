import GlossClient

/// Whom an undo or redo concerns, in words.
enum StepText {
    /// When the command ran.
    static func time(_ step: HistoryStep, _ render: RenderOptions) -> String {
        let time = render.time(step.time)
        return time == "now" ? "from just now" : "from \(time)"
    }

    static func lines(_ step: HistoryStep) -> [String] {
        [audience(step), rest(step)].compactMap { $0 }
            + step.leftAlone.map { "It leaves \($0)." }
    }

    private static func audience(_ step: HistoryStep) -> String? {
        guard step.changes > step.spent else { return nil }
        guard step.sent > 0 else {
            return switch (step.isRecalled, step.isRedo) {
            case (true, false):
                "Nothing of it was sent, so nobody else is affected, and it never will be."
            case (true, true): "Nobody else has heard that it was undone, and nobody will."
            case (false, _):
                "Nothing of it was sent, so nobody else is affected; the log keeps it."
            }
        }
        let what =
            step.sent == step.changes
            ? "It was sent already"
            : "\(step.sent) of its \(step.changes) changes were sent already"
        if step.isPrivate {
            return "\(what), to your own devices alone: they see this after the next sync."
        }
        let articles = step.articles.isEmpty ? "it" : step.articles.joined(separator: ", ")
        let others =
            step.others.isEmpty ? "" : " (\(step.others.joined(separator: ", ")) among them)"
        return "\(what): everybody who reads \(articles)\(others) sees this after the next sync."
    }

    private static func rest(_ step: HistoryStep) -> String? {
        guard step.spent > 0 else { return nil }
        return step.spent == step.changes
            ? "Nothing changed: somebody has changed all of it since, or did the same."
            : "Some of it stays as it is: somebody has changed it since, or did the same."
    }
}

import GlossClient
import GlossCore

/// What the commands about the history print with `--json`.
extension JSONViews {
    static func command(_ command: PastCommand) -> [OutputMember] {
        [
            OutputMember("number", .integer(command.number)),
            OutputMember("time", .time(command.time)),
            OutputMember("command", .string(command.command)),
            OutputMember("undone", .bool(command.isUndone)),
        ]
    }

    static func command(_ detail: CommandDetail) -> [OutputMember] {
        let number = { (command: PastCommand?) -> OutputValue in
            command.map { .integer($0.number) } ?? .null
        }
        return command(detail.command) + [
            OutputMember("undone_by", number(detail.undoneBy)),
            OutputMember("reverses", number(detail.reverses)),
            OutputMember(
                "changes",
                .array(
                    detail.changes.map { change in
                        .object(
                            logEntry(change.entry) + [
                                OutputMember("state", .string(change.stateName)),
                                OutputMember("refusal", .optional(change.refusal)),
                                OutputMember("text", .array(change.text.map { place($0) })),
                                OutputMember("notes", .array(change.acts.map { act($0) })),
                            ])
                    })),
        ]
    }

    static func act(_ act: NoteAct) -> OutputValue {
        .object([
            OutputMember("what", .string(act.kind.rawValue)),
            OutputMember("id", .string(act.shortID)),
            OutputMember("quote", .string(act.quote)),
            OutputMember("before", .optional(act.before)),
            OutputMember("now", .string(act.now)),
        ])
    }

    static func step(_ step: HistoryStep) -> [OutputMember] {
        [
            OutputMember("command", .string(step.command)),
            OutputMember("time", .time(step.time)),
            OutputMember("changes", .integer(step.changes)),
            OutputMember("sent", .integer(step.sent)),
            OutputMember("spent", .integer(step.spent)),
            OutputMember("recalled", .bool(step.isRecalled)),
            OutputMember("private", .bool(step.isPrivate)),
            OutputMember("left", .strings(step.leftAlone)),
            OutputMember("text", .array(step.text.map { place($0) })),
            OutputMember("articles", .strings(step.articles)),
            OutputMember("others", .strings(step.others)),
        ]
    }

    static func deletion(_ deletion: BlameView.Deletion, in article: ArticleView) -> [OutputMember]
    {
        [
            OutputMember("article", .string(article.name)),
            OutputMember("paragraph", .integer(deletion.place.paragraph)),
            OutputMember("offset", .integer(deletion.offset)),
            OutputMember("text", .string(deletion.text)),
            OutputMember("author", author(deletion.author)),
            OutputMember("id", .string(deletion.name)),
            OutputMember("change", .string(deletion.change.description)),
            OutputMember("writers", .array(deletion.writers.map { author($0) })),
        ]
    }
}

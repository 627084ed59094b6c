import GlossClient
import GlossCore

/// What commands print with `--json`. Fields may be added; none is renamed within a version.
enum JSONViews {
    static func author(_ author: Attribution) -> OutputValue {
        .object([
            OutputMember("user", .string(author.user)),
            OutputMember("device", .string(author.device)),
            OutputMember("time", .time(author.time)),
            OutputMember("mine", .bool(author.isMine)),
            OutputMember("sent", .bool(author.isAcknowledged)),
        ])
    }

    static func note(_ note: NoteView, in view: ArticleView) -> [OutputMember] {
        [
            OutputMember("id", .string(note.shortID)),
            OutputMember("op", .string(note.id.description)),
            OutputMember("article", .string(view.name)),
            OutputMember("private", .bool(note.isPrivate)),
            OutputMember("kind", .string(note.kind.rawValue)),
            OutputMember("author", author(note.author)),
            OutputMember("body", .string(note.body)),
            OutputMember("proposal", .optional(note.proposal)),
            OutputMember("decision", .optional(note.decision?.rawValue)),
            OutputMember("check", note.check.map { check($0) } ?? .null),
            OutputMember("done", .bool(note.isDone)),
            OutputMember("tags", .strings(note.tags)),
            OutputMember("quote", .string(note.quote.exact)),
            OutputMember("prefix", .string(note.quote.prefix)),
            OutputMember("suffix", .string(note.quote.suffix)),
            OutputMember("state", .string(note.placement.state.rawValue)),
            OutputMember("coverage", .share(note.placement.coverage)),
            OutputMember("ranges", .array(note.placement.ranges.map { .range($0) })),
            OutputMember("words", .string(note.words)),
            OutputMember("changed", .bool(note.isChanged)),
            OutputMember("paragraph", .optional(view.paragraph(of: note, in: view.articleText))),
            OutputMember(
                "elsewhere",
                .array(
                    view.placesElsewhere(of: note, in: view.articleText).map { .range($0.range) })),
            OutputMember("replies", .array(note.replies.map { reply($0) })),
            OutputMember("conflicts", .strings(note.conflicts)),
        ]
    }

    static func returned(_ phrase: ReturnedPhrase) -> [OutputMember] {
        [
            OutputMember("article", .string(phrase.articleName)),
            OutputMember("paragraph", .integer(phrase.paragraph)),
            OutputMember("range", .range(phrase.range)),
            OutputMember("words", .string(phrase.words)),
            OutputMember("wrong", .string(phrase.correction.wrong)),
            OutputMember("right", .string(phrase.correction.right)),
            OutputMember("corrected_in", .string(phrase.correction.articleName)),
            OutputMember("suggestion", .string(phrase.correction.suggestion)),
        ]
    }

    static func check(_ check: CheckView) -> OutputValue { .object(members(check)) }

    static func members(_ check: CheckView) -> [OutputMember] {
        [
            OutputMember("state", .string(check.state.rawValue)),
            OutputMember("verdict", .optional(check.verdict?.rawValue)),
            OutputMember(
                "evidence",
                .array(
                    check.evidence.map { entry in
                        .object([
                            OutputMember("source", .optional(entry.source)),
                            OutputMember("url", .optional(entry.link)),
                            OutputMember("page", .optional(entry.page)),
                            OutputMember("time", .optional(entry.time)),
                        ])
                    })),
            OutputMember("remark", .optional(check.remark)),
            OutputMember("author", check.author.map { author($0) } ?? .null),
            OutputMember("why", .optional(check.why)),
            OutputMember("then", .optional(check.verdict == nil ? nil : check.then)),
            OutputMember("now", .optional(check.verdict == nil ? nil : check.now)),
        ]
    }

    private static func reply(_ reply: ReplyView) -> OutputValue {
        .object([
            OutputMember("id", .string(reply.shortID)),
            OutputMember("op", .string(reply.id.description)),
            OutputMember("author", author(reply.author)),
            OutputMember("body", .string(reply.body)),
        ])
    }

    static func article(_ view: ArticleView) -> [OutputMember] {
        [
            OutputMember("id", .string(view.id.description)),
            OutputMember("name", .string(view.name)),
            OutputMember("title", .string(view.title)),
            OutputMember("text", .string(view.text)),
            OutputMember("version", .strings(view.version.map(\.description))),
            OutputMember("checksum", .string(view.checksum)),
            OutputMember("notes", .array(view.notes.map { .object(note($0, in: view)) })),
            OutputMember("conflicts", .strings(view.conflicts.map(\.shortID))),
        ]
    }

    static func conflict(_ view: ConflictView) -> [OutputMember] {
        [
            OutputMember("id", .string(view.shortID)),
            OutputMember("key", .string(view.conflict.id.description)),
            OutputMember("kind", .string(view.conflict.kind.rawValue)),
            OutputMember("article", .string(view.articleName)),
            OutputMember("private", .bool(view.isPrivate)),
            OutputMember("subject", .string(view.subject)),
            OutputMember("note", .optional(view.noteShortID)),
            OutputMember("suggestions", .strings(view.suggestions.map(\.shortID))),
            OutputMember("paragraph", .optional(view.paragraph)),
            OutputMember("base", .optional(view.base)),
            OutputMember("base_author", view.baseAuthor.map { author($0) } ?? .null),
            OutputMember(
                "versions",
                .array(
                    view.versions.map { version in
                        .object([
                            OutputMember("letter", .string(version.letter)),
                            OutputMember("content", .string(version.content)),
                            OutputMember("authors", .array(version.authors.map { author($0) })),
                            OutputMember("why", .optional(version.why)),
                            OutputMember("suggestion", .optional(version.suggestion)),
                        ])
                    })),
            OutputMember("shown", .string(view.conflict.shown)),
            OutputMember("choices", .strings(view.choices)),
        ]
    }

    /// The conflicts that a command settled that was about something else; nothing if none.
    static func alsoSettled(_ conflicts: [ConflictView]) -> [OutputMember] {
        conflicts.isEmpty ? [] : [OutputMember("settled", .strings(conflicts.map(\.shortID)))]
    }

    static func settled(_ view: SettledConflictView) -> [OutputMember] {
        conflict(view.question) + [
            OutputMember(
                "answers",
                .array(
                    view.answers.map { answer in
                        .object([
                            OutputMember("take", .string(answer.take)),
                            OutputMember("words", .optional(answer.words)),
                            OutputMember("author", author(answer.author)),
                            OutputMember("why", .optional(answer.why)),
                        ])
                    }))
        ]
    }

    static func outbox(_ item: OutboxItem) -> [OutputMember] {
        [
            OutputMember("id", .string(item.shortID)),
            OutputMember("article", .string(item.articleName)),
            OutputMember("document", .string(item.document.description)),
            OutputMember("private", .bool(item.isPrivate)),
            OutputMember("change", .string(item.change.id.description)),
            OutputMember("summary", .string(item.summary)),
            OutputMember("command", .optional(item.command)),
            OutputMember("purged", .bool(item.isPurged)),
            OutputMember("refused", .optional(item.refusal?.code)),
            OutputMember("reason", .optional(item.refusal?.message)),
        ]
    }

    static func unreturned(_ item: UnreturnedChange) -> [OutputMember] {
        [
            OutputMember("id", .string(item.shortID)),
            OutputMember("article", .string(item.articleName)),
            OutputMember("document", .string(item.document.description)),
            OutputMember("private", .bool(item.isPrivate)),
            OutputMember("change", .string(item.change.id.description)),
            OutputMember("summary", .string(item.summary)),
            OutputMember("user", .string(item.user)),
            OutputMember("device", .string(item.device)),
            OutputMember("refused", .string(item.refusal.code)),
            OutputMember("reason", .string(item.refusal.message)),
        ]
    }

    static func status(_ status: LibraryStatus) -> [OutputMember] {
        let profile = status.profile
        return [
            OutputMember("user", .string(profile.user)),
            OutputMember("device", .string(profile.label)),
            OutputMember("role", .optional(profile.role?.rawValue)),
            OutputMember("library", .optional(profile.libraryName)),
            OutputMember("server", .optional(profile.server.map { "\($0.host):\($0.port)" })),
            OutputMember("last_sync", profile.lastSync.map { .time($0) } ?? .null),
            OutputMember("articles", .integer(status.articles)),
            OutputMember("to_send", .integer(status.outbox.count)),
            OutputMember("refused", .integer(status.refused.count)),
            OutputMember("kept", .integer(status.kept.count)),
            OutputMember("purged", .integer(status.purged)),
            OutputMember("unread", .integer(status.unread)),
        ] + counts(status.conflicts)
    }

    /// How many conflicts are open, how many of them need somebody, and how many only ask for a look.
    private static func counts(_ conflicts: [ConflictView]) -> [OutputMember] {
        let needed = conflicts.count(where: \.needsDecision)
        return [
            OutputMember("conflicts", .integer(conflicts.count)),
            OutputMember("needs_you", .integer(needed)),
            OutputMember("worth_a_look", .integer(conflicts.count - needed)),
        ]
    }

    static func sync(_ report: SyncReport, _ conflicts: [ConflictView]) -> [OutputMember] {
        [
            OutputMember("server", .string(report.server)),
            OutputMember("sent", .integer(report.sent)),
            OutputMember("received", .integer(report.received)),
            OutputMember("authors", .strings(report.authors)),
            OutputMember("refused", .integer(report.refused)),
            OutputMember("postponed", .strings(report.postponed)),
            OutputMember("returned", .integer(report.returned)),
            OutputMember("unreturned", .integer(report.unreturned)),
            OutputMember("lost", .integer(report.lost)),
            OutputMember("lost_authors", .strings(report.lostAuthors)),
            OutputMember("resynced", .integer(report.resynced)),
            OutputMember("purged", .strings(report.purged)),
        ] + counts(conflicts)
    }

    static func logEntry(_ entry: LogEntry) -> [OutputMember] {
        [
            OutputMember("id", .string(entry.name)),
            OutputMember("article", .string(entry.articleName)),
            OutputMember("change", .string(entry.change.description)),
            OutputMember("author", author(entry.author)),
            OutputMember("summary", .string(entry.summary)),
            OutputMember("private", .bool(entry.isPrivate)),
            OutputMember("message", .optional(entry.message)),
        ] + (entry.acts.isEmpty ? [] : [OutputMember("notes", .array(entry.acts.map { act($0) }))])
    }

    /// An article, its notes and its open conflicts, one object a line.
    static func export(_ view: ArticleView) -> String {
        JSONOutput.line("article", article(view))
            + view.notes.map { JSONOutput.line("note", note($0, in: view)) }.joined()
            + view.conflicts.map { JSONOutput.line("conflict", conflict($0)) }.joined()
    }
}

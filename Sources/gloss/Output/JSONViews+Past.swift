import GlossClient
import GlossCore

/// What the commands that look back print with `--json`.
extension JSONViews {
    static func state(_ state: PastState) -> OutputValue {
        .object([
            OutputMember("id", .optional(state.last?.name)),
            OutputMember("change", .optional(state.last?.change.description)),
            OutputMember("author", state.last.map { author($0.author) } ?? .null),
            OutputMember("time", state.time.map { .time($0) } ?? .null),
            OutputMember("later_changes", .integer(state.laterCount)),
        ])
    }

    static func difference(_ difference: ArticleDifference) -> [OutputMember] {
        let title = difference.title.map { title in
            OutputValue.object([
                OutputMember("before", .string(title.before)),
                OutputMember("now", .string(title.now)),
            ])
        }
        return [
            OutputMember("article", .string(difference.now.name)),
            OutputMember("since", state(difference.before.state)),
            OutputMember("changes", .array(difference.changes.map { .object(logEntry($0)) })),
            OutputMember("title", title ?? .null),
            OutputMember("text", .array(difference.text.map { place($0) })),
            OutputMember(
                "notes", .array(difference.notes.map { note($0) })),
            OutputMember("conflicts", .strings(difference.openedConflicts.map(\.shortID))),
            OutputMember("settled", .strings(difference.settledConflicts.map(\.shortID))),
        ]
    }

    static func place(_ place: TextDifference) -> OutputValue {
        .object([
            OutputMember("paragraph", .integer(place.paragraph)),
            OutputMember(
                "segments",
                .array(
                    place.segments.map { segment in
                        let kind =
                            switch segment.kind {
                            case .kept: "kept"
                            case .removed: "removed"
                            case .added: "added"
                            }
                        return .object([
                            OutputMember("kind", .string(kind)),
                            OutputMember("text", .string(segment.text)),
                        ])
                    })),
        ])
    }

    private static func note(_ note: NoteDifference) -> OutputValue { .object(members(note)) }

    static func members(_ note: NoteDifference) -> [OutputMember] {
        [
            OutputMember("what", .string(note.kind.rawValue)),
            OutputMember("id", .string(note.note.shortID)),
            OutputMember("kind", .string(note.note.kind.rawValue)),
            OutputMember("private", .bool(note.note.isPrivate)),
            OutputMember("author", note.author.map { author($0) } ?? .null),
            OutputMember("quote", .string(note.note.quote.exact)),
            OutputMember("before", .optional(note.before)),
            OutputMember("now", .string(note.now)),
        ]
    }

    static func stretch(_ stretch: BlameView.Stretch, in blame: BlameView) -> [OutputMember] {
        let text = blame.article.articleText
        return [
            OutputMember("article", .string(blame.article.name)),
            OutputMember("paragraph", .integer(text.paragraph(at: stretch.range.lowerBound) + 1)),
            OutputMember("range", .range(stretch.range)),
            OutputMember("text", .string(stretch.text)),
            OutputMember("author", author(stretch.author)),
            OutputMember("id", .string(stretch.name)),
            OutputMember("change", .string(stretch.change.description)),
            OutputMember(
                "former",
                stretch.former.map { former in
                    .object([
                        OutputMember("text", .string(former.text)),
                        OutputMember("authors", .array(former.authors.map { author($0) })),
                    ])
                } ?? .null),
            OutputMember(
                "suggestion",
                stretch.suggestion.map { suggestion in
                    .object([
                        OutputMember("id", .string(suggestion.shortID)),
                        OutputMember("author", author(suggestion.author)),
                    ])
                } ?? .null),
        ]
    }

    static func judgement(
        _ judgement: BlameView.Judgement, in blame: BlameView
    ) -> (thing: String, members: [OutputMember]) {
        func about(_ note: NoteView) -> [OutputMember] {
            [
                OutputMember("article", .string(blame.article.name)),
                OutputMember("note", .string(note.shortID)),
                OutputMember("ranges", .array(note.placement.ranges.map { .range($0) })),
            ]
        }
        switch judgement {
        case .rejection(let note, let author, let why):
            let members = [
                OutputMember("author", self.author(author)), OutputMember("why", .optional(why)),
            ]
            return ("rejection", about(note) + members)
        case .check(let note, let check):
            return ("check", about(note) + members(check))
        }
    }
}

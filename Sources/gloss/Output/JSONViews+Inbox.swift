import GlossClient
import GlossCore

/// What `gloss inbox` prints with `--json`: one object for each entry.
extension JSONViews {
    static func inbox(_ inbox: Inbox) -> [[OutputMember]] {
        let article = [OutputMember("article", .string(inbox.article.name))]
        let notes = (inbox.staleChecks + inbox.notes).map { note in
            members(note)
                + [OutputMember("check", note.note.check.map { check($0) } ?? .null)]
        }
        let entries = notes + inbox.answers.map(answer) + inbox.edits.map(edit)
        let all = inbox.isNew || entries.isEmpty ? [whole(inbox)] : []
        return (all + entries).map { article + $0 }
    }

    /// An article that is new as a whole, or that has changes of which there is nothing to tell.
    private static func whole(_ inbox: Inbox) -> [OutputMember] {
        [
            OutputMember("what", .string(inbox.isNew ? "article" : "changes")),
            OutputMember("title", .string(inbox.article.title)),
            OutputMember("paragraphs", .integer(inbox.article.articleText.paragraphs.count)),
            OutputMember("changes", .integer(inbox.changes)),
            OutputMember("authors", .array(inbox.authors.map { author($0) })),
        ]
    }

    private static func answer(_ answer: Inbox.Answer) -> [OutputMember] {
        [
            OutputMember("what", .string("settled")),
            OutputMember("author", author(answer.author)),
            OutputMember("subject", .string(answer.subject)),
            OutputMember("paragraph", .optional(answer.paragraph)),
            OutputMember("take", .string(answer.take)),
            OutputMember("mine", .string(answer.mine)),
            OutputMember("taken", .optional(answer.taken)),
            OutputMember("why", .optional(answer.why)),
        ]
    }

    private static func edit(_ edit: Inbox.Edit) -> [OutputMember] {
        [
            OutputMember("what", .string("text")),
            OutputMember("change", .string(edit.entry.name)),
            OutputMember("author", author(edit.entry.author)),
            OutputMember("summary", .string(edit.entry.summary)),
            OutputMember("message", .optional(edit.entry.message)),
            OutputMember("text", .array(edit.text.map { place($0) })),
        ]
    }
}

import GlossClient
import GlossCore

/// What a newer version of an article did to its notes.
enum UpdateReport {
    static func show(_ update: ArticleUpdate, _ console: Console) throws {
        let view = update.view
        let text = view.articleText
        let changed = update.notes.filter { $0.fate != .kept }
        try console.result(
            "updated",
            [
                OutputMember("id", .string(view.id.description)),
                OutputMember("name", .string(view.name)),
                OutputMember("places", .integer(update.places)),
                OutputMember("kept", .integer(update.count(.kept))),
                OutputMember(
                    "taken_out",
                    .array(
                        update.takenOut.map {
                            .object([
                                OutputMember("user", .string($0.user)),
                                OutputMember("words", .integer($0.words)),
                            ])
                        })),
                OutputMember(
                    "notes",
                    .array(
                        changed.map { note, fate in
                            .object([
                                OutputMember("id", .string(note.shortID)),
                                OutputMember("fate", .string(fate.rawValue)),
                                OutputMember("quote", .string(note.quote.exact)),
                                OutputMember("words", .string(note.words)),
                                OutputMember(
                                    "paragraph", .optional(view.paragraph(of: note, in: text))),
                            ])
                        })),
            ],
            text: ([summary(update)] + takenOut(update)
                + changed.map { line($0.note, $0.fate, view, text) })
                .joined(separator: "\n"))
        if update.places > 0 { console.undoHint() }
    }

    private static func summary(_ update: ArticleUpdate) -> String {
        guard update.places > 0 else { return "unchanged  \(update.view.name)" }
        let fates = ArticleUpdate.Fate.allCases.compactMap { fate -> String? in
            let count = update.count(fate)
            return count > 0 ? "\(count) \(fate.rawValue)" : nil
        }
        let notes = fates.isEmpty ? "" : "  notes: " + fates.joined(separator: ", ")
        let places = "\(update.places) place\(update.places == 1 ? "" : "s")"
        return "updated  \(update.view.name)  \(places)\(notes)"
    }

    /// Whose edits it takes back: the file may be older than they are.
    private static func takenOut(_ update: ArticleUpdate) -> [String] {
        update.takenOut.map { user, words in
            "  takes out \(words) word\(words == 1 ? "" : "s") of \(SafeText.line(user))'s"
        }
    }

    private static func line(
        _ note: NoteView, _ fate: ArticleUpdate.Fate, _ view: ArticleView, _ text: ArticleText
    ) -> String {
        let place = view.paragraph(of: note, in: text).map { "  p\($0)" } ?? ""
        let now = note.words.isEmpty ? "" : "  now “\(SafeText.line(note.words))”"
        let quote = SafeText.line(note.quote.exact)
        return "  \(note.shortID)  \(fate.rawValue)\(place)  “\(quote)”\(now)"
    }
}

import GlossClient
import GlossCore

extension Console {
    /// So many things at once are changed without a question.
    static let few = 3

    /// Whether to go on with so many changes at once: asks if they are more than a few.
    func mayChange(_ count: Int, _ question: String) throws -> Bool {
        if count <= Console.few || isDryRun { return true }
        return try prompter.confirm(
            question, default: false, instead: ShellWords.joined(commandLine + ["--yes"]))
    }

    /// Says that a conflict is settled, and how.
    func settled(_ conflict: ConflictView, _ take: String, _ shown: String) throws {
        try result(
            "resolved",
            [
                OutputMember("id", .string(conflict.shortID)),
                OutputMember("take", .string(take)), OutputMember("shown", .string(shown)),
            ], text: "settled  \(conflict.shortID)  \(take == "edit" ? "your words" : take)")
    }

    /// Says that some of the text is as merged, and waits for somebody to decide or look.
    func tellUndecided(_ view: ArticleView) {
        let count = view.conflicts.count { $0.isAboutText }
        guard count > 0 else { return }
        let places =
            count == 1 ? "1 place of \(view.name) is" : "\(count) places of \(view.name) are"
        say("\(places) merged and undecided: gloss conflicts \(view.name)")
    }

    /// Says which conflicts a command settled that was about something else.
    func alsoSettled(_ conflicts: [ConflictView]) {
        let word = isDryRun ? "would also settle" : "also settled"
        for conflict in conflicts {
            say("This \(word) conflict \(conflict.shortID): \(conflict.subject).")
        }
    }

    /// Somebody's own answer to a conflict, from a file or from the editor, which is opened again
    /// while labels are left in it.
    ///
    /// - Returns: `nil` if nothing was left, or it was closed as it was opened.
    func words(
        answering conflict: ConflictView, file: String?
    ) throws -> (text: String, draft: Editor.Draft?)? {
        guard conflict.choices.contains("edit") else {
            throw CommandError(
                .usage, "invalid", "\(conflict.shortID) takes no words of your own",
                tries: conflict.answers)
        }
        let sheet = AnswerSheet(conflict.card(), shown: conflict.conflict.shown, render)
        var opened = sheet.text
        while true {
            let (text, draft) = try edited(
                opened, file: file, name: "conflict-\(conflict.shortID)")
            switch sheet.answer(in: text) {
            case .words(let words): return (words, draft)
            case .empty:
                draft?.discard()
                say("Nothing was left to stand.")
                return nil
            case .unfinished(let count):
                guard file == nil else {
                    throw CommandError(
                        .usage, "unfinished",
                        "labels are left in it: \(count) of its lines start with \(sheet.fence)",
                        tries: ["leave only the text you want"])
                }
                if text == opened {
                    say("Labels were left in it.")
                    if text == sheet.text { draft?.discard() } else { keep(draft) }
                    return nil
                }
                opened = sheet.returned(text, labels: count)
            }
        }
    }

    private func keep(_ draft: Editor.Draft?) {
        if let draft { say("What you wrote is in \(draft.path); -F takes it when it is finished.") }
    }
}

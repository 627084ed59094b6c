import Glibc
import GlossClient
import GlossCore

extension EditCommand {
    /// The draft of an article: what is kept, or what an editor left behind since, whether it failed
    /// or Gloss was ended under it. A file that is older than the draft waits until that is gone.
    func draft(
        of article: DocumentID, _ library: Library, _ console: Console
    ) throws -> ArticleDraft? {
        var kept = try library.draft(of: article)
        for file in try library.editorFiles(of: article) where !Editor.isOpen(file.path) {
            guard access(file.path, F_OK) == 0 else {
                try library.settle(file, keeping: nil)
                continue
            }
            if let kept, file.time < kept.time { continue }
            let text = try FileBytes.text(of: file.path)
            let isChanged = try text != kept?.text && text != library.base(of: file)
            try library.settle(file, keeping: isChanged ? text : nil)
            if !console.isDryRun { unlink(file.path) }
            if isChanged { kept = try library.draft(of: article) }
        }
        return kept
    }

    /// Throws the draft of an article away. There is another behind it if two editors had the text.
    func discard(_ draft: ArticleDraft?, _ library: Library, _ console: Console) throws {
        guard let draft else { return console.say("There is no draft.") }
        try library.drop(draft)
        console.say("The draft \(console.isDryRun ? "would be" : "is") gone.")
        if let other = try library.draft(of: draft.article) {
            console.say("Another one waits, from \(console.render.time(other.time)).")
        }
    }

    /// The text of an article as somebody changed it in the editor, or in the file of `-F`.
    ///
    /// - Parameter resumed: the draft that the text is of, if it is of one.
    /// - Returns: the text, and what the editor had it in.
    func edited(
        _ text: String, of article: ArticleSummary, at version: [OpID],
        resuming resumed: ArticleDraft?, _ library: Library, _ console: Console
    ) throws -> (text: String, file: EditorFile?, draft: Editor.Draft?) {
        var opened: EditorFile?
        do {
            let (text, draft) = try console.edited(text, file: file, name: article.name) { path in
                opened = try library.noteEditorFile(
                    at: path, of: article.id, version: version, goingOnWith: resumed)
            }
            return (text, opened, draft)
        } catch var error as CommandError where opened != nil && !console.isDryRun {
            if try draft(of: article.id, library, console) != nil {
                error.details = ["what you wrote is kept"]
                error.tries = [
                    "gloss edit \(name) --resume", "gloss edit \(name) --discard",
                ]
            }
            throw error
        }
    }
}

public import GlossCore

/// Notes that this user keeps to themselves, beside those that all read.
extension ArticleView {
    /// The article with the set that a note is in.
    public func content(of note: NoteView) -> AnnotatedArticle {
        privateContents.first { $0.annotations.id == note.set } ?? content
    }

    /// The article with only the notes and conflicts that this user keeps to themselves, or without
    /// these.
    public func showing(onlyPrivate isPrivate: Bool) -> ArticleView {
        var view = self
        view.notes.removeAll { $0.isPrivate != isPrivate }
        view.conflicts.removeAll { $0.isPrivate != isPrivate }
        return view
    }
}

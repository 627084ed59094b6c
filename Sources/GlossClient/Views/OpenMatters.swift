/// What of an article still stands open.
public struct OpenMatters: Sendable {
    /// Open conflicts, the latest first.
    public let conflicts: [ConflictView]
    /// Suggestions that nobody has decided on, in the order of the text.
    public let suggestions: [NoteView]
    /// Notes that say something and are not done, in the order of the text.
    public let questions: [NoteView]

    /// Whether nothing stands open.
    public var isEmpty: Bool { conflicts.isEmpty && suggestions.isEmpty && questions.isEmpty }
}

extension ArticleView {
    /// What still stands open: all conflicts, suggestions and questions. A bare highlight asks nothing.
    public var openMatters: OpenMatters {
        OpenMatters(
            conflicts: conflicts.sorted { ($1.time, $0.shortID) < ($0.time, $1.shortID) },
            suggestions: notes.filter { !$0.isDone && $0.decision == .open },
            questions: notes.filter { !$0.isDone && $0.decision == nil && !$0.body.isEmpty })
    }
}

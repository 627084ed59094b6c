import GlossCore

/// What of an article still stands open.
public struct OpenMatters: Sendable {
    /// Open conflicts, the latest first.
    public let conflicts: [ConflictView]
    /// Suggestions that nobody has decided on, in the order of the text.
    public let suggestions: [NoteView]
    /// Notes with a stale check, and notes that are not done and whose words nobody has confirmed, in
    /// the order of the text.
    public let checks: [NoteView]
    /// Notes that say something, ask for no check and are not done, in the order of the text.
    public let questions: [NoteView]

    /// Words that were corrected once and stand in the text all the same, in its order.
    public let returned: [ReturnedPhrase]

    /// Whether nothing stands open.
    public var isEmpty: Bool {
        conflicts.isEmpty && suggestions.isEmpty && checks.isEmpty && questions.isEmpty
            && returned.isEmpty
    }
}

extension ArticleView {
    /// What still stands open for all: conflicts, suggestions, checks and questions. What somebody keeps
    /// to themselves is none of it. A bare highlight asks
    /// nothing. Whoever marks a claim as done answers for its verdict, but not for words that came
    /// later: a stale check stands open all the same.
    ///
    /// - Parameter returned: what of its text was corrected before, here or in other articles.
    public func openMatters(returned: [ReturnedPhrase] = []) -> OpenMatters {
        let (notes, conflicts) = (
            notes.filter { !$0.isPrivate }, conflicts.filter { !$0.isPrivate }
        )
        return OpenMatters(
            conflicts: conflicts.sorted { ($1.time, $0.shortID) < ($0.time, $1.shortID) },
            suggestions: notes.filter { !$0.isDone && $0.decision == .open },
            checks: notes.filter { note in
                guard let check = note.check else { return false }
                return check.state == .stale || !note.isDone && !check.isConfirmed
            },
            questions: notes.filter {
                !$0.isDone && $0.decision == nil && $0.check == nil && !$0.body.isEmpty
            }, returned: returned)
    }
}

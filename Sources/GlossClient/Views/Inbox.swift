/// What others did in one article since somebody last looked at it on this device, and which checks
/// became stale.
public struct Inbox: Sendable {
    /// The article as it is.
    public let article: ArticleView
    /// Whether it is somebody else's, and was never looked at here, so that all of it is new.
    public let isNew: Bool
    /// The mark that says that all of this was seen.
    public let mark: ReadMark
    /// How many changes of others there are behind the mark.
    public let changes: Int
    /// Those others, each once, in the order of their first change.
    public let authors: [Attribution]
    /// Checks that became stale, whoever changed the words, in the order of the text.
    public let staleChecks: [NoteDifference]
    /// Answers to conflicts that took another version than one's own, the oldest first.
    public let answers: [Answer]
    /// What others did to notes, in the order of the text.
    public let notes: [NoteDifference]
    /// What others changed in the text and the article's fields, the oldest first; none if all of it
    /// is new.
    public let edits: [Edit]

    /// Whether there is nothing in it: not even a change of which there is nothing to tell, as an
    /// answer that left the text as it was.
    public var isEmpty: Bool {
        changes == 0 && !isNew && staleChecks.isEmpty && answers.isEmpty && notes.isEmpty
            && edits.isEmpty
    }

    /// An answer to a conflict in which one had a version.
    public struct Answer: Sendable {
        /// Who answered.
        public let author: Attribution
        /// What it was about, in a few words.
        public let subject: String
        /// The paragraph it was in, from 1; `nil` if it had no place.
        public let paragraph: Int?
        /// The choice as it was made: a letter, `base`, `edit` and so on.
        public let take: String
        /// What one's own version said.
        public let mine: String
        /// What was taken instead; `nil` if it was no version.
        public let taken: String?
        /// Why, where they said so.
        public let why: String?
    }

    /// A change of the text or of the article's fields.
    public struct Edit: Sendable {
        /// The change.
        public let entry: LogEntry
        /// Where the text differs by it, ascending.
        public let text: [TextDifference]
    }
}

/// A question that was answered, and stays so until somebody says something new.
public struct SettledConflict: Hashable, Sendable {
    /// An answer.
    public struct Answer: Hashable, Sendable {
        /// The resolution, or the write that settled it without one.
        public let operation: OpID
        /// The choice as its author named it: a letter, `merged`, `edit` and the like.
        public let take: String
        /// Why, where its author said so.
        public let why: String?
    }

    /// The question as it was answered; ``Conflict/shown`` is what shows now.
    public let conflict: Conflict
    /// The answers, in ascending order of time: several if people agreed.
    public var answers: [Answer]
}

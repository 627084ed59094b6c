public import GlossCore

/// Who wrote some words of an article, who changed them, and who decided about them.
public struct BlameView: Sendable {
    /// Neighbouring text that one change put there. A word belongs to the last change in it.
    public struct Stretch: Sendable {
        /// Where it stands: scalars of the text as it is.
        public let range: Range<Int>
        /// The text.
        public let text: String
        /// Who put it there.
        public let author: Attribution
        /// The change.
        public let change: OpID
        /// The short name of the change.
        public let name: String
        /// What stood there before, if it was put in the place of other words.
        public let former: Former?
        /// The suggestion whose acceptance put it there.
        public let suggestion: Suggestion?
    }

    /// Words that other words replaced.
    public struct Former: Hashable, Sendable {
        /// The words.
        public let text: String
        /// Who had written them, each once, in the order of the text.
        public let authors: [Attribution]
    }

    /// A suggestion that was accepted.
    public struct Suggestion: Hashable, Sendable {
        /// Its short name.
        public let shortID: String
        /// Who made it.
        public let author: Attribution
    }

    /// What somebody found of the words.
    public enum Judgement: Sendable {
        /// A suggestion for them was rejected, by whom, and why where they said so: the words were
        /// kept.
        case rejection(of: NoteView, author: Attribution, why: String?)
        /// They were checked, for a note that stands on them.
        case check(of: NoteView, CheckView)
    }

    /// Text that was deleted without other text in its place.
    public struct Deletion: Sendable {
        /// The text.
        public let text: String
        /// How many scalars of the text as it is stand in front of where it stood.
        public let offset: Int
        /// The text between what stands around its place now.
        public let place: TextDifference
        /// Who deleted it.
        public let author: Attribution
        /// The change that did.
        public let change: OpID
        /// The short name of the change.
        public let name: String
        /// Who had written it, each once, in the order of the text.
        public let writers: [Attribution]
    }

    /// The article.
    public let article: ArticleView
    /// What was asked about.
    public let range: Range<Int>
    /// The text in order, without gaps.
    public let stretches: [Stretch]
    /// Rejections of suggestions that stand on it, and checks, in the order of the text.
    public let judgements: [Judgement]
}

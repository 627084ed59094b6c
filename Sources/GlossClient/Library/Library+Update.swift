public import GlossCore

/// What became of an article and its notes when a newer version of its text was taken in.
public struct ArticleUpdate: Sendable {
    /// What became of a note's place.
    public enum Fate: String, CaseIterable, Sendable {
        /// It stands on the same words.
        case kept
        /// It stands on some of its words.
        case partial
        /// It went with its words to another place.
        case moved
        /// Other words were put in the place of its own.
        case rewritten
        /// Its words are gone.
        case collapsed
        /// Its words are gone or rewritten, and stand in several other places.
        case ambiguous
    }

    /// How many places of the text differed.
    public let places: Int
    /// The open notes that stood on words before, in the order of the text as it is now.
    public let notes: [(note: NoteView, fate: Fate)]
    /// The article afterwards.
    public let view: ArticleView

    /// How many notes had a fate.
    public func count(_ fate: Fate) -> Int { notes.count { $0.fate == fate } }
}

extension Library {
    /// Takes a newer version of an article's text in, as an edit of the text as it is.
    ///
    /// What differs is found word by word, and what was moved is taken as moved, so that notes stay on
    /// the words they mean.
    ///
    /// - Parameter text: its line ends must be `\n`.
    /// - Returns: what changed, and what became of every open note that stood on words.
    public func update(
        _ article: DocumentID, to text: String, message: String?, command: String
    ) throws -> ArticleUpdate {
        let before = try view(article)
        let edits = MoveFinder.marked(
            WordDiff.edits(from: before.text, to: text), in: before.scalars)
        if !edits.isEmpty {
            _ = try edit(article, edits, at: before.version, message: message, command: command)
        }
        let after = try view(article)
        let former = Dictionary(
            before.notes.map { ($0.id, $0.placement) }, uniquingKeysWith: { first, _ in first })
        let articleText = after.articleText
        let notes = after.notes.compactMap { note -> (note: NoteView, fate: ArticleUpdate.Fate)? in
            guard !note.isDone, note.decision ?? .open == .open, let stood = former[note.id],
                stood.ranges.contains(where: { !$0.isEmpty })
            else { return nil }
            return (note, after.fate(of: note, formerly: stood, in: articleText))
        }
        return ArticleUpdate(places: edits.count, notes: notes, view: after)
    }
}

extension ArticleView {
    fileprivate func fate(
        of note: NoteView, formerly: Placement, in text: ArticleText
    ) -> ArticleUpdate.Fate {
        switch note.placement.state {
        case .anchored, .whole, .pending: .kept
        case .partial: formerly == note.placement ? .kept : .partial
        case .moved: formerly.state == .moved ? .kept : .moved
        case .rewritten, .collapsed:
            if formerly.state == note.placement.state {
                .kept
            } else if placesElsewhere(of: note, in: text).count > 1 {
                .ambiguous
            } else {
                note.placement.state == .rewritten ? .rewritten : .collapsed
            }
        }
    }
}

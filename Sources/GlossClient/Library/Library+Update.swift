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
    /// How many words of other people's edits it took out, by whose they were, in order of names.
    public let takenOut: [(user: String, words: Int)]

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
        let takenOut = try othersWords(in: edits.map(\.range), of: before)
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
        return ArticleUpdate(
            places: edits.count, notes: notes, view: after, takenOut: takenOut)
    }

    /// How many words in some ranges of an article others put there, by who they were. What it was
    /// added with does not count: a newer version is there to change that.
    private func othersWords(
        in ranges: [Range<Int>], of view: ArticleView
    ) throws -> [(user: String, words: Int)] {
        guard let first = ranges.first, let last = ranges.last else { return [] }
        let origin = try log(of: view.id, limit: .max).last?.author.user
        var counts: [String: Int] = [:]
        for stretch in try blame(view, first.lowerBound..<last.upperBound).stretches {
            let isEdit = stretch.former != nil || stretch.suggestion != nil
            guard !stretch.author.isMine, isEdit || stretch.author.user != origin else { continue }
            for range in ranges {
                WordKind.forEach(in: view.scalars, range.clamped(to: stretch.range)) { _, kind in
                    if kind == .word || kind == .ideograph {
                        counts[stretch.author.user, default: 0] += 1
                    }
                }
            }
        }
        return counts.sorted { $0.key < $1.key }.map { (user: $0.key, words: $0.value) }
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

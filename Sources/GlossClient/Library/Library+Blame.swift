import GlossCore
import GlossStorage

extension Library {
    /// Who wrote some text of an article, who changed it, and who decided about it.
    ///
    /// - Parameters:
    ///   - view: the article as it was looked at.
    ///   - range: scalars of its text; all of it if `nil`.
    /// - Complexity: O(n) in operations for each change in the range that replaced words.
    public func blame(_ view: ArticleView, _ range: Range<Int>? = nil) throws -> BlameView {
        try read { reader in
            try BlameBuilder(view, reader).blame(range ?? 0..<view.scalars.count)
        }
    }

    /// What was deleted from an article, and neither replaced nor moved, in the order of the text.
    ///
    /// - Parameters:
    ///   - view: the article as it was looked at.
    ///   - range: scalars of its text: only what stood inside or at the edges; all if `nil`.
    public func deletions(
        in view: ArticleView, _ range: Range<Int>? = nil
    ) throws -> [BlameView.Deletion] {
        try read { reader in
            try BlameBuilder(view, reader).deletions(range ?? 0..<view.scalars.count)
        }
    }
}

/// Makes out who put which words of an article there.
private struct BlameBuilder {
    let view: ArticleView
    let index: TextIndex
    let timeline: Timeline
    let shortIDs: ShortIDs

    private var article: Replica { view.content.article }

    init(_ view: ArticleView, _ reader: LibraryReader) throws {
        self.view = view
        index = view.content.article.textIndex
        timeline = try Timeline(reader, article: view.id, profile: try reader.profile())
        shortIDs = try reader.shortIDs()
    }

    func blame(_ range: Range<Int>) -> BlameView {
        let (parts, extended) = parts(of: range)
        let former = formerTexts(of: parts, extended: extended)
        let stretches = parts.enumerated().map { index, part in
            let entry = timeline.entries[part.entry]
            return BlameView.Stretch(
                range: part.range, text: Graphemes.string(view.scalars[part.range]),
                author: entry.author, change: entry.change.id, name: timeline.name(of: entry),
                former: former[index], suggestion: suggestion(of: entry))
        }
        return BlameView(
            article: view, range: range, stretches: stretches,
            judgements: view.notes.flatMap { judgements(on: $0, in: range) })
    }

    func deletions(_ range: Range<Int>) -> [BlameView.Deletion] {
        article.deletedText().compactMap { deleted in
            guard (range.lowerBound...range.upperBound).contains(deleted.offset),
                !deleted.text.unicodeScalars.allSatisfy(TextFold.isSpace),
                let index = timeline.index(of: deleted.removal, in: view.id)
            else { return nil }
            let entry = timeline.entries[index]
            return BlameView.Deletion(
                text: deleted.text, offset: deleted.offset,
                place: TextDifference.deletion(
                    of: deleted.text, at: deleted.offset, in: view.articleText),
                author: entry.author, change: entry.change.id, name: timeline.name(of: entry),
                writers: authors(of: deleted.characters))
        }
    }

    private struct Part {
        var range: Range<Int>
        /// The change, by its place in the timeline.
        var entry: Int
    }

    /// Text of one change each, words given to the last change in them, and white space to the change
    /// on both sides of it; and the changes that got letters of others that way.
    private func parts(of range: Range<Int>) -> ([Part], extended: Set<Int>) {
        var extended: Set<Int> = []
        var owners = [Int](repeating: 0, count: view.scalars.count)
        for stretch in article.blame() {
            let entry = timeline.index(of: stretch.id, in: view.id) ?? 0
            for offset in stretch.range { owners[offset] = entry }
        }
        WordKind.forEach(in: view.scalars, 0..<view.scalars.count) { word, kind in
            guard kind == .word || word.count > 1 && kind != .space,
                let last = owners[word].max()
            else { return }
            guard owners[word].contains(where: { $0 != last }) else { return }
            extended.insert(last)
            for offset in word { owners[offset] = last }
        }
        WordKind.forEach(in: view.scalars, 0..<view.scalars.count) { space, kind in
            guard kind == .space, space.lowerBound > 0, space.upperBound < owners.count,
                owners[space.lowerBound - 1] == owners[space.upperBound]
            else { return }
            for offset in space { owners[offset] = owners[space.upperBound] }
        }
        var parts: [Part] = []
        for offset in range {
            if let last = parts.last, last.entry == owners[offset] {
                parts[parts.count - 1].range = last.range.lowerBound..<offset + 1
            } else {
                parts.append(Part(range: offset..<offset + 1, entry: owners[offset]))
            }
        }
        return (parts, extended)
    }

    /// What stood in the place of each part.
    private func formerTexts(of parts: [Part], extended: Set<Int>) -> [BlameView.Former?] {
        var former = [BlameView.Former?](repeating: nil, count: parts.count)
        for (entry, indices) in Dictionary(grouping: parts.indices, by: { parts[$0].entry })
        where extended.contains(entry) || deletes(timeline.entries[entry].change) {
            let texts = article.formerText(
                of: indices.map { parts[$0].range }, before: timeline.entries[entry].change.id)
            for (index, text) in zip(indices, texts ?? []) where !text.text.isEmpty {
                former[index] = BlameView.Former(
                    text: text.text, authors: authors(of: text.characters))
            }
        }
        return former
    }

    private func deletes(_ change: Change) -> Bool {
        change.ops.contains { if case .delete = $0 { true } else { false } }
    }

    private func authors(of characters: [OpSpan]) -> [Attribution] {
        var authors: [Attribution] = []
        for span in characters {
            guard let entry = timeline.index(of: span.start, in: view.id) else { continue }
            let author = timeline.entries[entry].author
            if !authors.contains(where: { $0.user == author.user }) { authors.append(author) }
        }
        return authors
    }

    private func suggestion(of entry: Timeline.Entry) -> BlameView.Suggestion? {
        let accepted = entry.change.ops.lazy.compactMap { op -> OpID? in
            if case .insert(let insertion) = op { insertion.suggestion } else { nil }
        }.first
        guard let accepted,
            let made = timeline.sets.lazy.compactMap({ timeline.index(of: accepted, in: $0) }).first
        else { return nil }
        return BlameView.Suggestion(
            shortID: shortIDs.name(of: ShortID(accepted)), author: timeline.entries[made].author)
    }

    /// The rejection of a suggestion, and each check that stands of a note's words.
    private func judgements(on note: NoteView, in range: Range<Int>) -> [BlameView.Judgement] {
        guard note.placement.ranges.contains(where: { $0.overlaps(range) }),
            let entity = view.content(of: note).annotations.entity(note.id)
        else { return [] }
        return rejections(of: note, entity) + checks(of: note, entity)
    }

    private func rejections(of note: NoteView, _ entity: Entity) -> [BlameView.Judgement] {
        guard let write = entity.register(.verdict).shown, write.value == .rejected,
            let author = author(of: write.id, in: note.set)
        else { return [] }
        return [.rejection(of: note, author: author, why: write.why)]
    }

    private func checks(of note: NoteView, _ entity: Entity) -> [BlameView.Judgement] {
        let heads = entity.register(.check).heads
        guard !heads.isEmpty else { return [] }
        return heads.compactMap { write in
            let standing = view.content(of: note).standing(of: write, on: entity, in: index)
            guard standing.check != nil,
                let author = author(of: standing.origin ?? write.id, in: note.set)
            else { return nil }
            return .check(of: note, CheckView(standing, author: author))
        }
    }

    private func author(of write: OpID, in set: DocumentID) -> Attribution? {
        timeline.index(of: write, in: set).map { timeline.entries[$0].author }
    }
}

import GlossCore
import GlossStorage

/// Makes views of one article from its replicas.
struct ArticleViewBuilder {
    let content: AnnotatedArticle
    let articleAuthors: Authorship
    let noteAuthors: Authorship
    let profile: Profile
    let shortIDs: ShortIDs
    private let index: TextIndex
    private let scalars: [Unicode.Scalar]
    private let text: ArticleText

    init(
        _ content: AnnotatedArticle, reader: LibraryReader, profile: Profile
    ) throws(StoreError) {
        self.content = content
        self.profile = profile
        articleAuthors = try Authorship(reader, document: content.article.id, profile: profile)
        noteAuthors = try Authorship(reader, document: content.annotations.id, profile: profile)
        shortIDs = ShortIDs(try reader.names(in: 0...UInt64.max).map(\.key))
        index = content.article.textIndex
        scalars = content.article.scalars
        text = ArticleText(scalars)
    }

    func view() -> ArticleView {
        let conflicts = conflictViews()
        let notes = content.annotations.annotations
            .filter { !content.annotations.isGone($0.id) }
            .compactMap { noteView($0, conflicts: conflicts) }
        return ArticleView(
            id: content.article.id, name: content.article.shortName,
            title: content.article.register(.title).value?.text ?? "", content: content,
            scalars: scalars, notes: notes.sorted(by: ArticleViewBuilder.standsBefore),
            conflicts: conflicts, version: content.article.frontier)
    }

    /// The order of the text; notes without a place come last. Ties keep the order of making.
    private static func standsBefore(_ first: NoteView, _ second: NoteView) -> Bool {
        func key(_ note: NoteView) -> (Int, Int, Int) {
            let range = note.placement.ranges.first
            let isLoose = note.placement.state == .collapsed || range == nil
            return (isLoose ? 1 : 0, range?.lowerBound ?? 0, range?.upperBound ?? 0)
        }
        return key(first) < key(second)
    }

    private func author(of id: OpID) -> Attribution {
        noteAuthors.attribution(of: id) ?? articleAuthors.attribution(of: id)
            ?? Attribution(user: "?", device: "?", time: 0, isMine: false, isAcknowledged: true)
    }

    private func noteView(_ entity: Entity, conflicts: [ConflictView]) -> NoteView? {
        guard case .annotation(let made) = entity.kind else { return nil }
        let placement = content.placement(of: entity, in: index)
        let target =
            if case .target(let target)? = entity.register(.target).value { target } else {
                made.target
            }
        let replies = content.annotations.replies(to: entity.id)
            .filter { !content.annotations.isGone($0.id) }
            .map { reply in
                ReplyView(
                    id: reply.id, shortID: shortIDs.name(of: ShortID(reply.id)),
                    author: author(of: reply.id), body: reply.text(.body) ?? "")
            }
        return NoteView(
            id: entity.id, shortID: shortIDs.name(of: ShortID(entity.id)), kind: made.kind,
            author: author(of: entity.id), body: entity.text(.body) ?? "",
            proposal: entity.text(.proposal), decision: decision(on: entity.id, made),
            isDone: entity.register(.status).value == .done,
            isWithdrawnElsewhere: entity.isWithdrawn, tags: entity.tags, quote: target.quote,
            placement: placement, words: words(at: placement.ranges), replies: replies,
            conflicts: conflicts.filter { $0.note == entity.id }.map(\.shortID))
    }

    private func decision(on id: OpID, _ made: NewAnnotation) -> NoteView.Decision? {
        guard made.kind == .suggestion else { return nil }
        switch content.state(ofSuggestion: id) {
        case .open: return .open
        case .accepted: return .accepted
        case .rejected: return .rejected
        }
    }

    private func words(at ranges: [Range<Int>]) -> String {
        ranges.map { String(String.UnicodeScalarView(scalars[$0])) }.joined(separator: " … ")
    }

    // MARK: Conflicts

    func conflictViews() -> [ConflictView] {
        let conflicts = content.conflicts
        let names = ShortIDs(conflicts.map(\.id.rawValue))
        return conflicts.map { view(of: $0, name: names.name(of: ShortID($0.id))) }
    }

    private func view(of conflict: Conflict, name: String) -> ConflictView {
        let note = note(of: conflict)
        let target = note?.register(.target).value
        let quote: String? =
            if case .target(let target)? = target { target.quote.exact } else { nil }
        let offset: Int? =
            if case .text(let range) = conflict.subject { range.lowerBound } else {
                note.flatMap { content.placement(of: $0, in: index).ranges.first?.lowerBound }
            }
        let versions = conflict.versions.enumerated().map { index, version in
            ConflictView.Version(
                letter: Conflict.letter(index), content: version.content,
                authors: unique(version.operations.map { author(of: $0) }), why: version.why)
        }
        return ConflictView(
            conflict: conflict, shortID: name, article: content.article.id,
            articleName: content.article.shortName, note: note?.id,
            noteShortID: note.map { shortIDs.name(of: ShortID($0.id)) }, quote: quote,
            paragraph: offset.map { text.paragraph(at: $0) + 1 }, versions: versions,
            time: versions.flatMap(\.authors).map(\.time).max() ?? 0,
            choices: ConflictChoice.legal(for: conflict))
    }

    private func note(of conflict: Conflict) -> Entity? {
        let id: OpID
        switch conflict.subject {
        case .entity(let entity), .entityField(let entity, _): id = entity
        case .field, .text: return nil
        }
        guard let entity = content.annotations.entity(id) else { return nil }
        if case .reply(let reply) = entity.kind {
            return content.annotations.entity(reply.annotation)
        }
        return entity
    }

    private func unique(_ authors: [Attribution]) -> [Attribution] {
        var unique: [Attribution] = []
        for author in authors
        where !unique.contains(where: { $0.user == author.user && $0.device == author.device }) {
            unique.append(author)
        }
        return unique
    }
}

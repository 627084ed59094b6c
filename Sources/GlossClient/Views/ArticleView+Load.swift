import GlossCore
import GlossStorage

/// Makes views of one article from its replicas.
struct ArticleViewBuilder {
    let content: AnnotatedArticle
    let articleAuthors: Authorship
    let noteAuthors: Authorship
    let profile: Profile
    let shortIDs: ShortIDs
    let index: TextIndex
    let text: ArticleText

    init(
        _ content: AnnotatedArticle, reader: LibraryReader, profile: Profile,
        articleAuthors: Authorship, noteAuthors: Authorship
    ) throws(StoreError) {
        self.content = content
        self.profile = profile
        self.articleAuthors = articleAuthors
        self.noteAuthors = noteAuthors
        shortIDs = ShortIDs(try reader.names(in: 0...UInt64.max).map(\.key))
        index = content.article.textIndex
        text = ArticleText(content.article.scalars)
    }

    func view() -> ArticleView {
        let annotations = content.annotations.annotations
            .filter { !content.annotations.isGone($0.id) }
        let placements = Dictionary(
            annotations.map { ($0.id, content.placement(of: $0, in: index)) },
            uniquingKeysWith: { first, _ in first })
        let conflicts = conflictViews(placements)
        var questions: [OpID: [String]] = [:]
        for conflict in conflicts {
            for note in conflict.notes { questions[note, default: []].append(conflict.shortID) }
        }
        let notes = annotations.compactMap { annotation in
            placements[annotation.id].flatMap {
                noteView(annotation, at: $0, conflicts: questions[annotation.id] ?? [])
            }
        }
        return ArticleView(
            id: content.article.id, name: content.article.shortName,
            title: content.article.register(.title).value?.text ?? "", content: content,
            articleText: text, notes: ArticleViewBuilder.inOrder(notes),
            conflicts: conflicts, version: content.article.frontier)
    }

    /// In the order of the text; notes without a place come last. Ties keep the order of making.
    private static func inOrder(_ notes: [NoteView]) -> [NoteView] {
        let places = notes.enumerated().map { index, note in
            let range = note.placement.ranges.first
            let isLoose = note.placement.state == .collapsed || range == nil
            return (isLoose ? 1 : 0, range?.lowerBound ?? 0, range?.upperBound ?? 0, index)
        }
        return places.sorted(by: <).map { notes[$0.3] }
    }

    func author(of id: OpID) -> Attribution {
        noteAuthors.attribution(of: id) ?? articleAuthors.attribution(of: id)
            ?? Attribution(user: "?", device: "?", time: 0, isMine: false, isAcknowledged: true)
    }

    private func noteView(
        _ entity: Entity, at placement: Placement, conflicts: [String]
    ) -> NoteView? {
        guard case .annotation(let made) = entity.kind else { return nil }
        let target =
            if case .target(let target)? = entity.register(.target).value { target } else {
                made.target
            }
        let words = content.article.words(at: placement.ranges, in: index)
        let decision = decision(on: entity.id, made)
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
            proposal: entity.text(.proposal), decision: decision, check: check(of: entity, made),
            isDone: entity.register(.status).value == .done,
            isWithdrawnElsewhere: entity.isWithdrawn, tags: entity.tags, quote: target.quote,
            placement: placement, words: words,
            isChanged: decision == .open && placement.state != .pending
                && placement.state != .whole && words != target.quote.exact,
            replies: replies,
            conflicts: conflicts)
    }

    private func decision(on id: OpID, _ made: NewAnnotation) -> NoteView.Decision? {
        guard made.kind == .suggestion else { return nil }
        switch content.state(ofSuggestion: id) {
        case .open: return .open
        case .accepted: return .accepted
        case .rejected: return .rejected
        }
    }

    private func check(of entity: Entity, _ made: NewAnnotation) -> CheckView? {
        let standing = content.standing(ofCheckOn: entity, in: index)
        guard made.kind.asksForCheck || standing.check != nil else { return nil }
        return CheckView(standing, author: standing.origin.map { author(of: $0) })
    }
}

import GlossCore

/// Makes views of the notes in one annotation set of an article.
struct SetViewBuilder {
    let content: AnnotatedArticle
    let articleAuthors: Authorship
    let noteAuthors: Authorship
    let shortIDs: ShortIDs
    let index: TextIndex
    let text: ArticleText

    /// Where the annotations stand that are not withdrawn.
    var placements: [OpID: Placement] {
        let annotations = content.annotations.annotations
            .filter { !content.annotations.isGone($0.id) }
        return Dictionary(
            annotations.map { ($0.id, content.placement(of: $0, in: index)) },
            uniquingKeysWith: { first, _ in first })
    }

    /// The annotations that have a place, in the order of making.
    ///
    /// - Parameter conflicts: the names of the open questions about them.
    func notes(
        at placements: [OpID: Placement], conflicts: [OpID: [String]]
    ) -> [NoteView] {
        content.annotations.annotations.compactMap { annotation in
            placements[annotation.id].flatMap {
                noteView(annotation, at: $0, conflicts: conflicts[annotation.id] ?? [])
            }
        }
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
            id: entity.id, set: content.annotations.id,
            shortID: shortIDs.name(of: ShortID(entity.id)), kind: made.kind,
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

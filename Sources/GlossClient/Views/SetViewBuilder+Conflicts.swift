import GlossCore

/// Questions about the notes of a set, and about its article.
extension SetViewBuilder {
    /// A question that was answered.
    func view(of settled: SettledConflict, name: String) -> SettledConflictView {
        SettledConflictView(
            question: view(of: settled.conflict, name: name),
            answers: settled.answers.map { answer in
                SettledConflictView.Answer(
                    operation: answer.operation, author: author(of: answer.operation),
                    take: answer.take, words: content.words(of: answer, to: settled.conflict),
                    why: answer.why)
            })
    }

    /// An open question.
    func view(of conflict: Conflict, name: String) -> ConflictView {
        let conflict = conflict.atWholeWords(of: text.scalars)
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
                letter: Conflict.letter(index), content: said(by: version, in: conflict),
                authors: unique(
                    version.operations.map { author(of: content.origin(of: $0, in: conflict)) }),
                why: version.why,
                suggestion: version.suggestion.map { shortIDs.name(of: ShortID($0)) })
        }
        let base = content.base(of: conflict)
        return ConflictView(
            conflict: conflict, shortID: name, article: content.article.id,
            articleName: content.article.shortName, set: content.annotations.id, note: note?.id,
            noteShortID: note.map { shortIDs.name(of: ShortID($0.id)) }, quote: quote,
            suggestions: suggestions(of: conflict),
            paragraph: offset.map { text.paragraph(at: $0) + 1 }, versions: versions,
            base: base.map { self.base($0.text, of: conflict) },
            baseAuthor: base?.operation.map { author(of: $0) },
            time: versions.flatMap(\.authors).map(\.time).max() ?? 0,
            choices: ConflictChoice.legal(for: conflict))
    }

    /// What a version says: of an acceptance all words, and not only those that it put in.
    private func said(by version: Conflict.Version, in conflict: Conflict) -> String {
        guard conflict.kind == .verdict, version.content != "rejected",
            let suggestion = version.suggestion.flatMap({ content.annotations.entity($0) }),
            let change = version.operations.first.flatMap({
                content.article.log.entry(of: $0)?.change
            })
        else { return version.content }
        let wording = change.wording(accepting: suggestion, in: content.article)
        return wording.isEmpty ? version.content : "accepted: \(wording)"
    }

    /// What stood before anybody disagreed: of one suggestion all words it is on, and not only those
    /// that were taken out.
    private func base(_ removed: String, of conflict: Conflict) -> String {
        let suggestions = suggestions(of: conflict)
        guard conflict.kind == .verdict, suggestions.count == 1,
            suggestions[0].quote.unicodeScalars.count > removed.unicodeScalars.count
        else { return removed }
        return suggestions[0].quote
    }

    private func note(of conflict: Conflict) -> Entity? {
        let id: OpID
        switch conflict.subject {
        case .entity(let entity), .entityField(let entity, _): id = entity
        case .suggestions(let suggestions):
            guard let first = suggestions.first else { return nil }
            id = first
        case .field, .text: return nil
        }
        guard let entity = content.annotations.entity(id) else { return nil }
        if case .reply(let reply) = entity.kind {
            return content.annotations.entity(reply.annotation)
        }
        return entity
    }

    private func suggestions(of conflict: Conflict) -> [ConflictView.Suggestion] {
        guard case .suggestions(let ids) = conflict.subject else { return [] }
        return ids.map { id in
            let entity = content.annotations.entity(id)
            var quote = ""
            if case .target(let target)? = entity?.register(.target).value {
                quote = target.quote.exact
            }
            return ConflictView.Suggestion(
                id: id, shortID: shortIDs.name(of: ShortID(id)), quote: quote,
                proposal: entity?.text(.proposal) ?? "")
        }
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

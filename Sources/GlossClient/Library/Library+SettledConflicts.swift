public import GlossCore
import GlossStorage

extension Library {
    /// The answered questions of an article, or of all that are not put away, the latest first.
    public func settledConflicts(in article: DocumentID? = nil) throws -> [SettledConflictView] {
        try settledConflicts(of: article.map { [$0] } ?? articles().map(\.id))
    }

    /// The answered questions of all articles, also of those that are put away.
    func allSettledConflicts() throws -> [SettledConflictView] {
        try settledConflicts(of: articles(includingArchived: true).map(\.id))
    }

    private func settledConflicts(
        of articles: [DocumentID]
    ) throws -> [SettledConflictView] {
        var views = try read { reader in
            try articles.flatMap { try reader.viewBuilder(of: $0).settledViews() }
        }
        let names = ShortIDs(views.map(\.question.conflict.id.rawValue))
        for index in views.indices { views[index].question.tellApart(by: names) }
        return views.sorted {
            ($1.time, $0.question.shortID) < ($0.time, $1.question.shortID)
        }
    }

    /// The answered question that a short name, or its first letters, stands for; `nil` if it is none.
    public func settledConflict(_ name: String) throws -> SettledConflictView? {
        guard let keys = ShortID.keys(startingWith: name) else { return nil }
        let found = try allSettledConflicts().filter {
            keys.contains($0.question.conflict.id.rawValue)
        }
        return found.count == 1 ? found[0] : nil
    }

    /// Asks a question again: takes back what answered it, whoever did.
    ///
    /// - Returns: the question that is open now.
    /// - Throws: ``ClientError`` `invalid` for a decision on suggestions, which stands in two documents
    ///   that do not tell of each other: people decide anew; `stale` if nothing of the answer stands,
    ///   or if a sync brought another answer as soon as the question was open.
    public func reopen(
        _ settled: SettledConflictView, command: String
    ) throws -> ConflictView {
        let question = settled.question
        guard question.suggestions.isEmpty else {
            throw ClientError(
                .invalid,
                "\(question.shortID) is about suggestions: they are decided on anew, not asked again.",
                tries: question.suggestions.flatMap {
                    ["gloss accept \($0.shortID)", "gloss reject \($0.shortID)"]
                })
        }
        let id = try perform(command) { workspace in
            let before = try workspace.annotated(question.article).flatMap(\.conflicts).map(\.id)
            let document = question.conflict.document
            let replica = try workspace.replica(document)
            var changes: [Change] = []
            for answer in settled.answers {
                guard let change = replica.log.entry(of: answer.operation)?.change,
                    !changes.contains(where: { $0.id == change.id })
                else { continue }
                changes.append(change)
            }
            try workspace.commit(replica.inverse(of: changes), to: document)
            let open = try workspace.annotated(question.article).flatMap(\.conflicts)
            let new = open.filter { !before.contains($0.id) }
            // Words that go may leave notes without a place, which is asked besides.
            let asked = new.first { $0.kind != .anchor && $0.document == document }
            guard let again = asked ?? new.first else {
                throw ClientError(
                    .stale, "Nothing of the answer to \(question.shortID) stands any more.",
                    tries: ["gloss conflicts"])
            }
            return again.id
        }
        guard let again = try conflicts(in: question.article).first(where: { $0.conflict.id == id })
        else {
            throw ClientError(
                .stale, "\(question.shortID) was asked again, and answered meanwhile.",
                tries: ["gloss conflicts --settled"])
        }
        return again
    }

    /// What happened to the thing that a question is about, the oldest first: the changes of the
    /// note and its replies, of the field, or of the words.
    public func log(of view: ConflictView) throws -> [LogEntry] {
        try read { reader in
            let timeline = try Timeline(
                reader, article: view.article, profile: try reader.profile())
            let isAbout: (Timeline.Entry) -> Bool
            switch view.conflict.subject {
            case .field(let field):
                isAbout = { $0.document == view.article && $0.change.writes(nil, field) }
            case .text(let range):
                let article = try reader.loadReplica(view.article)
                let written = article.blame().filter { $0.range.overlaps(range) }.map(\.id)
                let ids = view.conflict.versions.flatMap(\.operations) + written
                isAbout = { entry in
                    entry.document == view.conflict.document
                        && ids.contains { entry.change.contains($0) }
                }
            case .entity, .entityField, .suggestions:
                let set = try reader.loadReplica(view.set)
                let notes = view.suggestions.map(\.id) + (view.note.map { [$0] } ?? [])
                let all = Set(notes + notes.flatMap { set.replies(to: $0).map(\.id) })
                isAbout = { $0.change.isAbout(all) }
            }
            return timeline.entries.filter(isAbout).map {
                timeline.logEntry($0, articleName: view.articleName)
            }
        }
    }
}

extension Change {
    fileprivate func writes(_ entity: OpID?, _ field: Field) -> Bool {
        ops.contains { op in
            if case .write(let write) = op {
                write.entity == entity && write.field == field
            } else {
                false
            }
        }
    }

    /// Whether it made one of some annotations and replies, wrote to it, or accepted it.
    fileprivate func isAbout(_ entities: Set<OpID>) -> Bool {
        var seq = seq
        for op in ops {
            let named: OpID? =
                switch op {
                case .write(let write): write.entity
                case .addTag(let addition): addition.annotation
                case .removeTag(let removal): removal.annotation
                case .insert(let insertion): insertion.suggestion
                case .delete(let deletion): deletion.accepts
                case .annotate, .reply: OpID(agent: agent, seq: seq)
                case .resolve, .visibility, .unknown: nil
                }
            if let named, entities.contains(named) { return true }
            seq += op.width
        }
        return false
    }
}

import GlossCore

/// Finds answers of others to conflicts in which one had a version that was not taken.
struct AnswerFinder {
    let finder: PastFinder
    /// The article as it is.
    let replica: AnnotatedArticle

    private var timeline: Timeline { finder.timeline }

    /// Those among some changes, in their order, as far as they stand.
    func answers(in entries: [Timeline.Entry]) throws -> [Inbox.Answer] {
        try entries.flatMap { entry in
            try resolutions(of: entry).compactMap { try answer($0, in: entry) }
        }
    }

    private func resolutions(of entry: Timeline.Entry) -> [Resolution] {
        var found: [Resolution] = []
        var seq = entry.change.seq
        for op in entry.change.ops {
            defer { seq += op.width }
            guard case .resolve(let resolution) = op else { continue }
            let document =
                entry.document == timeline.article ? replica.article : replica.annotations
            let id = OpID(agent: entry.change.agent, seq: seq)
            if document.entity(id)?.isWithdrawn == false { found.append(resolution) }
        }
        return found
    }

    private func answer(
        _ resolution: Resolution, in entry: Timeline.Entry
    ) throws -> Inbox.Answer? {
        guard resolution.kind != .anchor, isConcerned(by: resolution, in: entry.document),
            let conflict = try conflict(settledBy: resolution, in: entry)
        else { return nil }
        let own = conflict.versions.filter { $0.authors.contains(where: \.isMine) }
        let taken = Self.index(of: resolution.take, in: conflict)
        let isWhole = resolution.take == "merged" || resolution.take == "both"
        guard let mine = own.first, !isWhole,
            taken.map({ !conflict.versions[$0].authors.contains(where: \.isMine) }) ?? true
        else { return nil }
        let words =
            taken.map { conflict.versions[$0].content }
            ?? (resolution.take == "base" ? conflict.conflict.base : written(in: entry, conflict))
        return Inbox.Answer(
            author: entry.author, subject: conflict.subject, paragraph: conflict.paragraph,
            take: resolution.take, mine: mine.content, taken: words, why: resolution.why)
    }

    /// Whether one of the operations settled is one's own.
    private func isConcerned(by resolution: Resolution, in document: DocumentID) -> Bool {
        resolution.settles.contains { id in
            [document, timeline.article].contains { document in
                timeline.index(of: id, in: document).map { timeline.entries[$0].author.isMine }
                    ?? false
            }
        }
    }

    /// Which version a choice names; `nil` if none.
    private static func index(of take: String, in conflict: ConflictView) -> Int? {
        switch take {
        case "keep": return conflict.conflict.versions.firstIndex { $0.value == .active }
        case "withdraw": return conflict.conflict.versions.firstIndex { $0.value == .withdrawn }
        default:
            guard let index = Conflict.index(ofLetter: take),
                conflict.versions.indices.contains(index)
            else { return nil }
            return index
        }
    }

    /// The answerer's own words for a field.
    private func written(in entry: Timeline.Entry, _ conflict: ConflictView) -> String? {
        entry.change.ops.lazy.compactMap { op -> String? in
            guard case .write(let write) = op else { return nil }
            switch conflict.conflict.subject {
            case .field(let field): return write.field == field ? write.value.text : nil
            case .entityField(let entity, let field):
                return write.entity == entity && write.field == field ? write.value.text : nil
            default: return nil
            }
        }.first
    }

    // MARK: The conflict as it was

    /// How many changes of the other document are left out at most, as part of the answer.
    private static let partsOfAnswer = 2

    /// The question as the answerer saw it; `nil` if that cannot be told.
    private func conflict(
        settledBy resolution: Resolution, in entry: Timeline.Entry
    ) throws -> ConflictView? {
        let known = causes(of: entry)
        let other =
            entry.document == timeline.article ? timeline.article.annotations : timeline.article
        var rest = timeline.entries.filter {
            $0.document == other && Timeline.Entry.precedes($0, entry)
        }
        for _ in 0...Self.partsOfAnswer {
            let included = known.union(rest.map(\.change.id))
            let view = try finder.past({ included.contains($0.change.id) }, time: nil).view
            let found = view.conflicts.first { $0.conflict.id == resolution.conflict }
            if let found { return found }
            // What an answer does to the article comes before the record of it.
            guard rest.last?.author.user == entry.author.user else { break }
            rest.removeLast()
        }
        return nil
    }

    /// What the author of a change had seen of its document, by the ids of the changes.
    private func causes(of entry: Timeline.Entry) -> Set<OpID> {
        var found: Set<OpID> = []
        var open = [entry.change]
        while let change = open.popLast() {
            var causes = change.dependencies
            if change.seq > 0 { causes.append(OpID(agent: change.agent, seq: change.seq - 1)) }
            for id in causes {
                guard let index = timeline.index(of: id, in: entry.document) else { continue }
                let cause = timeline.entries[index].change
                if found.insert(cause.id).inserted { open.append(cause) }
            }
        }
        return found
    }
}

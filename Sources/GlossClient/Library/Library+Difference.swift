public import GlossCore
import GlossStorage

extension Library {
    /// What has changed in an article, text and notes together, since an earlier state.
    ///
    /// - Parameters:
    ///   - offset: the reader's seconds east of UTC at a time in milliseconds since 1970.
    ///   - command: the command that asks for another point, for advice.
    /// - Throws: ``ClientError`` `noMatch` or `ambiguous` if the point means no state.
    public func difference(
        of article: DocumentID, since point: PastPoint, offset: @escaping (Int) -> Int,
        command: @escaping (String) -> String
    ) throws -> ArticleDifference {
        try read { reader in
            let finder = try PastFinder(
                reader, article: article, profile: try reader.profile(), now: environment.now(),
                offset: offset, command: command)
            let (isIncluded, time) = try finder.selection(point)
            return try finder.difference(since: isIncluded, time: time)
        }
    }
}

extension PastFinder {
    /// What has changed since the state that holds some of the changes.
    ///
    /// - Parameter time: the time that was asked for, if one was.
    func difference(
        since isIncluded: (Timeline.Entry) -> Bool, time: Int?
    ) throws -> ArticleDifference {
        let before = try past(isIncluded, time: time)
        let now = try reader.view(timeline.article)
        let builder = NoteDifferences(
            before: before.view, now: now,
            author: { id in
                (timeline.sets + [timeline.article]).lazy
                    .compactMap { timeline.index(of: id, in: $0) }.first
                    .map { timeline.entries[$0].author }
            })
        return ArticleDifference(
            before: before, now: now,
            changes: timeline.entries.filter { !isIncluded($0) }
                .map { timeline.logEntry($0, articleName: name) },
            notes: builder.all)
    }
}

/// Compares the notes of two states of an article.
private struct NoteDifferences {
    let before: ArticleView
    let now: ArticleView
    let author: (OpID) -> Attribution?

    var all: [NoteDifference] {
        let former = Dictionary(
            before.notes.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let present = Set(now.notes.map(\.id))
        return now.notes.flatMap { note in
            former[note.id].map { differences($0, note) } ?? new(note)
        } + before.notes.filter { !present.contains($0.id) }.map(withdrawn)
    }

    private func new(_ note: NoteView) -> [NoteDifference] {
        let made = NoteDifference(
            kind: .new, note: note, author: note.author, before: nil, now: note.body)
        return [made] + answers(to: note, besides: []) + status(nil, note) + checks(nil, note)
    }

    private func withdrawn(_ note: NoteView) -> NoteDifference {
        NoteDifference(
            kind: .withdrawn, note: note, author: lastWriter(of: note, .life), before: nil,
            now: note.body)
    }

    private func differences(_ old: NoteView, _ new: NoteView) -> [NoteDifference] {
        var found: [NoteDifference] = []
        func add(_ kind: NoteDifference.Kind, _ field: Field?, _ before: String?, _ now: String) {
            found.append(
                NoteDifference(
                    kind: kind, note: new, author: field.flatMap { lastWriter(of: new, $0) },
                    before: before, now: now))
        }
        if old.body != new.body { add(.edited, .body, old.body, new.body) }
        if old.proposal != new.proposal {
            add(.edited, .proposal, old.proposal ?? "", new.proposal ?? "")
        }
        found += answers(to: new, besides: Set(old.replies.map(\.id)))
        found += status(old, new)
        if old.tags != new.tags {
            let tags = { (note: NoteView) in note.tags.map { "#" + $0 }.joined(separator: " ") }
            add(.tagged, nil, tags(old), tags(new))
        }
        let checks = checks(old, new)
        found += checks
        if checks.contains(where: { $0.kind == .stale }) { return found }
        let isAccepted = new.decision == .accepted && old.decision != .accepted
        if !isAccepted, old.words != new.words || old.placement.state != new.placement.state {
            let isLoose = new.placement.state == .collapsed
            add(isLoose ? .loose : .moved, nil, old.words, new.words)
        }
        return found
    }

    private func answers(to note: NoteView, besides old: Set<OpID>) -> [NoteDifference] {
        note.replies.filter { !old.contains($0.id) }.map { reply in
            NoteDifference(
                kind: .answered, note: note, author: reply.author, before: nil, now: reply.body)
        }
    }

    private func status(_ old: NoteView?, _ new: NoteView) -> [NoteDifference] {
        var kinds: [(NoteDifference.Kind, OpID?)] = []
        if (old?.isDone ?? false) != new.isDone {
            kinds.append((new.isDone ? .closed : .reopened, head(of: new, .status)))
        }
        if let decision = new.decision, decision != old?.decision ?? .open {
            switch decision {
            case .accepted:
                kinds.append((.accepted, now.content.article.liveAcceptances(of: new.id).first))
            case .rejected: kinds.append((.rejected, head(of: new, .verdict)))
            case .open: kinds.append((.reopened, head(of: new, .verdict)))
            }
        }
        return kinds.map { kind, id in
            NoteDifference(
                kind: kind, note: new, author: id.flatMap(author), before: nil,
                now: new.proposal ?? new.body)
        }
    }

    private func checks(_ old: NoteView?, _ new: NoteView) -> [NoteDifference] {
        var found: [NoteDifference] = []
        let isSame = CheckView.isSameFinding(old?.check, new.check)
        if !isSame {
            found.append(
                NoteDifference(
                    kind: .checked, note: new,
                    author: new.check?.author ?? lastWriter(of: new, .check),
                    before: old?.check?.verdict?.rawValue, now: new.check?.word ?? ""))
        }
        if let check = new.check, check.state == .stale, !isSame || old?.check?.state != .stale {
            found.append(
                NoteDifference(
                    kind: .stale, note: new, author: nil, before: check.then, now: check.now))
        }
        return found
    }

    private func lastWriter(of note: NoteView, _ field: Field) -> Attribution? {
        head(of: note, field).flatMap(author)
    }

    private func head(of note: NoteView, _ field: Field) -> OpID? {
        now.content(of: note).annotations.entity(note.id)?.register(field).shown?.id
    }
}

public import GlossCore
import GlossStorage

extension Library {
    /// What others did since somebody last looked, and checks that became stale, article by article.
    /// Made without a network.
    ///
    /// - Parameter article: of this article alone; of all that are not put away if `nil`.
    /// - Returns: an entry for each article in which there is something, by their names.
    /// - Complexity: for each unread change of text, that of showing its article twice.
    public func inbox(_ article: DocumentID? = nil) throws -> [Inbox] {
        let articles = try article.map { [$0] } ?? self.articles().map(\.id)
        return try articles.compactMap { article in
            try read { reader in
                guard try reader.unreadChanges(of: article).isEmpty == false else { return nil }
                let finder = try PastFinder(
                    reader, article: article, profile: try reader.profile(),
                    now: environment.now(), offset: { _ in 0 }, command: { $0 })
                let inbox = try InboxBuilder(
                    finder: finder, mark: try reader.readMark(article),
                    end: try reader.endMark(article)
                ).inbox()
                return inbox.isEmpty ? nil : inbox
            }
        }
    }

    /// How many changes of others nobody has looked at on this device, in all articles that are not
    /// put away.
    ///
    /// - Complexity: O(changes), none of which is read.
    public func unreadCount() throws -> Int {
        let articles = try self.articles().map(\.id)
        return try read { reader in
            let user = try reader.profile().user
            return try articles.reduce(0) { count, article in
                try count
                    + reader.unreadChanges(of: article).count { ($0.user ?? user) != user }
            }
        }
    }
}

extension LibraryReader {
    /// The changes of an article and its notes that came after it was last looked at here.
    fileprivate func unreadChanges(of article: DocumentID) throws(StoreError) -> [StoredChange] {
        let mark = try readMark(article)
        var unread: [StoredChange] = []
        for document in try documents(of: article) {
            unread += try changes(of: document).filter {
                !$0.isRefused && !(mark?.includes($0) ?? false)
            }
        }
        return unread
    }
}

/// Finds what is new in one article.
private struct InboxBuilder {
    let finder: PastFinder
    let mark: ReadMark?
    let end: ReadMark

    private var timeline: Timeline { finder.timeline }

    func inbox() throws -> Inbox {
        let isSeen = { (entry: Timeline.Entry) in mark?.includes(entry.stored) ?? false }
        let difference = try finder.difference(since: isSeen, time: nil)
        let others = timeline.entries.filter { !isSeen($0) && !$0.author.isMine }
        let notes = difference.notes.filter { $0.kind != .stale && isByOthers($0, others) }
        let article = difference.now
        let isNew = mark == nil && timeline.entries.allSatisfy { !$0.author.isMine }
        return Inbox(
            article: article, isNew: isNew, mark: end, changes: others.count,
            authors: authors(of: others),
            staleChecks: difference.notes.filter { $0.kind == .stale },
            answers: try answers(in: others),
            notes: notes, edits: isNew ? [] : edits(in: others, of: article))
    }

    private func authors(of entries: [Timeline.Entry]) -> [Attribution] {
        var authors: [Attribution] = []
        for entry in entries where !authors.contains(where: { $0.user == entry.author.user }) {
            authors.append(entry.author)
        }
        return authors
    }

    /// Answers of others, as far as they stand, to questions in which one had a version that they did
    /// not take.
    private func answers(in others: [Timeline.Entry]) throws -> [Inbox.Answer] {
        let settled = try finder.reader.viewBuilder(of: timeline.article).settledViews()
            .filter { $0.question.conflict.kind != .anchor }
        return others.flatMap { entry in
            settled.flatMap { settled in
                settled.answers.filter { entry.change.contains($0.operation) }
                    .compactMap { Inbox.Answer($0, to: settled.question) }
            }
        }
    }

    /// Whether others had a part in what became of a note.
    private func isByOthers(_ note: NoteDifference, _ others: [Timeline.Entry]) -> Bool {
        if let author = note.author { return !author.isMine }
        return others.contains { entry in
            entry.change.ops.contains { op in
                switch (note.kind, op) {
                case (.tagged, .addTag(let addition)): addition.annotation == note.note.id
                case (.tagged, .removeTag(let removal)): removal.annotation == note.note.id
                case (.tagged, _): false
                case (.moved, .write(let write)), (.loose, .write(let write)):
                    write.entity == note.note.id && write.field == .target
                case (_, .insert), (_, .delete), (_, .visibility): true
                default: false
                }
            }
        }
    }

    /// What others changed in the article itself. Acceptances show as what became of the suggestion.
    private func edits(in others: [Timeline.Entry], of view: ArticleView) -> [Inbox.Edit] {
        let article = view.content.article
        return others.filter { $0.document == view.id && !isAcceptance($0.change) }.map { entry in
            let change = entry.change
            let entryOfLog = timeline.logEntry(entry, articleName: view.name)
            return Inbox.Edit(entry: entryOfLog, text: article.textDifference(of: change))
        }
    }

    private func isAcceptance(_ change: Change) -> Bool {
        change.ops.allSatisfy { op in
            switch op {
            case .insert, .delete: op.acceptedSuggestion != nil
            case .resolve: true
            default: false
            }
        }
    }
}

extension Inbox.Answer {
    /// What there is to tell of somebody's answer; `nil` if one had no version, or nothing else was
    /// taken.
    fileprivate init?(_ answer: SettledConflictView.Answer, to question: ConflictView) {
        let isMine = question.versions.map { $0.authors.contains(where: \.isMine) }
        let taken: Int?
        switch answer.take {
        case "merged", "both": return nil
        case "keep": taken = question.conflict.versions.firstIndex { $0.value == .active }
        case "withdraw": taken = question.conflict.versions.firstIndex { $0.value == .withdrawn }
        case let letter: taken = question.versions.firstIndex { $0.letter == letter }
        }
        guard let mine = isMine.firstIndex(of: true), taken.map({ !isMine[$0] }) ?? true else {
            return nil
        }
        let base = answer.take == "base" ? question.base : nil
        self.init(
            author: answer.author, subject: question.subject, paragraph: question.paragraph,
            take: answer.take, mine: question.versions[mine].content,
            taken: taken.map { question.versions[$0].content } ?? base ?? answer.words,
            why: answer.why)
    }
}

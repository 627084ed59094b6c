public import GlossCore
import GlossStorage

extension Library {
    /// The open questions of an article, or of all that are not put away, the latest first.
    public func conflicts(in article: DocumentID? = nil) throws -> [ConflictView] {
        try conflicts(of: article.map { [$0] } ?? articles().map(\.id))
    }

    /// The open questions of all articles, also of those that are put away: each can be named.
    func allConflicts() throws -> [ConflictView] {
        try conflicts(of: articles(includingArchived: true).map(\.id))
    }

    private func conflicts(of articles: [DocumentID]) throws -> [ConflictView] {
        var views = try articles.flatMap { try view($0).conflicts }
        let names = ShortIDs(views.map(\.conflict.id.rawValue))
        for index in views.indices { views[index].tellApart(by: names) }
        return views.sorted { ($1.time, $0.shortID) < ($0.time, $1.shortID) }
    }

    /// The open question that a short name, or its first letters, stands for.
    ///
    /// - Throws: ``ClientError`` `stale` if a question of that name was settled here or its versions
    ///   changed, `noMatch` or `ambiguous` otherwise.
    public func conflict(_ name: String) throws -> ConflictView {
        guard let keys = ShortID.keys(startingWith: name) else {
            throw ClientError(
                .noMatch, "“\(name)” is no conflict: their names are letters from k to z.",
                tries: ["gloss conflicts"])
        }
        let found = try allConflicts().filter { keys.contains($0.conflict.id.rawValue) }
        if found.count == 1 { return found[0] }
        guard found.isEmpty else {
            throw ClientError(
                .ambiguous,
                "Several conflicts start with \(name): \(found.map(\.place).joined(separator: ", ")).",
                tries: found.map { "gloss conflicts show \($0.shortID)" })
        }
        if let change = try whatBecame(of: name, { keys.contains($0.rawValue) }) { throw change }
        throw ClientError(
            .noMatch, "There is no open conflict \(name).", tries: ["gloss conflicts"])
    }

    /// Answers an open question.
    ///
    /// - Returns: what shows from now on.
    /// - Throws: ``ClientError`` `stale` if its versions changed since the view was made, `invalid`
    ///   for a choice that does not fit it.
    @discardableResult
    public func resolve(
        _ view: ConflictView, _ choice: ConflictChoice, why: String? = nil, command: String
    ) throws -> String {
        try resolve([(view, choice)], why: why, command: command)[0] ?? ""
    }

    /// Answers several open questions in one step.
    ///
    /// - Returns: for each what shows from now on; `nil` if answering an earlier one settled it, too.
    /// - Throws: ``ClientError`` `stale` if the versions of one changed since its view was made,
    ///   `invalid` for a choice that does not fit. Nothing is written then.
    public func resolve(
        _ answers: [(view: ConflictView, choice: ConflictChoice)], why: String? = nil,
        command: String
    ) throws -> [String?] {
        var changed: ConflictView?
        do {
            return try perform(command) { workspace in
                var open = OpenConflicts(workspace: workspace)
                for (view, _) in answers where try open.conflict(of: view) == nil {
                    changed = view
                    throw ClientError(changed: view.shortID)
                }
                return try answers.map { try open.answer($0.view, $0.choice, why: why) }
            }
        } catch let error as ClientError where error.code == .stale {
            throw try changed.flatMap { try stale($0) } ?? error
        }
    }
}

extension Library {
    /// Runs a command and tells which questions about some notes it settled besides.
    ///
    /// One that only got more versions, and with these another name, is not settled.
    public func settling<T>(
        _ notes: [NoteReference], _ body: () throws -> T
    ) throws -> (result: T, settled: [ConflictView]) {
        let articles = Set(notes.map(\.article)).sorted()
        let before = try articles.flatMap { try view($0).conflicts }
            .filter { conflict in notes.contains { conflict.isAbout($0) } }
        let result = try body()
        guard !before.isEmpty else { return (result, []) }
        let after = try articles.flatMap { try view($0).conflicts }
        let settled = before.filter { conflict in
            !after.contains {
                $0.conflict.id == conflict.conflict.id
                    || $0.conflict.subject == conflict.conflict.subject
                        && $0.conflict.kind == conflict.conflict.kind
            }
        }
        return (result, settled)
    }
}

extension ConflictView {
    /// Gives it a longer name where it needs one to be told from the questions of other articles.
    mutating func tellApart(by names: ShortIDs) {
        let name = names.name(of: ShortID(conflict.id))
        if name.count > shortID.count { shortID = name }
    }

    /// Its name and where it is.
    fileprivate var place: String { "\(shortID) in \(articleName)" }

    /// Whether it is about an annotation, one of its replies, or decisions on it.
    fileprivate func isAbout(_ reference: NoteReference) -> Bool {
        switch conflict.subject {
        case .entity(let id), .entityField(let id, _): id == reference.id || note == reference.id
        case .suggestions(let ids): ids.contains(reference.id)
        case .field, .text: false
        }
    }
}

/// The questions open in one command's articles, found anew only when an answer may have changed more
/// of them than its own: finding them takes O(operations).
private struct OpenConflicts {
    let workspace: Workspace
    private var known: [DocumentID: [ConflictID: Conflict]] = [:]

    init(workspace: Workspace) { self.workspace = workspace }

    /// The question as it is now; `nil` if it is not open any more.
    mutating func conflict(of view: ConflictView) throws -> Conflict? {
        if let found = known[view.article] { return found[view.conflict.id] }
        var found: [ConflictID: Conflict] = [:]
        for conflict in try workspace.annotated(view.article).flatMap(\.conflicts) {
            found[conflict.id] = conflict
        }
        known[view.article] = found
        return found[view.conflict.id]
    }

    /// Answers a question; `nil` if it is not open any more.
    mutating func answer(
        _ view: ConflictView, _ choice: ConflictChoice, why: String?
    ) throws -> String? {
        guard let conflict = try conflict(of: view) else { return nil }
        let content = AnnotatedArticle(
            article: try workspace.replica(view.article),
            annotations: try workspace.replica(view.set))
        let shown = try ConflictAnswer(
            conflict: conflict.atWholeWords(of: content.article.scalars), choice: choice, why: why,
            answers: view.answers, content: content, workspace: workspace
        ).write()
        if case (.merged, .text) = (choice, conflict.subject) {
            // It leaves the text as it is, and only records that.
            known[view.article]?[conflict.id] = nil
        } else {
            known[view.article] = nil
        }
        if case (.letter(let letter), .verdict) = (choice, conflict.kind) {
            return view.versions.first { $0.letter == letter }?.content ?? shown
        }
        return shown
    }
}

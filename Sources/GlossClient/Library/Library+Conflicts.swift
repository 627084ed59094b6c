public import GlossCore
import GlossStorage

extension Library {
    /// The open questions of an article, or of all that are not put away, the latest first.
    public func conflicts(in article: DocumentID? = nil) throws -> [ConflictView] {
        let articles = try article.map { [$0] } ?? self.articles().map(\.id)
        let views = try articles.flatMap { try view($0).conflicts }
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
        let found = try conflicts().filter { keys.contains($0.conflict.id.rawValue) }
        if found.count == 1 { return found[0] }
        guard found.isEmpty else {
            throw ClientError(
                .ambiguous, "Several conflicts start with \(name).",
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
        do {
            return try perform(command) { workspace in
                let content = try workspace.annotated(view.article)
                guard let conflict = content.conflicts.first(where: { $0.id == view.conflict.id })
                else { throw ClientError(changed: view.shortID) }
                let answer = ConflictAnswer(
                    conflict: conflict, choice: choice, why: why, answers: view.answers,
                    content: content, workspace: workspace)
                return try answer.write()
            }
        } catch let error as ClientError where error.code == .stale {
            throw try stale(view) ?? error
        }
    }
}

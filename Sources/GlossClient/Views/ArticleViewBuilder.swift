import GlossCore
import GlossStorage

/// Makes views of one article from its replicas.
struct ArticleViewBuilder {
    private let article: Replica
    private let text: ArticleText
    /// For each of its annotation sets, the shared one first.
    private let sets: [SetViewBuilder]

    /// - Parameter sets: the shared one first.
    init(
        _ article: (replica: Replica, authors: Authorship),
        sets: [(replica: Replica, authors: Authorship)], reader: LibraryReader
    ) throws(StoreError) {
        let shortIDs = ShortIDs(try reader.names(in: 0...UInt64.max).map(\.key))
        let index = article.replica.textIndex
        let text = ArticleText(article.replica.scalars)
        self.article = article.replica
        self.text = text
        self.sets = sets.map { set in
            SetViewBuilder(
                content: AnnotatedArticle(article: article.replica, annotations: set.replica),
                articleAuthors: article.authors, noteAuthors: set.authors, shortIDs: shortIDs,
                index: index, text: text)
        }
    }

    func view() -> ArticleView {
        let placements = sets.map { $0.placements }
        let found = zip(sets, placements).map { $0.content.conflicts(where: $1) }
        let names = ShortIDs(found.joined().map(\.id.rawValue))
        let conflicts = zip(sets, found).flatMap { set, conflicts in
            conflicts.map { set.view(of: $0, name: names.name(of: ShortID($0.id))) }
        }.sorted { $0.conflict.id < $1.conflict.id }
        var questions: [OpID: [String]] = [:]
        for conflict in conflicts {
            for note in conflict.notes { questions[note, default: []].append(conflict.shortID) }
        }
        let notes = zip(sets, placements).flatMap { $0.notes(at: $1, conflicts: questions) }
        return ArticleView(
            id: article.id, name: article.shortName,
            title: article.register(.title).value?.text ?? "", content: sets[0].content,
            privateContents: sets.dropFirst().map(\.content), articleText: text,
            notes: ArticleViewBuilder.inOrder(notes), conflicts: conflicts,
            version: article.frontier)
    }

    /// The questions that were answered, ascending by id.
    func settledViews() -> [SettledConflictView] {
        let settled = sets.map(\.content.settledConflicts)
        let open = sets.flatMap(\.content.conflicts)
        let names = ShortIDs((open + settled.joined().map(\.conflict)).map(\.id.rawValue))
        return zip(sets, settled).flatMap { set, settled in
            settled.map { set.view(of: $0, name: names.name(of: ShortID($0.conflict.id))) }
        }.sorted { $0.question.conflict.id < $1.question.conflict.id }
    }

    /// In the order of the text; notes without a place come last. Ties keep the order of making, and
    /// private ones come behind the others.
    private static func inOrder(_ notes: [NoteView]) -> [NoteView] {
        let places = notes.enumerated().map { index, note in
            let range = note.placement.ranges.first
            let isLoose = note.placement.state == .collapsed || range == nil
            return (isLoose ? 1 : 0, range?.lowerBound ?? 0, range?.upperBound ?? 0, index)
        }
        return places.sorted(by: <).map { notes[$0.3] }
    }
}

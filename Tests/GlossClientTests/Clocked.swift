import GlossCore
import GlossStorage
import TestSupport

@testable import GlossClient

extension Library {
    /// A library of somebody's whose clock a test turns.
    static func clocked(_ user: String, _ clock: TestClock) throws -> Library {
        let seeded = try makeLibrary(user)
        let copy = seeded.environment
        return try Library(
            directory: seeded.directory,
            environment: ClientEnvironment(now: { clock.now }, random: copy.random))
    }

    /// Puts words in the place of others, in UTC and without a message.
    func replace(_ words: String, with replacement: String, in article: DocumentID) throws {
        let view = try self.view(article)
        let found = QuoteFinder(in: ArticleText(view.scalars)).find(words)
        guard case .one(let range) = found else { throw ClientError(.noMatch, words) }
        _ = try edit(
            article, [TextEdit(range, replacement)], at: view.version, message: nil,
            command: "edit \(words)")
    }

    /// Annotates words of an article.
    @discardableResult
    func note(
        on words: String, _ body: String, in article: DocumentID, kind: AnnotationKind = .note,
        proposal: String? = nil, isPrivate: Bool = false
    ) throws -> NoteReference {
        let found = QuoteFinder(in: try view(article).articleText).find(words)
        guard case .one(let range) = found else { throw ClientError(.noMatch, words) }
        let id = try annotate(
            article, at: range, kind: kind, body: body, proposal: proposal, isPrivate: isPrivate,
            command: "note \(words)")
        return try note(shortID(of: id))
    }

    func past(_ article: DocumentID, at point: String) throws -> PastArticle {
        try past(article, .at(point), offset: { _ in 0 }, command: { "show --at \($0)" })
    }

    func difference(_ article: DocumentID, _ point: PastPoint) throws -> ArticleDifference {
        try difference(
            of: article, since: point, offset: { _ in 0 }, command: { "diff --since \($0)" })
    }
}

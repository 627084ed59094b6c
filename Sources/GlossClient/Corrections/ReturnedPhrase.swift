public import GlossCore
import GlossStorage

/// Words that were corrected once and stand in an article all the same: a merge, a newer version or
/// another article has brought them back.
public struct ReturnedPhrase: Sendable {
    /// A note with this tag on such words says that they are right there.
    public static let acceptedTag = "stet"

    /// What was wrong with them.
    public let correction: Correction
    /// The article they stand in.
    public let article: DocumentID
    /// Its short name.
    public let articleName: String
    /// The scalars of its text.
    public let range: Range<Int>
    /// The words there.
    public let words: String
    /// The paragraph, from 1.
    public let paragraph: Int

    /// What it is noted under once it was told.
    fileprivate var line: String {
        "\(article) \(correction.suggestion) \(words.replacing("\n", with: " "))"
    }

    /// The command that proposes the right words here; `nil` if they cannot be told.
    public var suggestion: String? {
        let text = ArticleText(words)
        guard let wrong = PhraseFinder(in: text).places(of: correction.wrong).last else {
            return nil
        }
        let right =
            text.string(0..<wrong.lowerBound) + correction.right
            + text.string(wrong.upperBound..<text.scalars.count)
        return ShellWords.joined([
            "gloss", "suggest", articleName, SafeText.line(words), "--to", SafeText.line(right),
        ])
    }
}

extension Library {
    /// Words of some articles that were corrected in any article of the library.
    ///
    /// - Parameter articles: all that are not put away if `nil`.
    /// - Returns: by article, and in the order of its text.
    /// - Complexity: O(library), and O(corrections × scalars of the articles asked about).
    public func returnedPhrases(in articles: Set<DocumentID>? = nil) throws -> [ReturnedPhrase] {
        try read { try $0.returnedPhrases(in: articles, known: nil) }
    }

    /// Those of them that have come back since they were last told here.
    public func newReturnedPhrases(in articles: Set<DocumentID>) throws -> [ReturnedPhrase] {
        let found = try returnedPhrases(in: articles)
        let told = try read { try $0.meta(.toldReturned) ?? "" }.split(separator: "\n")
            .map(String.init)
        let ids = Set(articles.map(\.description))
        let others = told.filter { !ids.contains(String($0.prefix { $0 != " " })) }
        let lines = Set(others + found.map(\.line)).sorted()
        guard lines != told else { return [] }
        do {
            try store.write {
                try $0.setMeta(.toldReturned, to: lines.joined(separator: "\n"))
            }
        } catch let error as StoreError {
            throw ClientError(error)
        }
        return found.filter { !told.contains($0.line) }
    }

    /// What of an article still stands open, with the article.
    ///
    /// - Complexity: as for ``returnedPhrases(in:)``.
    public func openMatters(
        of article: DocumentID
    ) throws -> (view: ArticleView, open: OpenMatters) {
        try read { reader in
            let view = try reader.view(article)
            let returned = try reader.returnedPhrases(in: [article], known: view)
            return (view, view.openMatters(returned: returned))
        }
    }
}

extension LibraryReader {
    /// - Parameter known: an article that need not be read again.
    fileprivate func returnedPhrases(
        in articles: Set<DocumentID>?, known: ArticleView?
    ) throws -> [ReturnedPhrase] {
        var corrections: [Correction] = []
        var asked: [SearchedArticle] = []
        for record in try self.articles() where !record.name.isEmpty {
            let isKnown = record.document == known?.id
            let view = try (isKnown ? known : nil) ?? view(record.document)
            corrections += view.notes.compactMap { Correction($0, in: view) }
            if articles?.contains(view.id) ?? !record.archived {
                asked.append(SearchedArticle(view))
            }
        }
        for correction in corrections {
            let places = asked.indices.filter { asked[$0].has(correction.wrong) }
            guard !places.isEmpty, let phrase = correction.phrase else { continue }
            for place in places { asked[place].find(phrase, of: correction) }
        }
        return asked.flatMap(\.inOrder)
    }
}

/// An article in which corrected words are looked for.
private struct SearchedArticle {
    private let view: ArticleView
    private let finder: PhraseFinder
    /// Where somebody has said that words are right, or has proposed others already.
    private let known: [Range<Int>]
    private var found: [ReturnedPhrase] = []

    init(_ view: ArticleView) {
        self.view = view
        finder = PhraseFinder(in: view.articleText)
        known = view.notes.filter { note in
            !note.isPrivate
                && (note.tags.contains(ReturnedPhrase.acceptedTag) || note.decision == .open)
        }.flatMap(\.placement.ranges)
    }

    /// What was found, in the order of the text.
    var inOrder: [ReturnedPhrase] {
        found.sorted { $0.range.lowerBound < $1.range.lowerBound }
    }

    func has(_ words: String) -> Bool { !finder.places(of: words).isEmpty }

    mutating func find(_ phrase: String, of correction: Correction) {
        let right = correction.right.isEmpty ? [] : finder.places(of: correction.right)
        for range in finder.places(of: phrase) {
            let isRight = right.contains {
                $0.lowerBound <= range.lowerBound && range.upperBound <= $0.upperBound
            }
            guard !isRight, !known.contains(where: { $0.overlaps(range) }),
                !found.contains(where: { $0.range == range })
            else { continue }
            found.append(
                ReturnedPhrase(
                    correction: correction, article: view.id, articleName: view.name,
                    range: range, words: view.articleText.string(range),
                    paragraph: view.articleText.paragraph(at: range.lowerBound) + 1))
        }
    }
}

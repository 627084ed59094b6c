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

    /// The command that proposes the right words here.
    public var suggestion: String {
        let right = words.replacing(correction.wrong, with: correction.right, maxReplacements: 1)
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
    /// - Complexity: O(library).
    public func returnedPhrases(in articles: Set<DocumentID>? = nil) throws -> [ReturnedPhrase] {
        try read { try $0.returnedPhrases(in: articles, known: nil) }
    }

    /// What of an article still stands open, with the article.
    ///
    /// - Complexity: O(library), for the words that were corrected elsewhere.
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
        var asked: [ArticleView] = []
        for record in try self.articles() where !record.name.isEmpty {
            let isKnown = record.document == known?.id
            let view = try (isKnown ? known : nil) ?? view(record.document)
            corrections += view.notes.compactMap { Correction($0, in: view) }
            if articles?.contains(view.id) ?? !record.archived { asked.append(view) }
        }
        guard !corrections.isEmpty else { return [] }
        return asked.flatMap { $0.returnedPhrases(of: corrections) }
    }
}

extension ArticleView {
    fileprivate func returnedPhrases(of corrections: [Correction]) -> [ReturnedPhrase] {
        let finder = PhraseFinder(in: articleText)
        // Where somebody has said that it is right, or has proposed other words already.
        let known = notes.filter { note in
            note.tags.contains(ReturnedPhrase.acceptedTag) || note.decision == .open
        }.flatMap(\.placement.ranges)
        var found: [ReturnedPhrase] = []
        for correction in corrections where !finder.places(of: correction.wrong).isEmpty {
            guard let phrase = correction.phrase else { continue }
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
                        correction: correction, article: id, articleName: name, range: range,
                        words: articleText.string(range),
                        paragraph: articleText.paragraph(at: range.lowerBound) + 1))
            }
        }
        return found.sorted { $0.range.lowerBound < $1.range.lowerBound }
    }
}

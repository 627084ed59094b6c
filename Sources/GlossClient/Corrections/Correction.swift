public import GlossCore

/// Words that somebody found wrong, and what was accepted in their place.
public struct Correction: Sendable {
    /// The article it was made in.
    public let article: DocumentID
    /// The article's short name.
    public let articleName: String
    /// The short name of the suggestion.
    public let suggestion: String
    /// The wrong words.
    public let wrong: String
    /// What was accepted for them; empty if they were only taken out.
    public let right: String
    /// The words in front of the wrong ones, and those behind them, as they stood then.
    let context: (before: String, after: String)
    /// The article as it was before anybody accepted it.
    let textBefore: @Sendable () -> String

    /// What an accepted suggestion corrects; `nil` if nobody accepted it, or it has no words.
    init?(_ note: NoteView, in view: ArticleView) {
        guard note.decision == .accepted, Correction.words(in: note.quote.exact).count > 0
        else { return nil }
        let acceptance = Correction.acceptance(of: note.id, in: view.content)
        article = view.id
        articleName = view.name
        self.suggestion = note.shortID
        wrong = note.quote.exact
        let suggestion = view.content.annotations.entity(note.id)
        right =
            suggestion.flatMap { acceptance?.wording(accepting: $0, in: view.content.article) }
            ?? ""
        context = (note.quote.prefix, note.quote.suffix)
        textBefore = { [article = view.content.article] in
            acceptance.map { article.text(at: $0.causes) } ?? ""
        }
    }

    /// The words that are wrong wherever they stand; `nil` if there are none.
    ///
    /// Several words are, and so is a single one that was mistyped: it differs little from the right one
    /// and stood nowhere else. Any other word may be right elsewhere, and counts with its neighbours.
    var phrase: String? {
        let words = Correction.words(in: wrong)
        guard words.count == 1 else { return wrong }
        if Correction.words(in: right).count == 1,
            editDistance(Array(wrong), Array(right)) <= 2,
            PhraseFinder(in: ArticleText(textBefore())).places(of: wrong).count < 2
        {
            return wrong
        }
        let before = Correction.words(in: context.before).last
        let after = Correction.words(in: context.after).first
        guard before != nil || after != nil else { return nil }
        let prefix = before.map { context.before[$0.lowerBound...] } ?? ""
        let suffix = after.map { context.after[..<$0.upperBound] } ?? ""
        return prefix + wrong + suffix
    }

    private static func words(in text: String) -> [Range<String.Index>] {
        let scalars = Array(text.unicodeScalars)
        var words: [Range<String.Index>] = []
        WordKind.forEach(in: scalars, 0..<scalars.count) { range, kind in
            guard kind == .word || kind == .ideograph else { return }
            let view = text.unicodeScalars
            words.append(
                view.index(
                    view.startIndex, offsetBy: range.lowerBound)..<view.index(
                        view.startIndex, offsetBy: range.upperBound))
        }
        return words
    }

    /// The first change that accepts a suggestion.
    private static func acceptance(of suggestion: OpID, in content: AnnotatedArticle) -> Change? {
        guard case .accepted(let changes) = content.state(ofSuggestion: suggestion) else {
            return nil
        }
        return changes.first.flatMap { content.article.log.entry(of: $0)?.change }
    }
}

import GlossCore
import TestSupport

@testable import GlossClient

/// Where people point, and what they say.
extension Person {
    private static let letters = Array("bcdfghjklmnprstvwxz")
    private static let ornaments = [
        "e\u{301}", "\u{1F1F3}\u{1F1F1}", "\u{1F469}\u{200D}\u{1F33E}", "한", "\u{1112}\u{1161}",
    ]

    /// A word that nobody has written before. It begins and ends as no other words do, so that where
    /// it replaces one, it is typed in full.
    mutating func newWord() -> String {
        "q" + String((0..<9).map { _ in Self.letters[random.below(Self.letters.count)] }) + "q"
    }

    /// The same, now and then with a grapheme of several scalars behind it.
    mutating func newWords() -> String {
        let ornament =
            random.chance(0.3)
            ? " " + Self.ornaments[random.below(Self.ornaments.count)] : ""
        return newWord() + ornament
    }

    /// A reason, most often none.
    mutating func newReason() -> String? { random.chance(0.4) ? "as \(newWord()) has it" : nil }

    /// Some words of a text, most often near its start, where others are.
    mutating func someWords(of text: ArticleText, most: Int = 4) -> Range<Int>? {
        guard !text.paragraphs.isEmpty else { return nil }
        let isHot = random.chance(0.6)
        let index = isHot ? 0 : random.below(text.paragraphs.count)
        let words = words(in: text.paragraphs[index], of: text)
        guard !words.isEmpty else { return nil }
        let written = isBuilding ? words.indices.filter { isWritten(text.scalars[words[$0]]) } : []
        let first =
            written.randomElement(using: &random)
            ?? random.below(isHot ? min(8, words.count) : words.count)
        let last = min(words.count - 1, first + random.below(most))
        return text.snapped(words[first].lowerBound..<words[last].upperBound)
    }

    /// Whether a word is one that somebody wrote.
    private func isWritten(_ word: some Collection<Unicode.Scalar>) -> Bool {
        word.count > 2 && word.first == "q"
    }

    private func words(in range: Range<Int>, of text: ArticleText) -> [Range<Int>] {
        range.split { TextFold.isSpace(text.scalars[$0]) }.compactMap { slice in
            guard let first = slice.first, let last = slice.last else { return nil }
            return first..<last + 1
        }
    }

    /// A note that is not withdrawn, most often one of the first.
    mutating func someNote(_ isFit: (NoteView) -> Bool = { _ in true }) throws -> NoteView? {
        let fit = try view().notes.filter(isFit)
        return (random.chance(0.75) ? fit.prefix(2) : fit[...]).randomElement(using: &random)
    }

    func reference(to note: NoteView) -> NoteReference {
        NoteReference(article: article, id: note.id, isReply: false)
    }
}

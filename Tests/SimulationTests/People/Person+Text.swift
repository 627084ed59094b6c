import GlossCore
import TestSupport

@testable import GlossClient

/// What people do to the text: each is a new text that is compared with the one they had opened.
extension Person {
    mutating func replaceWords() throws -> String? {
        let words = newWords()
        return try change(by: { person, text in
            guard let range = person.someWords(of: text) else { return nil }
            return TextEdit(range, words)
        })
    }

    mutating func insertWords() throws -> String? {
        let words = newWords() + " "
        return try change(by: { person, text in
            guard let range = person.someWords(of: text) else { return nil }
            return TextEdit(range.lowerBound..<range.lowerBound, words)
        })
    }

    mutating func deleteWords() throws -> String? {
        try change(by: { person, text in
            guard text.scalars.count > 200, let range = person.someWords(of: text, most: 6) else {
                return nil
            }
            return TextEdit(range, "")
        })
    }

    mutating func splitParagraph() throws -> String? {
        try change(by: { person, text in
            guard let range = person.someWords(of: text) else { return nil }
            return TextEdit(range.lowerBound..<range.lowerBound, "\n\n")
        })
    }

    mutating func joinParagraphs() throws -> String? {
        try change(by: { person, text in
            guard text.paragraphs.count > 1 else { return nil }
            let first = person.random.below(text.paragraphs.count - 1)
            return TextEdit(
                text.paragraphs[first].upperBound..<text.paragraphs[first + 1].lowerBound, " ")
        })
    }

    /// Cuts some words out and puts them in elsewhere.
    mutating func moveSentence() throws -> String? {
        let view = try opening()
        let text = view.articleText
        guard let source = someWords(of: text, most: 10), let other = someWords(of: text),
            !source.overlaps(other)
        else { return nil }
        var scalars = text.scalars
        let moved = Array(scalars[source]) + [" "]
        if other.lowerBound > source.lowerBound {
            scalars.insert(contentsOf: moved, at: other.lowerBound)
            scalars.removeSubrange(source)
        } else {
            scalars.removeSubrange(source)
            scalars.insert(contentsOf: moved, at: other.lowerBound)
        }
        return try save(scalars, over: view)
    }

    /// Takes in a version of the text in which several places differ.
    mutating func takeInNewerText() throws -> String? {
        var scalars = try view().scalars
        var added: [String] = []
        for _ in 0..<3 {
            guard let range = someWords(of: ArticleText(scalars), most: 2) else { continue }
            let word = newWord()
            scalars.replaceSubrange(range, with: word.unicodeScalars)
            added.append(word)
        }
        let text = Graphemes.string(scalars)
        let update = try library.update(
            article, to: text, message: nil, command: "add --update")
        for word in added where text.contains(word) { written.add(word, as: .text) }
        return update.places == 0 ? nil : "\(update.places) places"
    }

    /// The article as it is, or as it was when this person opened it.
    private mutating func opening() throws -> ArticleView {
        if random.chance(0.2), let opened {
            self.opened = nil
            isOnFormer = true
            return opened
        }
        let view = try view()
        if random.chance(0.2) { opened = view }
        return view
    }

    private mutating func change(
        by edit: (inout Person, ArticleText) -> TextEdit?
    ) throws -> String? {
        let view = try opening()
        guard let edit = edit(&self, view.articleText) else { return nil }
        var scalars = view.scalars
        scalars.replaceSubrange(edit.range, with: edit.replacement)
        guard let done = try save(scalars, over: view) else { return nil }
        written.add(Graphemes.string(edit.replacement), as: .text)
        return done
    }

    /// What `gloss edit` does with what comes out of the editor.
    private mutating func save(
        _ scalars: [Unicode.Scalar], over view: ArticleView
    ) throws -> String? {
        let edits = MoveFinder.marked(
            WordDiff.edits(from: view.scalars, to: scalars), in: view.scalars)
        let why = newReason()
        guard !edits.isEmpty,
            try library.edit(
                article, edits, at: view.version, message: why, command: "edit river")
        else { return nil }
        written.add(why, as: .reason)
        return "\(edits.count) places at \(view.version)"
    }
}

import GlossCore
import TestSupport
import Testing

@testable import GlossClient

@Suite("Edits that are too long for one change")
struct EditDivisionTests {
    /// A text with edits carried out one after the other.
    private func apply(_ edits: [TextEdit], to text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var text = text
        for edit in edits.reversed() { text.replaceSubrange(edit.range, with: edit.replacement) }
        return text
    }

    /// A paragraph of so many words that are its own.
    private func paragraph(_ name: String, _ count: Int) -> String {
        (0..<count).map { "\(name)\($0)" }.joined(separator: " ") + ".\n"
    }

    @Test("In however many steps, they lead to the same text")
    func text() {
        let (a, b, c) = (paragraph("a", 40), paragraph("b", 40), paragraph("c", 40))
        let old = Array((a + b + c + "The end.\n").unicodeScalars)
        let middle = "b0 " + b.dropFirst(6) + a.dropLast(9)
        let new = c + paragraph("d", 60) + middle + "The very end.\n"
        let edits = MoveFinder.marked(
            WordDiff.edits(from: Graphemes.string(old[...]), to: new), in: old)
        #expect(edits.contains { !$0.moves.isEmpty })
        for limit in [17, 40, 100, 300, 1_000, 10_000] {
            var (left, text, steps) = (edits, old, 0)
            while !left.isEmpty, steps < 1_000 {
                let (now, later) = left.divided(at: limit)
                for move in now.flatMap(\.moves) {
                    #expect(now.contains { $0.range.contains(move.source.lowerBound) })
                }
                for edit in now {
                    for move in edit.moves {
                        #expect(edit.replacement[move.part] == text[move.source])
                    }
                }
                (text, left, steps) = (apply(now, to: text), later, steps + 1)
            }
            #expect(Graphemes.string(text[...]) == new, "at most \(limit)")
            #expect(limit > 300 || steps > 1)
            #expect(limit < 10_000 || steps == 1)
        }
    }

    @Test("Notes go along with a paragraph that was moved in the same save as a long new text")
    func notes() throws {
        let mira = try makeLibrary("mira")
        let moved = "Rivers do not ask for permission before they leave their beds."
        let rest = "Walls teach the water to climb.\n"
        let old = moved + "\n" + rest + rest
        let article = try mira.addArticle(name: "river", title: "", text: old).id
        let id = try mira.annotate(
            article, at: 0..<6, body: "which?", proposal: nil, command: "note")
        let long = String(repeating: "All of this is new and long. ", count: 1_500)
        let new = rest + long + "\n" + rest + moved + "\n"
        _ = try mira.update(article, to: new, message: nil, command: "add")
        let view = try mira.view(article)
        #expect(view.text == new)
        let note = try #require(view.notes.first { $0.id == id })
        #expect(note.words == "Rivers" && note.placement.state == .moved)
        _ = try mira.undo()
        #expect(try mira.view(article).text == old)
    }
}

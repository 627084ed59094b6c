import GlossCore
import TestSupport
import Testing

@testable import GlossClient

@Suite("Text that an edit moved")
struct MoveFinderTests {
    /// What the edit from one text to another moves: the words, and where they stood.
    private func moves(_ old: String, _ new: String) -> [(words: String, source: Range<Int>)] {
        let scalars = Array(old.unicodeScalars)
        let edits = MoveFinder.marked(WordDiff.edits(from: old, to: new), in: scalars)
        return edits.flatMap { edit in
            edit.moves.map { move in
                (Graphemes.string(edit.replacement[move.part]), move.source)
            }
        }
    }

    @Test("A sentence that was cut and pasted is moved")
    func sentence() {
        let moved = moves(
            "Walls hold. Rivers do not ask.\nThe dike is old.\n",
            "Walls hold.\nThe dike is old. Rivers do not ask.\n")
        #expect(moved.count == 1)
        #expect(moved.first?.words.contains("Rivers do not ask") == true)
        #expect(moved.first?.source.contains(12) == true)
    }

    @Test("Paragraphs that change places are moved, and those between stay")
    func paragraphs() {
        let moved = moves(
            "One is the first of them.\nTwo stays where it is now.\nThree goes up to the front.\n",
            "Three goes up to the front.\nOne is the first of them.\nTwo stays where it is now.\n")
        #expect(moved.map(\.words) == ["Three goes up to the front.\n"])
        #expect(moved.map(\.source) == [53..<81])
    }

    @Test("Words that are merely common are not")
    func common() {
        #expect(moves("The sea is in the way.\n", "In the sea is the way.\n").isEmpty)
        #expect(moves("A dike.\nA wall.\n", "A wall.\nA dike.\n").isEmpty)
        #expect(moves("", "All of this is new.").isEmpty)
        #expect(moves("All of this goes.", "").isEmpty)
    }

    @Test("The same words twice are moved from one place each")
    func twice() {
        let line = "Rivers do not ask.\n"
        let rest = "Something else stands between.\n"
        let moved = moves(line + line + rest + rest, rest + rest + line + line)
        var sources: [Range<Int>] = []
        for move in moved {
            #expect(sources.allSatisfy { !$0.overlaps(move.source) })
            sources.append(move.source)
        }
        #expect(!moved.isEmpty)
    }

    @Test("What is marked as moved are the same scalars, whatever the texts", arguments: 0..<20)
    func random(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let words = ["one ", "two ", "three\n", "é ", "四", "🌊 ", "five. ", "o\u{301}x "]
        for _ in 0..<50 {
            let old = (0..<random.below(40)).map { _ in words[random.below(words.count)] }
            var new = old
            for _ in 0..<3 where new.count > 4 {
                let start = random.below(new.count - 3)
                let part = Array(new[start..<start + 3])
                new.removeSubrange(start..<start + 3)
                new.insert(contentsOf: part, at: random.below(new.count + 1))
            }
            let scalars = Array(old.joined().unicodeScalars)
            let edits = MoveFinder.marked(
                WordDiff.edits(from: old.joined(), to: new.joined()), in: scalars)
            var sources = VersionSet()
            for edit in edits {
                var end = 0
                for move in edit.moves {
                    #expect(move.part.lowerBound >= end)
                    end = move.part.upperBound
                    #expect(edit.replacement[move.part].elementsEqual(scalars[move.source]))
                    #expect(edits.contains { $0.range.clamped(to: move.source) == move.source })
                    let source = VersionSet([move.source])
                    #expect(sources.intersection(source).isEmpty)
                    sources = sources.union(source)
                }
            }
        }
    }
}

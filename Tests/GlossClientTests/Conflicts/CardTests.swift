import Foundation
import GlossCore
import Testing

@testable import GlossClient

@Suite("What the card of a conflict says")
final class CardTests: SharedArticle {
    private static let long =
        (0..<80).map { "wordnumber\($0)" }.joined(separator: " ")
        + " middle "
        + (80..<160).map { "wordnumber\($0)" }.joined(separator: " ")

    init() throws { try super.init("Short. \(CardTests.long).\n") }

    private func edit(_ library: Library, _ words: String, _ others: String) throws {
        let view = try library.view(article)
        _ = try library.edit(
            article, WordDiff.edits(from: view.text, to: view.text.replacing(words, with: others)),
            at: view.version, message: nil, command: "edit")
    }

    @Test("Of a sentence longer than what is shown it begins and ends with whole words")
    func wholeWords() throws {
        try meet()
        try edit(mira, "middle", "centre")
        try edit(jo, "middle", "heart")
        try meet()
        let conflict = try #require(try mira.conflicts().first)
        let words = Set(CardTests.long.split(separator: " ").map(String.init))
        let all = [conflict.base, conflict.conflict.shown] + conflict.versions.map(\.content)
        for text in all {
            let shown = try #require(text).split(separator: " ").map(String.init)
            #expect(words.contains(shown.first ?? "") && words.contains(shown.last ?? ""))
        }
        let replaced = try #require(conflict.replacedWords)
        let ends = replaced.components(separatedBy: " … ")
        #expect(ends.count == 2)
        let before = try mira.view(article).text
        try mira.resolve(conflict, .words("own words"), command: "resolve")
        let after = try mira.view(article).text
        let place = try #require(before.range(of: ends[0]))
        #expect(after.hasPrefix(before[..<place.lowerBound] + "own words "))
        try meet()
        #expect(try jo.conflicts().isEmpty)
        #expect(try jo.view(article).text == after)
    }

    @Test("Of a note withdrawn and rewritten the base is what the rewriter saw")
    func bodies() throws {
        let note = try mira.note(on: "middle", "which", in: article)
        try meet()
        try mira.set(.life, to: .withdrawn, of: [note], command: "rm")
        try jo.set(.body, to: .text("better"), of: [note], command: "edit")
        try jo.set(.body, to: .text("best"), of: [note], command: "edit")
        try meet()
        for library in [mira, jo] {
            let conflict = try #require(try library.conflicts().first)
            #expect(conflict.conflict.kind == .deleteEdit)
            #expect(conflict.base == "which")
            #expect(conflict.baseAuthor?.user == "mira")
        }
    }

    @Test("What is merged and undecided in the text is told apart from questions about notes")
    func undecided() throws {
        let note = try mira.note(on: "middle", "which", in: article)
        try meet()
        try mira.set(.body, to: .text("one"), of: [note], command: "edit")
        try jo.set(.body, to: .text("two"), of: [note], command: "edit")
        try edit(mira, "Short", "Brief")
        try edit(jo, "Short", "Curt")
        try meet()
        #expect(Set(try mira.conflicts().map(\.isAboutText)) == [true, false])
    }
}

import GlossCore
import Testing

@testable import GlossClient

@Suite("Who wrote what")
final class BlameTests: SharedArticle {
    init() throws {
        try super.init("Walls teech the water to climb.\n\nEighteen hundred drowned.\n")
        try meet()
    }

    private func rows(_ blame: BlameView) -> [String] {
        blame.stretches.map { stretch in
            let former = stretch.former.map { former in
                " < \(former.authors.map(\.user).joined(separator: ",")): \(former.text)"
            }
            let suggestion = stretch.suggestion.map { " by \($0.author.user)" }
            return "\(stretch.author.user): \(stretch.text)\(former ?? "")\(suggestion ?? "")"
        }
    }

    @Test("A word belongs to its last change, which says what stood there and whose that was")
    func words() throws {
        let view = try jo.view(article)
        _ = try jo.edit(
            article,
            WordDiff.edits(
                from: view.text,
                to: "Walls teach the water to climb.\n\nAnd 1,836 people drowned.\n"),
            at: view.version, message: nil, command: "edit")
        try meet()
        let blame = try mira.blame(mira.view(article))
        #expect(
            rows(blame) == [
                "mira: Walls ", "jo: teach < mira: teech", "mira:  the water to climb.\n\n",
                "jo: And 1,836 people < mira: Eighteen hundred", "mira:  drowned.\n",
            ])
        #expect(blame.stretches.map(\.range).reduce(0) { $0 + $1.count } == blame.range.count)
        #expect(try rows(jo.blame(jo.view(article))) == rows(blame))
        #expect(
            try rows(mira.blame(mira.view(article), 8..<15)) == [
                "jo: ach < mira: ech", "mira:  the",
            ])
    }

    @Test("Accepted words name the suggestion, and undone ones their first author again")
    func suggestions() throws {
        let note = try mira.note(on: "teech", "typo", in: article, proposal: "teach")
        try meet()
        _ = try jo.accept([note], message: nil, command: "accept")
        try meet()
        #expect(try rows(mira.blame(mira.view(article)))[1] == "jo: teach < mira: teech by mira")
        _ = try jo.undo()
        #expect(try rows(jo.blame(jo.view(article))).allSatisfy { $0.hasPrefix("mira: ") })
    }

    @Test("A rejection of other words names who rejected them")
    func rejections() throws {
        let note = try mira.note(on: "teech", "", in: article, proposal: "preach")
        try meet()
        try jo.set(.verdict, to: .rejected, of: [note], why: "no", command: "reject")
        try meet()
        let judgements = try mira.blame(mira.view(article), 0..<12).judgements
        guard judgements.count == 1, case .rejection(_, let author, let why) = judgements[0] else {
            Issue.record("\(judgements)")
            return
        }
        #expect(author.user == "jo" && why == "no")
        #expect(try mira.blame(mira.view(article), 0..<5).judgements.isEmpty)
    }

    @Test("A page is a few lines, each naming a change")
    func lines() throws {
        try jo.replace("teech", with: "teach", in: article)
        let blame = try jo.blame(jo.view(article))
        let options = RenderOptions(width: 100, now: 2_000)
        let lines = BlameRenderer(blame, options).lines().map(\.text)
        #expect(lines.count == 5, "\(lines)")
        #expect(lines[1].contains("teach   (mira wrote “teech”)"), "\(lines)")
        for stretch in blame.stretches { #expect(lines.contains { $0.contains(stretch.name) }) }
        let plain = BlameRenderer(blame, RenderOptions(isPlain: true, now: 2_000)).lines()
        #expect(
            plain.allSatisfy {
                $0.text.split(separator: "\t", omittingEmptySubsequences: false).count == 9
            })
        let narrow = BlameRenderer(blame, RenderOptions(width: 60, now: 2_000)).lines()
        #expect(narrow.allSatisfy { $0.columns <= 60 })
        let spoken = BlameRenderer(blame, RenderOptions(width: 200, isAccessible: true, now: 2_000))
            .lines().map(\.text)
        #expect(spoken[1].hasPrefix("Paragraph 1, change "))
    }
}

import GlossCore
import Testing

@testable import GlossClient

@Suite("Checks of claims")
final class CheckTests: SharedArticle {
    init() throws {
        try super.init("Walls teach the water to climb.\n\nIn 1953 the dike broke.\n")
        try meet()
    }

    private func view(_ library: Library) throws -> CheckView {
        try #require(try library.view(article).notes.first?.check)
    }

    private let archive = Check.Evidence(source: "Archive", page: "12")

    @Test("A claim is unchecked, confirmed, stale after an edit, and confirmed again as it is now")
    func life() throws {
        let note = try mira.note(on: "1953", "", in: article, kind: .fact)
        #expect(try view(mira).word == "unchecked")
        #expect(try mira.view(article).openMatters().checks.map(\.id) == [note.id])
        try meet()
        try jo.check(note, .confirmed, evidence: [archive], command: "check")
        #expect(try !jo.check(note, .confirmed, evidence: [archive], command: "check"))
        try meet()
        #expect(try view(mira).isConfirmed && view(mira).author?.user == "jo")
        #expect(try mira.view(article).openMatters().isEmpty)
        #expect(try mira.checkAgain(note, command: "check --again") == nil)

        try mira.replace("1953", with: "1954", in: article)
        let stale = try view(mira)
        #expect(stale.word == "confirmed, stale" && stale.then == "1953" && stale.now == "1954")
        try mira.set(.status, to: .done, of: [note], command: "done")
        #expect(try mira.view(article).openMatters().checks.map(\.id) == [note.id])
        let before = try #require(try mira.checkAgain(note, command: "check --again"))
        #expect(before.words == "1954")
        let now = try view(mira)
        #expect(now.isConfirmed && now.evidence == [archive] && now.author?.user == "mira")
        #expect(try mira.view(article).openMatters().isEmpty)

        _ = try mira.undo()
        #expect(try view(mira).state == .stale)
        #expect(try view(mira).author?.user == "jo", "who found it is who gave the verdict")
        #expect(try mira.redo()?.changes == 1)
        #expect(try view(mira).author?.user == "mira")
    }

    @Test("What is not confirmed stands open until it is done; a confirmed claim is no question")
    func ready() throws {
        let note = try mira.note(on: "1953", "really?", in: article, kind: .claim)
        try mira.check(note, .wrong, command: "check")
        #expect(try mira.view(article).openMatters().checks.count == 1)
        #expect(try mira.view(article).openMatters().questions.isEmpty)
        try mira.set(.status, to: .done, of: [note], command: "done")
        #expect(try mira.view(article).openMatters().isEmpty)
        try mira.set(.status, to: .open, of: [note], command: "reopen")
        try mira.check(note, .confirmed, command: "check")
        #expect(try mira.view(article).openMatters().isEmpty)
        try mira.set(.check, to: .none, of: [note], command: "check --remove")
        #expect(try view(mira).state == .unchecked)
    }

    @Test("Only claims, quotes and facts that stand on words are checked")
    func refusals() throws {
        let plain = try mira.note(on: "1953", "hm", in: article)
        let lost = try mira.note(on: "the dike broke", "", in: article, kind: .claim)
        let whole = try mira.note(
            mira.shortID(
                of: mira.annotate(article, at: nil, kind: .fact, body: "x", command: "note")))
        try mira.replace(" the dike broke", with: "", in: article)
        for (note, code) in [
            (plain, ClientError.Code.invalid), (lost, .stale), (whole, .invalid),
        ] {
            let error = #expect(throws: ClientError.self) {
                try mira.check(note, .confirmed, command: "check")
            }
            #expect(error?.code == code && error?.tries.isEmpty == false)
        }
        let error = #expect(throws: ClientError.self) {
            try mira.checkAgain(whole, command: "check --again")
        }
        #expect(error?.message.contains("Nobody has checked") == true)
    }

    @Test("Two verdicts at a time are one conflict, which one answer settles; blame names both")
    func conflict() throws {
        let note = try mira.note(on: "1953", "", in: article, kind: .claim)
        try meet()
        try mira.check(note, .confirmed, evidence: [archive], command: "check")
        try jo.check(note, .wrong, remark: "1954", command: "check")
        try meet()
        let open = try #require(try mira.conflicts().first)
        #expect(open.subject.hasPrefix("check of note"))
        #expect(open.row.sides.allSatisfy { $0.hasSuffix("confirmed") || $0.hasSuffix("wrong") })
        #expect(open.choices == ["A", "B"])
        for choice in [ConflictChoice.base, .words("so"), .both] {
            #expect(throws: ClientError.self) {
                try mira.resolve(open, choice, command: "resolve")
            }
        }
        #expect(throws: ClientError.self) { try mira.checkAgain(note, command: "check --again") }
        let checks = try mira.blame(mira.view(article)).judgements.compactMap { judgement in
            if case .check(_, let check) = judgement { check } else { nil }
        }
        #expect(
            Set(checks.map { "\($0.author?.user ?? "") \($0.word)" })
                == ["mira confirmed", "jo wrong"])
        let letter = try #require(open.versions.first { $0.content.hasPrefix("wrong") }).letter
        try mira.resolve(open, .letter(letter), why: "jo has the paper", command: "resolve")
        try meet()
        #expect(try jo.conflicts().isEmpty)
        let settled = try view(jo)
        #expect(settled.verdict == .wrong && settled.author?.user == "jo")
        #expect(settled.why == "jo has the paper" && settled.remark == "1954")
    }

    @Test("A check on text that the server refused goes where its words are, or is refused with it")
    func refused() throws {
        let note = try jo.note(on: "1953", "", in: article, kind: .fact)
        try meet()
        try jo.replace("1953", with: "D1954", in: article)
        try jo.replace("climb", with: "rise", in: article)
        try jo.check(note, .confirmed, command: "check")
        server.refuses = { change in
            change.ops.contains {
                if case .insert(let insertion) = $0 { insertion.text.first == "D" } else { false }
            }
        }
        try meet()
        #expect(try jo.outbox().count { $0.refusal != nil } == 2)
        #expect(try view(jo).state == .unchecked)
        server.refuses = { _ in false }
        try jo.retry(jo.outbox(), command: "outbox --retry all")
        try meet()
        #expect(try jo.outbox().isEmpty)
        #expect(try view(mira).isConfirmed && view(mira).then == "D1954")
        #expect(try mira.view(article).checksum == jo.view(article).checksum)
    }

    @Test("A check under a new agent stands on the words under their new names")
    func renamed() throws {
        let note = try jo.note(on: "1953", "", in: article, kind: .fact)
        try meet()
        try jo.replace("Walls", with: "DAMS", in: article)
        try jo.replace("1953", with: "1954", in: article)
        try jo.check(note, .confirmed, command: "check")
        server.refuses = { change in
            change.ops.contains {
                if case .insert(let insertion) = $0 { insertion.text.first == "D" } else { false }
            }
        }
        try meet()
        #expect(try mira.view(article).text.contains("1954"))
        #expect(try view(mira).isConfirmed && view(mira).then == "1954")
        #expect(try mira.view(article).checksum == jo.view(article).checksum)
    }

    @Test("Evidence is a URL, words, or both, with a page and a time in it")
    func evidence() throws {
        #expect(
            try EvidenceText.evidence(source: "https://example.org/a?b")
                == Check.Evidence(link: "https://example.org/a?b"))
        #expect(
            try EvidenceText.evidence(source: " Deltares  report ", page: "12–14")
                == Check.Evidence(source: "Deltares report", page: "12–14"))
        #expect(
            try EvidenceText.evidence(source: "Newsreel https://example.org/n", time: "12:30")
                == Check.Evidence(
                    source: "Newsreel", link: "https://example.org/n", time: "00:12:30"))
        #expect(try EvidenceText.evidence(source: "x", time: "1:02:03").time == "01:02:03")
        for (source, time) in [
            ("", ""), ("  ", ""), ("http:/x", ""), ("://x", ""), ("https://", ""), ("a", "12"),
            ("https://a b", ""), ("x https://a b", ""),
            ("https://a https://b", ""), ("a", "1:60"), ("a", "60:00"), ("a", "1:2:3:4"),
            ("a", "-1:00"), ("a", "1::2"),
            ("a", "100:00"),
        ] {
            let error = #expect(throws: ClientError.self, "\(source) \(time)") {
                try EvidenceText.evidence(source: source, time: time)
            }
            #expect(error?.code == .invalid)
        }
    }
}

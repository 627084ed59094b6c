import GlossCore
import Testing

@testable import GlossClient

@Suite("Settling conflicts, several at once, and looking back at what was settled")
final class SettlingTests: SharedArticle {
    init() throws {
        try super.init("Walls teach the water to climb.\n")
    }

    /// Notes whose text both have changed, and both know it.
    private func disagree(on words: [String]) throws -> [NoteReference] {
        let notes = try words.map { try mira.note(on: $0, "about \($0)", in: article) }
        try meet()
        for (note, word) in zip(notes, words) {
            try mira.set(.body, to: .text("mira on \(word)"), of: [note], command: "edit")
            try jo.set(.body, to: .text("jo on \(word)"), of: [note], command: "edit")
        }
        try meet()
        return notes
    }

    private func bodies() throws -> [String] { try mira.view(article).notes.map(\.body) }

    @Test("Several are settled in one step, which one undo takes back")
    func batch() throws {
        _ = try disagree(on: ["Walls", "water", "climb"])
        let open = try mira.conflicts()
        let answers = try open.map { ($0, try $0.choice(named: "jo")) }
        _ = try mira.resolve(answers, why: "he knows", command: "resolve --all")
        #expect(try bodies() == ["jo on Walls", "jo on water", "jo on climb"])
        #expect(try mira.conflicts().isEmpty)
        #expect(try mira.history(limit: 1)[0].command == "resolve --all")
        _ = try mira.undo()
        #expect(try mira.conflicts().count == 3)
        _ = try mira.redo()
        #expect(try mira.conflicts().isEmpty)
    }

    @Test("Texts left as merged and other questions are settled in one step, in any order")
    func mixedBatch() throws {
        _ = try disagree(on: ["teach"])
        for word in ["Walls", "water", "climb"] {
            try mira.replace(word, with: "my \(word)", in: article)
            try jo.replace(word, with: "his \(word)", in: article)
        }
        try meet()
        let text = try mira.view(article).text
        for isReversed in [false, true] {
            let open = try mira.conflicts()
            #expect(Set(open.map(\.conflict.kind)) == [.text, .value])
            let answers = try (isReversed ? open.reversed() : open).map { view in
                (view, view.conflict.kind == .text ? .merged : try view.choice(named: "jo"))
            }
            let shown = try mira.resolve(answers, command: "resolve --all")
            #expect(!shown.contains(nil))
            #expect(try mira.conflicts().isEmpty && mira.view(article).text == text)
            #expect(try bodies() == ["jo on teach"])
            _ = try mira.undo()
            #expect(try mira.conflicts().count == open.count)
        }
    }

    @Test("If one of several has changed meanwhile nothing is written")
    func staleBatch() throws {
        let notes = try disagree(on: ["Walls", "water"])
        let open = try mira.conflicts()
        try mira.set(.body, to: .text("both"), of: [notes[1]], command: "edit")
        let answers = try open.map { ($0, try $0.choice(named: "mine")) }
        #expect(throws: ClientError.self) {
            try mira.resolve(answers, command: "resolve --all")
        }
        #expect(try mira.conflicts().count == 1)
        #expect(try mira.history(limit: 1)[0].command == "edit")
    }

    @Test("Words stand for versions, and one that does not fit names those that do")
    func choices() throws {
        _ = try disagree(on: ["water"])
        let view = try mira.conflicts()[0]
        let mine = try #require(view.versions.first { $0.content == "mira on water" })
        #expect(try view.choice(named: "mine") == .letter(mine.letter))
        #expect(try view.choice(named: "theirs") == view.choice(named: "jo"))
        let last = try #require(view.versions.max { $0.authors[0].time < $1.authors[0].time })
        #expect(try view.choice(named: "newest") == .letter(last.letter))
        #expect(try view.choice(named: "a") == .letter("A"))
        for word in ["keep", "merged", "nobody"] {
            #expect(throws: ClientError.self) { try view.choice(named: word) }
        }
        #expect(view.isMine && view.recommendation == nil)
    }

    @Test("No field takes words that it cannot hold")
    func wordsOfOnesOwn() throws {
        let note = try mira.note(on: "water", "which?", in: article)
        try mira.set(.status, to: .done, of: [note], command: "done")
        try meet()
        try mira.set(.status, to: .open, of: [note], command: "reopen")
        try jo.set(.status, to: .text("waiting"), of: [note], command: "later version")
        try meet()
        let view = try #require(try mira.conflicts().first)
        #expect(throws: ClientError.self) {
            try mira.resolve(view, .words("nonsense"), command: "resolve")
        }
    }

    @Test("What was settled says by whom, how, when and why, and keeps its name and versions")
    func settled() throws {
        _ = try disagree(on: ["water"])
        let view = try mira.conflicts()[0]
        let mine = try view.choice(named: "mine")
        try mira.resolve(view, mine, why: "shorter", command: "resolve")
        #expect(try jo.settledConflicts().isEmpty)
        try meet()
        for library in [mira, jo] {
            let settled = try #require(try library.settledConflict(view.shortID))
            #expect(settled.question.conflict.id == view.conflict.id)
            #expect(
                settled.question.versions.map(\.content) == view.versions.map(\.content))
            #expect(settled.question.conflict.base == "about water")
            #expect(settled.answers.map(\.author.user) == ["mira"])
            #expect(settled.answers.map(\.why) == ["shorter"])
            #expect(settled.answers.map(\.take) == [mine.name])
            #expect(settled.card().answers.count == 1)
            #expect(settled.row.sides.count == 1)
        }
        _ = try mira.undo()
        try meet()
        #expect(try mira.settledConflicts().isEmpty && mira.conflicts().count == 1)
    }

    @Test("A conflict that an edit settled is among the settled ones")
    func settledByEdit() throws {
        let notes = try disagree(on: ["water"])
        let view = try mira.conflicts()[0]
        try jo.set(.body, to: .text("of which river?"), of: notes, command: "edit")
        try meet()
        let settled = try mira.settledConflicts(in: article)
        #expect(settled.map(\.question.shortID) == [view.shortID])
        #expect(settled[0].answers.map(\.take) == ["edit"])
        #expect(settled[0].row.sides == ["jo wrote “of which river?”"])
        #expect(settled[0].answers[0].author.user == "jo")
        do {
            _ = try mira.conflict(view.shortID)
            Issue.record("it is settled")
        } catch let error as ClientError {
            #expect(error.code == .stale && error.message.contains("jo wrote other words"))
        }
    }

    @Test("Settled text, verdicts, anchors and withdrawals are told like the open ones")
    func settledKinds() throws {
        let note = try mira.note(on: "climb", "why climb?", in: article)
        let suggestion = try mira.note(on: "teach", "", in: article, proposal: "show")
        let loose = try mira.note(on: "water", "which?", in: article)
        try meet()
        try mira.set(.life, to: .withdrawn, of: [note], command: "rm")
        _ = try jo.reply(to: note, body: "because", command: "reply")
        _ = try mira.accept([suggestion], message: nil, command: "accept")
        _ = try jo.reject([suggestion], why: nil, command: "reject")
        try mira.replace("Walls", with: "Dams", in: article)
        try jo.replace("Walls", with: "Dikes", in: article)
        try jo.replace("the water", with: "it", in: article)
        try meet()
        let open = try mira.conflicts()
        #expect(
            Set(open.map(\.conflict.kind)) == [.deleteEdit, .verdict, .text, .anchor])
        for view in open { try mira.resolve(view, .init(usual: view), command: "resolve") }
        #expect(try mira.conflicts().isEmpty)
        try meet()
        let settled = try jo.settledConflicts()
        #expect(
            Set(settled.map(\.question.conflict.id)) == Set(open.map(\.conflict.id)))
        for one in settled {
            let view = try #require(open.first { $0.conflict.id == one.question.conflict.id })
            #expect(one.question.versions.map(\.content).count == view.versions.count)
            #expect(one.question.conflict.settles == view.conflict.settles)
        }
        #expect(try mira.view(article).notes.contains { $0.id == loose.id })
    }

    @Test("A settled conflict is asked again for everybody, whoever answered it")
    func reopened() throws {
        let note = try disagree(on: ["water"])[0]
        let view = try mira.conflicts()[0]
        try mira.resolve(view, view.choice(named: "mine"), command: "resolve")
        try mira.replace("Walls", with: "Dams", in: article)
        try jo.replace("Walls", with: "Dikes", in: article)
        try meet()
        let text = try mira.conflicts()[0]
        try mira.resolve(text, text.choice(named: "mine"), command: "resolve")
        try meet()
        for settled in try jo.settledConflicts() {
            let open = try jo.reopen(settled, command: "reopen")
            #expect(open.conflict.kind == settled.question.conflict.kind)
            #expect(
                Set(open.versions.map(\.content)) == Set(settled.question.versions.map(\.content)))
            #expect(open.versions.flatMap(\.authors).map(\.user).sorted() == ["jo", "mira"])
        }
        try meet()
        #expect(try mira.conflicts().count == 2 && mira.settledConflicts().isEmpty)
        _ = try jo.undo()
        _ = try jo.undo()
        try meet()
        #expect(try mira.conflicts().isEmpty)
        let again = try #require(try jo.settledConflicts().first { $0.question.note == note.id })
        try jo.set(.body, to: .text("since"), of: [note], command: "edit")
        #expect(throws: ClientError.self) { try jo.reopen(again, command: "reopen") }
        #expect(try jo.history(limit: 1)[0].command == "edit")
    }

    @Test("What is asked again is told, not what else the words that go leave without a place")
    func reopenedOverNotes() throws {
        try meet()
        try mira.replace("Walls", with: "Dams", in: article)
        try jo.replace("Walls", with: "Dikes", in: article)
        try meet()
        let words = "Locks, sluices, weirs, mills and quays"
        try mira.resolve(mira.conflicts()[0], .words(words + " teach"), command: "resolve")
        for word in ["Locks", "sluices", "weirs", "mills", "quays"] {
            try mira.note(on: word, "which?", in: article)
        }
        try meet()
        let settled = try #require(try jo.settledConflicts().first)
        let open = try jo.reopen(settled, command: "reopen")
        #expect(try jo.conflicts().count > 1)
        #expect(open.conflict.kind == .text)
    }

    @Test("What an undo put back is still whose it was, on what stood before, and merges as before")
    func putBack() throws {
        let note = try mira.note(on: "water", "which water?", in: article)
        try meet()
        try mira.set(.body, to: .text("which water? The grey?"), of: [note], command: "edit")
        try jo.set(.body, to: .text("whose water?"), of: [note], command: "edit")
        try meet()
        for _ in 0..<2 {
            let view = try mira.conflicts()[0]
            #expect(view.base == "which water?")
            #expect(view.card().merged == "whose water? The grey?")
            #expect(
                view.versions.map { $0.authors.map(\.user) }.joined().sorted() == ["jo", "mira"])
            #expect(
                try mira.resolve(view, .both, command: "resolve") == "whose water? The grey?")
            _ = try mira.undo()
        }
        try mira.resolve(mira.conflicts()[0], .base, command: "resolve")
        #expect(try bodies() == ["which water?"])
    }

    @Test("The log of a conflict is what happened to its thing alone, the oldest first")
    func log() throws {
        let notes = try disagree(on: ["water", "Walls"])
        _ = try jo.reply(to: notes[0], body: "so?", command: "reply")
        let view = try #require(
            try jo.conflicts().first { $0.note == notes[0].id })
        #expect(
            try jo.log(of: view).map(\.summary).sorted() == [
                "note", "reply “so?”", "set body to “jo on water”", "set body to “mira on water”",
            ])
        try jo.replace("climb", with: "rise", in: article)
        try mira.replace("climb", with: "go up", in: article)
        try meet()
        let text = try #require(try jo.conflicts().first { $0.conflict.kind == .text })
        let log = try jo.log(of: text)
        #expect(log.map(\.author.user).contains("mira") && log.map(\.author.user).contains("jo"))
        #expect(!log.contains { $0.summary.hasPrefix("set") })
    }

    @Test("What is merged is recommended where one version reads so, not where words run together")
    func recommended() throws {
        try meet()
        try mira.replace("teach ", with: "", in: article)
        try jo.replace("teach the ", with: "", in: article)
        try meet()
        let shorter = try #require(try mira.conflicts().first)
        #expect(shorter.conflict.kind == .text)
        #expect(shorter.recommendation == .merged)
        _ = try mira.resolve(shorter, .merged, why: nil, command: "resolve")
        try meet()
        try mira.replace("climb", with: "rise", in: article)
        try jo.replace("climb", with: "flow", in: article)
        try meet()
        #expect(try #require(try mira.conflicts().first).recommendation == nil)
    }

    @Test("Of two questions in one sentence each is answered by itself, and nothing else changes")
    func oneSentence() throws {
        try mira.replace("teach", with: "toach", in: article)
        try meet()
        for (library, verb, end) in [(mira, "tell", "rise"), (jo, "show", "flow")] {
            try library.replace("toach", with: verb, in: article)
            try library.replace("climb", with: end, in: article)
        }
        try jo.replace("Walls", with: "Dams", in: article)
        try meet()
        let questions = try mira.conflicts().sorted {
            $0.conflict.words?.range.lowerBound ?? 0 < $1.conflict.words?.range.lowerBound ?? 0
        }
        #expect(questions.map(\.conflict.kind) == [.text, .text])
        _ = try mira.resolve(
            questions[0], questions[0].choice(named: "mine"), why: nil, command: "a")
        _ = try mira.resolve(questions[1], questions[1].choice(named: "jo"), why: nil, command: "b")
        try meet()
        #expect(try jo.view(article).text == "Dams tell the water to flow.\n")
        #expect(try jo.conflicts().isEmpty)
    }
}

extension ConflictChoice {
    /// The first choice that its conflict lists.
    fileprivate init(usual view: ConflictView) {
        self = (try? view.choice(named: view.choices[0])) ?? .merged
    }
}

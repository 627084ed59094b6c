import GlossCore
import TestSupport
import Testing

@testable import GlossClient

@Suite("What others did since one looked")
final class InboxTests: SharedArticle {
    let clock: TestClock

    init() throws {
        let clock = TestClock()
        self.clock = clock
        try super.init(
            "Walls teach the water to climb.\n\nIn 1953 the dike broke.\n", title: "Rivers",
            library: { try Library.clocked($0, clock) })
        try meet()
    }

    /// A note whose text both have changed, and both know it.
    private func contested() throws -> NoteReference {
        let note = try mira.note(on: "the water", "which?", in: article)
        try meet()
        try mira.set(.body, to: .text("what water?"), of: [note], command: "edit")
        try jo.set(.body, to: .text("whose water?"), of: [note], command: "edit")
        try meet()
        return note
    }

    private func inbox(_ library: Library) throws -> Inbox {
        try #require(try library.inbox().first)
    }

    private func notes(_ inbox: Inbox) -> [String] {
        inbox.notes.map { "\($0.kind) \($0.now)" }.sorted()
    }

    private func read(_ library: Library) throws {
        try library.markRead(library.reading(article).mark)
    }

    @Test("An article of somebody else's is new as a whole, one's own is not")
    func new() throws {
        #expect(try mira.inbox().isEmpty)
        let found = try inbox(jo)
        #expect(found.isNew && found.edits.isEmpty && found.authors.map(\.user) == ["mira"])
        #expect(try jo.unreadCount() == found.changes && jo.status().unread == found.changes)
        try jo.markRead(found.mark)
        #expect(try jo.inbox().isEmpty && jo.unreadCount() == 0)
    }

    @Test("What others did is told, what one did oneself is not")
    func others() throws {
        let note = try mira.note(on: "the water", "which?", in: article)
        let claim = try jo.note(on: "1953", "", in: article, kind: .claim)
        try meet()
        try read(mira)
        try read(jo)
        _ = try jo.reply(to: note, body: "this one", command: "reply")
        try mira.set(.body, to: .text("which water?"), of: [note], command: "edit")
        try mira.check(claim, .confirmed, command: "check")
        try mira.replace("Walls", with: "Dams", in: article)
        try mira.replace("climb", with: "rise", in: article)
        let proposed = try mira.note(on: "teach", "", in: article, proposal: "show")
        try meet()
        let ofJo = try inbox(jo)
        #expect(notes(ofJo) == ["checked confirmed", "edited which water?", "new "])
        #expect(
            ofJo.edits.map { $0.text.flatMap(\.segments).filter { $0.kind != .kept }.map(\.text) }
                == [["Walls", "Dams"], ["climb", "rise"]])
        #expect(ofJo.staleChecks.isEmpty && ofJo.answers.isEmpty && !ofJo.isNew)
        #expect(try notes(inbox(mira)) == ["answered this one"])
        #expect(try inbox(mira).edits.isEmpty)

        try read(jo)
        #expect(try jo.inbox().isEmpty)
        #expect(try jo.difference(article, .lastRead).changes.isEmpty, "one mark for both")
        try read(mira)
        _ = try jo.accept([proposed], message: nil, command: "accept")
        try meet()
        #expect(try notes(inbox(mira)) == ["accepted show"])
        #expect(try inbox(mira).edits.isEmpty, "an acceptance is told once")
    }

    @Test("A long text that came is shown by its start and end, and many places by the first")
    func long() throws {
        let view = try mira.view(article)
        let words = (0..<60).map { "word\($0)" }.joined(separator: " ")
        try read(mira)
        try read(jo)
        func rewrite(_ text: String) throws {
            let now = try mira.view(article)
            _ = try mira.edit(
                article, WordDiff.edits(from: now.text, to: text), at: now.version, message: "more",
                command: "edit")
            try meet()
        }
        try rewrite(view.text + "\n" + words + "\n")
        func lines() throws -> [String] {
            InboxRenderer(RenderOptions(width: 1_000, now: clock.now)).lines(try jo.inbox()).map(
                \.text)
        }
        let text = try lines().joined(separator: "\n")
        #expect(text.contains("word0 word1") && text.contains("word59+}"), "\(text)")
        #expect(!text.contains("word30") && text.contains("“more”"), "\(text)")
        try read(jo)
        let long = (0..<12).map { "Line \($0) of the same kind, and long enough to stand alone.\n" }
        try rewrite(long.joined(separator: "\n"))
        try read(jo)
        try rewrite(long.map { $0.replacing("long", with: "short") }.joined(separator: "\n"))
        let rows = try lines()
        #expect(rows.count { $0.contains("{+short+}") } == 8, "\(rows)")
        #expect(rows.last?.contains("and 4 more places: gloss diff river") == true, "\(rows)")
    }

    @Test("A check that became stale is told once, whoever changed the words")
    func stale() throws {
        let claim = try mira.note(on: "1953", "", in: article, kind: .fact)
        try mira.check(claim, .confirmed, command: "check")
        try meet()
        try read(jo)
        try read(mira)
        try jo.replace("1953", with: "1954", in: article)
        try meet()
        for library in [mira, jo] {
            let found = try #require(try inbox(library).staleChecks.first)
            #expect(found.before == "1953" && found.now == "1954")
        }
        #expect(try inbox(mira).notes.isEmpty, "the words are not told of twice")
        try mira.markRead(inbox(mira).mark)
        #expect(try mira.inbox().isEmpty)
        #expect(try mira.view(article).openMatters().checks.count == 1)
    }

    @Test("An answer that took another version than one's own is told with its reason")
    func answers() throws {
        _ = try contested()
        try read(mira)
        try read(jo)
        let open = try #require(try jo.conflicts().first)
        let own = try #require(open.versions.first { $0.content == "whose water?" })
        try jo.resolve(open, .letter(own.letter), why: "shorter", command: "resolve")
        try meet()
        let answer = try #require(try inbox(mira).answers.first)
        #expect(answer.author.user == "jo" && answer.why == "shorter")
        #expect(answer.mine == "what water?" && answer.taken == "whose water?")
        #expect(answer.subject.hasPrefix("text of note"))
        #expect(try jo.inbox().isEmpty)
        _ = try jo.undo()
        try meet()
        #expect(try mira.inbox().allSatisfy { $0.answers.isEmpty }, "it stands no more")
    }

    @Test("Answers that take one's own version, or both, are not told; own words are")
    func ownVersion() throws {
        for (choice, isTold) in [
            (ConflictChoice.letter("mine"), false), (.both, false), (.words("ours"), true),
            (.base, true),
        ] {
            let note = try mira.note(on: "the water", "which?", in: article)
            try meet()
            try mira.set(.body, to: .text("what water?"), of: [note], command: "edit")
            try jo.set(.body, to: .text("whose water?"), of: [note], command: "edit")
            try meet()
            try read(mira)
            let open = try #require(try jo.conflicts().first)
            var taken = choice
            if choice == .letter("mine") {
                let version = open.versions.first { $0.content == "what water?" }
                taken = .letter(try #require(version).letter)
            }
            try jo.resolve(open, taken, command: "resolve")
            try meet()
            let answers = try inbox(mira).answers
            #expect(answers.isEmpty != isTold, "\(choice)")
            if isTold { #expect(answers.first?.taken == (choice == .base ? "which?" : "ours")) }
        }
    }

    @Test("A decision against one's own is told, too")
    func verdicts() throws {
        let proposed = try mira.note(on: "teach", "", in: article, proposal: "show")
        try meet()
        _ = try mira.accept([proposed], message: nil, command: "accept")
        _ = try jo.reject([proposed], why: "no", command: "reject")
        try meet()
        try read(mira)
        let open = try #require(try jo.conflicts().first)
        let letter = try #require(open.versions.first { $0.content == "rejected" }).letter
        try jo.resolve(open, .letter(letter), why: "as it was", command: "resolve")
        try meet()
        let answer = try #require(try inbox(mira).answers.first)
        #expect(answer.mine == "accepted: show" && answer.taken == "rejected")
        #expect(answer.why == "as it was")
    }

    @Test("A write that settled a conflict is told like an answer")
    func settledByWrite() throws {
        let note = try contested()
        try read(mira)
        try jo.set(.body, to: .text("ours"), of: [note], command: "edit")
        try meet()
        let answer = try #require(try inbox(mira).answers.first)
        #expect(answer.author.user == "jo" && answer.take == "edit")
        #expect(answer.mine == "what water?" && answer.taken == "ours")
    }

    @Test("A change of which there is nothing to tell is counted until it was seen")
    func merged() throws {
        try mira.replace("Walls", with: "Dams", in: article)
        try jo.replace("Walls", with: "Dikes", in: article)
        try meet()
        try read(mira)
        try jo.resolve(try #require(try jo.conflicts().first), .merged, command: "resolve")
        try meet()
        #expect(try mira.unreadCount() == 1)
        let found = try inbox(mira)
        #expect(found.changes == 1 && found.answers.isEmpty && found.edits.isEmpty)
        let lines = InboxRenderer(RenderOptions(width: 80, now: clock.now)).lines([found])
        #expect(lines.map(\.text) == ["river   1 change by jo"])
        try mira.markRead(found.mark)
        #expect(try mira.inbox().isEmpty && mira.unreadCount() == 0)
    }
}

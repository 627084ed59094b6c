import GlossCore
import GlossProtocol
import GlossStorage
import TestSupport
import Testing

@testable import GlossClient

@Suite("Work that is taken back before it was sent")
final class RecallTests: SharedArticle {
    init() throws {
        try super.init("Walls teach the water to climb.")
        try meet()
    }

    private func last(_ library: Library) throws -> Int {
        try #require(try library.history(limit: 1).first).number
    }

    /// Everything a library keeps of documents that a server would get, or has.
    private func words(_ library: Library) throws -> String {
        try library.exportChanges(of: article)
    }

    private func agents(_ library: Library) throws -> [AgentID] {
        try library.store.read { try $0.replicas() }.map(\.agent)
    }

    @Test("Words that were written and taken back offline never reach anybody")
    func never() throws {
        let kept = try mira.note(on: "water", "kept", in: article)
        try mira.note(on: "climb", "a secret", in: article)
        let step = try #require(try mira.undo())
        #expect(step.isRecalled && step.sent == 0 && step.changes == 1 && step.spent == 0)
        try mira.replace("Walls", with: "Hush", in: article)
        #expect(try mira.undo()?.isRecalled == true)
        #expect(try mira.outbox().count == 1)
        try meet()
        for library in [mira, jo] {
            #expect(try !words(library).contains("secret") && !words(library).contains("Hush"))
            #expect(try library.view(article).notes.map(\.body) == ["kept"])
        }
        try mira.set(.body, to: .text("still there"), of: [kept], command: "edit")
        try meet()
        #expect(try jo.view(article).notes.map(\.body) == ["still there"])
    }

    @Test("What was sent, or may have been, is never removed: its opposite is written")
    func offered() throws {
        try mira.note(on: "water", "one", in: article)
        // As after a crash between the mark and the first byte.
        try mira.store.write { writer in
            for change in try writer.unacknowledged() {
                try writer.markOffered(change.document, change.index)
            }
        }
        let before = try words(mira)
        let step = try #require(try mira.undo())
        #expect(!step.isRecalled && step.sent == 1)
        #expect(try words(mira).hasPrefix(before))
        #expect(try mira.view(article).notes.isEmpty)
        try mira.note(on: "climb", "two", in: article)
        try meet()
        #expect(try mira.undo()?.isRecalled == false)
        try meet()
        #expect(try jo.view(article).notes.isEmpty)
        let places = try mira.store.read { try $0.changes(of: article) }
        for change in places {
            #expect(throws: StoreError.self) {
                try mira.store.write { try $0.recall(change.document, change.index) }
            }
        }
    }

    @Test("What a kept change was made after stays, and its opposite is written")
    func notLast() throws {
        try mira.replace("Walls", with: "Dams", in: article)
        let number = try last(mira)
        try mira.note(on: "Dams", "on them", in: article)
        guard case .done(let step) = try mira.undo(number) else {
            Issue.record("it stands")
            return
        }
        #expect(!step.isRecalled)
        try meet()
        #expect(try jo.view(article).text == "Walls teach the water to climb.")
        #expect(try jo.view(article).notes.count == 1)
    }

    @Test("A redo brings it back as it was, under the same names, whatever came in meanwhile")
    func redo() throws {
        let note = try mira.note(on: "water", "one", in: article)
        let name = try mira.shortID(of: note.id)
        try mira.set(.body, to: .text("two"), of: [note], command: "edit two")
        let before = try words(mira)
        _ = try mira.undo()
        _ = try mira.undo()
        let gone = #expect(throws: ClientError.self) { try mira.note(name) }
        #expect(gone?.message.contains("was undone") == true)
        try jo.replace("climb", with: "rise", in: article)
        try meet()
        #expect(try mira.redo()?.command == "note water")
        #expect(try mira.redo()?.command == "edit two")
        #expect(try mira.redo() == nil)
        for line in before.split(separator: "\n") { #expect(try words(mira).contains(line)) }
        #expect(try mira.note(name) == note)
        try meet()
        #expect(try jo.view(article).notes.map(\.body) == ["two"])
        #expect(try jo.conflicts().isEmpty)
        #expect(try mira.undo()?.isRecalled == false)
        try meet()
        #expect(try jo.view(article).notes.map(\.body) == ["one"])
    }

    @Test("It is not brought back over one's own later work, or without what it builds on")
    func stale() throws {
        let note = try mira.note(on: "water", "one", in: article)
        let made = try last(mira)
        try mira.set(.body, to: .text("two"), of: [note], command: "edit")
        let edited = try last(mira)
        _ = try mira.undo()
        _ = try mira.undo()
        let alone = #expect(throws: ClientError.self) { try mira.redo(edited) }
        #expect(alone?.code == .stale)
        #expect(try mira.command(edited).changes.map(\.stateName) == ["recalled"])
        #expect(try mira.command(made).changes[0].acts.map(\.now) == ["one"])
        try mira.note(on: "climb", "other", in: article)
        let over = #expect(throws: ClientError.self) { try mira.redo(made) }
        #expect(over?.code == .stale)
        #expect(try mira.view(article).notes.map(\.body) == ["other"])
        _ = try mira.undo()
        _ = try mira.redo(made)
        _ = try mira.redo(edited)
        #expect(try mira.view(article).notes.map(\.body) == ["two"])
        try meet()
    }

    @Test("No agent ever writes two things under one number, and none writes on once it retired")
    func agents() throws {
        var seen: [OpID: [UInt8]] = [:]
        var retired: Set<AgentID> = []
        func look() throws {
            for document in [article, article.annotations] {
                let (stored, record) = try mira.store.read {
                    (try $0.changes(of: document) + $0.recalled(), try $0.replica(document))
                }
                for change in stored where change.document == document {
                    let id = OpID(agent: change.agent, seq: change.seq)
                    #expect(seen[id] == nil || seen[id] == change.bytes)
                    seen[id] = change.bytes
                }
                #expect(try !retired.contains(#require(record).agent))
            }
        }
        var random = SeededRandom(seed: 3)
        let start = try last(mira)
        func undo() throws {
            let isStep = { (command: String) in
                command.hasPrefix("undo") || command.hasPrefix("redo")
            }
            let next = try mira.history(limit: 100).first { !$0.isUndone && !isStep($0.command) }
            if try #require(next).number > start { _ = try mira.undo() }
        }
        for round in 0..<60 {
            let former = try agents(mira)
            switch Int.random(in: 0..<6, using: &random) {
            case 0: try mira.note(on: "water", "note \(round)", in: article)
            case 1:
                try mira.replace(
                    round.isMultiple(of: 2) ? "climb" : "teach", with: "word\(round)",
                    in: article)
            case 2, 3: try undo()
            case 4: _ = try? mira.redo()
            default: try meet()
            }
            if try mira.view(article).text != "Walls teach the water to climb." {
                try undo()
            }
            retired.formUnion(Set(former).subtracting(try agents(mira)))
            try look()
        }
        #expect(retired.count > 3)
        try meet()
    }

    /// All that people see of the article.
    private func state(_ library: Library) throws -> [String] {
        let view = try library.view(article)
        return [view.text]
            + view.notes.map { note in
                let replies = note.replies.map(\.body)
                return "\(note.shortID) \(note.body) \(note.tags) \(note.isDone) \(replies) "
                    + "\(note.words) \(note.decision.map(\.rawValue) ?? "")"
            }.sorted()
    }

    /// Does something at random; whether it changed anything.
    private func act(_ round: Int, _ random: inout SeededRandom) throws -> Bool {
        let view = try mira.view(article)
        let notes = try view.notes.map { try mira.note(mira.shortID(of: $0.id)) }
        let start = Int.random(in: 0..<20, using: &random)
        let before = try last(mira)
        switch (Int.random(in: 0..<7, using: &random), notes.randomElement(using: &random)) {
        case (0, let note?): try mira.set(.status, to: .done, of: [note], command: "done")
        case (1, let note?): _ = try mira.reply(to: note, body: "r\(round)", command: "reply")
        case (2, let note?):
            try mira.tag([note], adding: ["t\(round % 3)"], removing: [], command: "tag")
        case (3, let note?):
            try mira.set(.body, to: .text("b\(round)"), of: [note], command: "edit")
        case (4, let note?):
            if try mira.isSuggestion(note) {
                _ = try mira.accept([note], message: nil, command: "accept")
            }
        case (5, _):
            _ = try mira.edit(
                article, [TextEdit(start..<start + 3, "w\(round) ")], at: view.version,
                message: nil, command: "edit text")
        default:
            _ = try mira.annotate(
                article, at: start..<start + 4, body: "n\(round)",
                proposal: round.isMultiple(of: 3) ? "p\(round)" : nil, command: "note")
        }
        return try last(mira) > before
    }

    @Test("Undo and redo lead through the same states, sent or not", arguments: 0..<8)
    func states(seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        var done = [try state(mira)]
        var undone: [[String]] = []
        var recalls = 0
        for round in 0..<60 {
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<4:
                if try act(round, &random) {
                    done.append(try state(mira))
                    undone = []
                }
            case 4..<7:
                guard done.count > 1 else { continue }
                recalls += try #require(try mira.undo()).isRecalled ? 1 : 0
                undone.append(done.removeLast())
                #expect(try state(mira) == done[done.count - 1], "undo in round \(round)")
            case 7..<9:
                guard let next = undone.last else { continue }
                guard let step = try? mira.redo() else {
                    // Recalled work is not brought back over one's own steps that were sent since.
                    undone = []
                    _ = try act(round, &random)
                    done.append(try state(mira))
                    continue
                }
                recalls += step.isRecalled ? 1 : 0
                done.append(undone.removeLast())
                #expect(try state(mira) == next, "redo in round \(round)")
            default: try meet()
            }
        }
        #expect(recalls > 3)
        try meet()
        #expect(try state(jo) == state(mira))
        #expect(try jo.conflicts().count == mira.conflicts().count)
    }

    @Test("Unfinished text keeps its base, and an edit of text that is gone is not taken in")
    func openEditor() throws {
        let former = try mira.view(article)
        try mira.replace("Walls", with: "Dams", in: article)
        let opened = try mira.view(article)
        _ = try mira.undo()
        let edits = WordDiff.edits(from: opened.text, to: opened.text + " So they say.")
        let error = #expect(throws: ClientError.self) {
            try mira.edit(
                article, edits, at: opened.version, message: nil, command: "edit river")
        }
        #expect(error?.code == .stale)
        #expect(try mira.view(article).text == former.text)
        _ = try mira.redo()
        let file = try mira.noteEditorFile(
            at: "/nowhere", of: article, version: opened.version, goingOnWith: nil)
        try mira.settle(file, keeping: opened.text + " So they say.")
        #expect(try mira.undo()?.isRecalled == false)
        let draft = try #require(try mira.draft(of: article))
        #expect(try mira.base(of: draft) == opened.text)
    }

    @Test("An article whose adding is taken back offline is none to the server")
    func adding() throws {
        let other = try mira.addArticle(name: "other", title: "", text: "Private words.").id
        #expect(try mira.undo()?.isRecalled == true)
        #expect(try mira.articles().map(\.name) == ["river"])
        #expect(try mira.store.read { try $0.changes(of: other) }.isEmpty)
        _ = try mira.redo()
        #expect(try mira.view(other).text == "Private words.")
        #expect(try mira.articles().map(\.name) == ["other", "river"])
    }

    @Test(
        "Work from before and after a change of agents goes on when the server refuses some of it")
    func refusedAcrossAgents() throws {
        let early = try mira.note(on: "water", "early", in: article)
        try mira.replace("Walls", with: "Dams", in: article)
        try mira.note(on: "climb", "undone", in: article)
        _ = try mira.undo()
        try mira.replace("climb", with: "gone", in: article)
        _ = try mira.undo()
        try mira.note(on: "Dams", "on Dams", in: article)
        try mira.replace("climb", with: "rise", in: article)
        try mira.set(.body, to: .text("early and late"), of: [early], command: "edit")
        server.refuses = { change in
            change.ops.contains {
                if case .insert(let insertion) = $0 { insertion.text.first == "D" } else { false }
            }
        }
        try server.sync(mira)
        #expect(try mira.view(article).text == "Walls teach the water to rise.")
        try meet()
        #expect(try jo.view(article).text == "Walls teach the water to rise.")
        #expect(try jo.view(article).notes.map(\.body) == ["early and late"])
        #expect(try mira.outbox().allSatisfy { $0.refusal != nil })
        server.refuses = { _ in false }
        try mira.retry(mira.outbox(), command: "outbox --retry all")
        try meet()
        #expect(try jo.view(article).text == "Dams teach the water to rise.")
        #expect(try jo.view(article).notes.count == 2)
    }

    @Test("A copy of the library that sent what was recalled here does no harm")
    func copies() throws {
        let kept = try mira.note(on: "water", "kept", in: article)
        try mira.note(on: "climb", "recalled", in: article)
        let copy = try mira.rehearsal()
        _ = try mira.undo()
        let undone = try #require(try mira.history(limit: 2).last).number
        try server.sync(copy)
        try meet()
        #expect(try mira.view(article).notes.contains { $0.body == "recalled" })
        #expect(throws: ClientError.self) { try mira.redo(undone) }
        try mira.set(.body, to: .text("kept and edited"), of: [kept], command: "edit")
        try meet()
        #expect(try jo.view(article).notes.contains { $0.body == "kept and edited" })
    }

    @Test("A retired agent's acknowledged work is still this device's to give back")
    func givenBack() throws {
        try mira.note(on: "water", "kept", in: article)
        try meet()
        let former = try #require(try mira.store.read { try $0.replica(article.annotations) }).agent
        try mira.note(on: "climb", "recalled", in: article)
        _ = try mira.undo()
        let local = try mira.store.read { try $0.localDocument(article.annotations) }
        #expect(local.acknowledged[former] == 1)
        let record = try #require(try mira.store.read { try $0.replica(article.annotations) })
        #expect(record.agent != former)
    }
}

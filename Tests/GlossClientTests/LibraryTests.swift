import Foundation
import GlossCore
import GlossStorage
import Testing

@testable import GlossClient

/// The range of some words in an article.
private func range(_ words: String, in view: ArticleView) throws -> Range<Int> {
    let found = QuoteFinder(in: ArticleText(view.scalars)).find(words)
    guard case .one(let range) = found else { throw ClientError(.noMatch, words) }
    return range
}

@Suite struct LibraryTests {
    let server = PretendServer()

    @Test func `what two people do offline meets, and a disagreement is settled once`() throws {
        let mira = try makeLibrary("mira")
        let jo = try makeLibrary("jo")
        let article = try mira.addArticle(
            name: "river", title: "Rivers", text: "Walls teach the water to climb.\nRivers go on.\n"
        )
        let note = try mira.annotate(
            article.id, at: try range("the water", in: mira.view(article.id)), body: "which water?",
            command: "note")
        try server.sync(mira)
        try server.sync(jo)
        let theirs = try jo.article(named: "river")
        #expect(try jo.view(theirs.id).notes.map(\.body) == ["which water?"])

        try mira.set(
            .body, to: .text("whose water?"), of: [mira.note(mira.shortID(of: note))],
            command: "edit")
        try jo.set(
            .body, to: .text("what water?"), of: [jo.note(jo.shortID(of: note))], command: "edit")
        try server.sync(mira)
        try server.sync(jo)
        try server.sync(mira)
        let seen = try mira.conflicts()
        #expect(seen.count == 1)
        #expect(try jo.conflicts().map(\.shortID) == seen.map(\.shortID))
        #expect(
            try jo.conflicts()[0].versions.map(\.content) == seen[0].versions.map(\.content))
        try jo.resolve(
            jo.conflict(seen[0].shortID), .letter("A"), why: "shorter", command: "resolve")
        try server.sync(jo)
        try server.sync(mira)
        #expect(try mira.conflicts().isEmpty)
        #expect(
            try mira.view(article.id).notes.map(\.body) == jo.view(article.id).notes.map(\.body))
        #expect(throws: ClientError.self) {
            try mira.resolve(seen[0], .letter("B"), command: "resolve")
        }
    }

    @Test func `a note stands on the words its writer saw, though the text changed`() throws {
        let mira = try makeLibrary("mira")
        let article = try mira.addArticle(name: "river", title: "", text: "Walls teach the water.")
        let seen = try mira.view(article.id)
        let words = try range("the water", in: seen)
        _ = try mira.edit(
            article.id, [TextEdit(0..<0, "Old "), TextEdit(0..<5, "Dykes")], at: seen.version,
            message: nil, command: "edit")
        let note = try mira.annotate(
            article.id, at: words, of: seen.version, body: "which?", command: "note")
        try mira.attach(
            mira.note(mira.shortID(of: note)), to: range("teach", in: seen), of: seen.version,
            why: nil, command: "attach")
        let view = try mira.view(article.id)
        #expect(view.notes.map(\.quote.exact) == ["teach"])
        #expect(try view.notes.map(\.placement.ranges) == [[range("teach", in: view)]])
        #expect(throws: ClientError.self) {
            try mira.annotate(
                article.id, at: 0..<500, of: seen.version, body: "which?", command: "note")
        }
    }

    @Test func `undo takes back a whole command and redo brings it back`() throws {
        let mira = try makeLibrary("mira")
        let article = try mira.addArticle(name: "river", title: "", text: "Walls teach the water.")
        let before = try mira.view(article.id)
        _ = try mira.edit(
            article.id, WordDiff.edits(from: before.text, to: "Dams show the water."),
            at: before.version, message: nil, command: "edit river")
        #expect(try mira.view(article.id).text == "Dams show the water.")
        #expect(try mira.undo()?.command == "edit river")
        #expect(try mira.view(article.id).text == "Walls teach the water.")
        #expect(try mira.redo()?.command == "edit river")
        #expect(try mira.view(article.id).text == "Dams show the water.")
        _ = try mira.undo()
        _ = try mira.undo()
        #expect(try mira.articles().isEmpty)
        _ = try mira.redo()
        #expect(try mira.articles().map(\.name) == ["river"])
        #expect(try mira.view(article.id).text == "Walls teach the water.")
    }

    @Test func `a draft waits with the version it was made on and goes with its edit`() throws {
        let mira = try makeLibrary("mira")
        let article = try mira.addArticle(name: "river", title: "", text: "Walls teach the water.")
        let opened = try mira.view(article.id)
        let file = try mira.noteEditorFile(
            at: "/nowhere", of: article.id, version: opened.version, goingOnWith: nil)
        try mira.settle(file, keeping: "Dams teach the water.")
        _ = try mira.edit(
            article.id, [TextEdit(21..<22, "!")], at: opened.version, message: nil, command: "edit")
        let draft = try #require(try mira.draft(of: article.id))
        #expect(try mira.base(of: draft) == "Walls teach the water.")
        _ = try mira.edit(
            article.id, WordDiff.edits(from: opened.text, to: draft.text), at: draft.version,
            from: draft, message: nil, command: "edit")
        #expect(try mira.view(article.id).text == "Dams teach the water!")
        #expect(try mira.draft(of: article.id) == nil)
    }

    @Test func `what an editor had takes the place of the draft it got, and of no other`() throws {
        let mira = try makeLibrary("mira")
        let article = try mira.addArticle(name: "river", title: "", text: "Walls teach.").id
        let version = try mira.view(article).version
        func file(_ path: String, _ draft: ArticleDraft? = nil) throws -> EditorFile {
            try mira.noteEditorFile(at: path, of: article, version: version, goingOnWith: draft)
        }
        let (one, other) = (try file("/one"), try file("/other"))
        #expect(try mira.editorFiles(of: article) == [other, one])
        let first = try #require(try mira.settle(one, keeping: "Dams teach."))
        let second = try #require(try mira.settle(other, keeping: "Walls show."))
        #expect(try mira.draft(of: article) == second)
        let again = try file("/again", second)
        #expect(try mira.editorFiles(of: article) == [again])
        let third = try #require(try mira.settle(again, keeping: "Walls tell."))
        #expect(try mira.draft(of: article) == third)
        try mira.drop(third)
        #expect(try mira.draft(of: article) == first)
        #expect(try mira.settle(try file("/none", first), keeping: nil) == nil)
        #expect(try mira.draft(of: article) == first)
    }

    @Test func `an accepted suggestion is in the text, and undone it is open again`() throws {
        let mira = try makeLibrary("mira")
        let article = try mira.addArticle(name: "river", title: "", text: "Walls teech the water.")
        let id = try mira.annotate(
            article.id, at: try range("teech", in: mira.view(article.id)), body: "typo",
            proposal: "teach", command: "suggest")
        let name = try mira.shortID(of: id)
        let done = try mira.accept([mira.note(name)], message: nil, command: "accept")
        #expect(done.accepted.count == 1)
        #expect(try mira.view(article.id).text == "Walls teach the water.")
        #expect(try mira.view(article.id).notes[0].decision == .accepted)
        _ = try mira.undo()
        #expect(try mira.view(article.id).text == "Walls teech the water.")
        #expect(try mira.view(article.id).notes[0].decision == .open)
        _ = try mira.accept([mira.note(name)], message: nil, command: "accept")
        #expect(try mira.view(article.id).text == "Walls teach the water.")
    }

    @Test func `a refused edit is kept with its reason and the later work goes through`() throws {
        let mira = try makeLibrary("mira")
        let jo = try makeLibrary("jo")
        let article = try mira.addArticle(
            name: "river", title: "", text: "Walls teach the water to climb.")
        try server.sync(mira)
        try server.sync(jo)
        func edit(_ words: String, _ replacement: String) throws {
            let view = try jo.view(article.id)
            _ = try jo.edit(
                article.id, [TextEdit(try range(words, in: view), replacement)], at: view.version,
                message: nil, command: "edit")
        }
        try edit("teach", "REFUSED")
        try edit("climb", "rise")
        _ = try jo.annotate(
            article.id, at: try range("REFUSED", in: jo.view(article.id)), body: "mine",
            command: "note")
        _ = try jo.annotate(
            article.id, at: try range("rise", in: jo.view(article.id)), body: "better",
            command: "note")
        server.refuses = { change in
            change.ops.contains {
                if case .insert(let insertion) = $0 {
                    String(String.UnicodeScalarView(insertion.text)) == "REFUSED"
                } else {
                    false
                }
            }
        }
        try server.sync(jo)
        try server.sync(mira)
        #expect(try mira.view(article.id).text == "Walls teach the water to rise.")
        #expect(try jo.view(article.id).text == "Walls teach the water to rise.")
        #expect(try mira.view(article.id).notes.map(\.body) == ["better"])
        #expect(try mira.view(article.id).notes.map(\.words) == ["rise"])
        let refused = try jo.outbox()
        #expect(refused.count == 2)
        #expect(refused.allSatisfy { $0.refusal != nil })
        #expect(
            try mira.view(article.id).content.article.stateChecksum
                == jo.view(article.id).content.article.stateChecksum)
    }

    @Test func `a long text replaces another whole, in one step that undo takes back`() throws {
        let mira = try makeLibrary("mira")
        let article = try mira.addArticle(name: "river", title: "", text: "Walls teach.\n\nEnd.\n")
        let before = try mira.view(article.id)
        let long = String(repeating: "Dams hold the water back. ", count: 20_000)
        _ = try mira.edit(
            article.id, [TextEdit(0..<5, long), TextEdit(14..<17, "Fin")], at: before.version,
            message: nil, command: "edit river")
        #expect(try mira.view(article.id).text == long + " teach.\n\nFin.\n")
        _ = try mira.undo()
        #expect(try mira.view(article.id).text == before.text)
    }

    @Test func `a note that is too long says how long it may be`() throws {
        let mira = try makeLibrary("mira")
        let article = try mira.addArticle(name: "river", title: "", text: "Walls.")
        let body = String(repeating: "x", count: 70_000)
        do {
            _ = try mira.annotate(article.id, at: 0..<5, body: body, command: "note")
            Issue.record("it was taken")
        } catch let error as ClientError {
            #expect(error.message.contains("64 KiB"))
            #expect(!error.tries.isEmpty)
        }
    }

    @Test func `a copied library goes on under another agent and loses nothing`() throws {
        let mira = try makeLibrary("mira")
        let article = try mira.addArticle(
            name: "river", title: "", text: "Walls teach the water to climb.")
        try server.sync(mira)
        let copy = mira.directory + "-copy"
        try FileManager.default.copyItem(atPath: mira.directory, toPath: copy)
        let twin = try Library(
            directory: copy,
            environment: ClientEnvironment(
                now: mira.environment.now, random: { .random(in: 1 ... .max) }))
        func edit(_ library: Library, _ words: String, _ replacement: String) throws {
            let view = try library.view(article.id)
            _ = try library.edit(
                article.id, [TextEdit(try range(words, in: view), replacement)],
                at: view.version, message: nil, command: "edit")
        }
        try edit(mira, "Walls", "Dams")
        try edit(twin, "climb", "rise")
        _ = try twin.annotate(
            article.id, at: try range("rise", in: twin.view(article.id)), body: "better",
            command: "note")
        try server.sync(mira)
        try server.sync(twin)
        try server.sync(mira)
        #expect(try mira.view(article.id).text == "Dams teach the water to rise.")
        #expect(try twin.view(article.id).text == "Dams teach the water to rise.")
        #expect(try mira.view(article.id).notes.map(\.words) == ["rise"])
        #expect(try twin.outbox().isEmpty)
        #expect(try mira.view(article.id).checksum == twin.view(article.id).checksum)
    }

    @Test(arguments: [["set"], ["article", "set"], ["set", "article"]])
    func `what was accepted names its suggestion still when that is made again`(
        _ documents: [String]
    ) throws {
        let mira = try makeLibrary("mira")
        let article = try mira.addArticle(
            name: "river", title: "", text: "Walls teach the water to climb.")
        try server.sync(mira)
        let suggestion = try mira.annotate(
            article.id, at: try range("climb", in: mira.view(article.id)), body: "",
            proposal: "rise", command: "suggest")
        _ = try mira.accept(
            [mira.note(mira.shortID(of: suggestion))], message: nil, command: "accept")
        #expect(try mira.view(article.id).notes.map(\.decision) == [.accepted])
        for document in documents {
            _ = try mira.store.write { writer in
                try writer.retireAgent(
                    in: document == "set" ? article.id.annotations : article.id,
                    environment: mira.environment)
            }
        }
        let view = try mira.view(article.id)
        #expect(view.notes.map(\.decision) == [.accepted])
        #expect(view.notes.map(\.id) != [suggestion])
        try server.sync(mira)
        #expect(try mira.outbox().isEmpty)
        #expect(try mira.view(article.id).text == "Walls teach the water to rise.")
    }
}

import GlossCore
import GlossStorage
import TestSupport
import Testing

@testable import GlossClient

@Suite("Notes that somebody keeps to themselves")
final class PrivateNoteTests: SharedArticle {
    /// Mira's other device.
    private let tablet: Library

    init() throws {
        tablet = try makeLibrary("mira", seed: 7)
        try super.init("Walls teach the water to climb. Rivers go on.")
        try meet()
    }

    private func meetAll() throws {
        for library in [mira, tablet, jo, mira, tablet] { try server.sync(library) }
    }

    private func view(_ library: Library) throws -> ArticleView { try library.view(article) }

    @Test("They show beside the shared ones on one's own devices, marked, and nowhere else")
    func shown() throws {
        try mira.note(on: "Walls", "doubtful", in: article, kind: .claim, isPrivate: true)
        try mira.note(on: "water", "for all", in: article)
        try meetAll()
        for library in [mira, tablet] {
            let view = try view(library)
            #expect(view.notes.map(\.isPrivate) == [true, false])
            #expect(view.showing(onlyPrivate: true).notes.map(\.body) == ["doubtful"])
            #expect(view.showing(onlyPrivate: false).notes.map(\.body) == ["for all"])
            for options in [
                RenderOptions(isPlain: true, now: 0), RenderOptions(isAccessible: true, now: 0),
            ] {
                let lines = ArticleRenderer(view.rendered, options).lines().map(\.text)
                #expect(lines.count { $0.contains("private claim") } == 1, "\(lines)")
                let rows = ListRenderer(options).notes(view.rows(view.notes)).map(\.text)
                #expect(rows.count { $0.contains("private claim") } == 1, "\(rows)")
            }
        }
        #expect(try view(jo).notes.map(\.body) == ["for all"])
        #expect(try jo.log(of: article, limit: 50).allSatisfy { !$0.isPrivate })
        #expect(try mira.log(of: article, limit: 50).count(where: \.isPrivate) == 1)
    }

    @Test("Whatever is done with one goes where it is, and is taken back from there")
    func commands() throws {
        let note = try mira.note(on: "Walls", "doubtful", in: article, isPrivate: true)
        let claim = try mira.note(
            on: "water", "", in: article, kind: .claim, isPrivate: true)
        let reply = try mira.note(
            mira.shortID(of: mira.reply(to: note, body: "why?", command: "reply")))
        try mira.set(.body, to: .text("why so?"), of: [reply], command: "edit")
        try mira.tag([note], adding: ["later"], removing: [], command: "tag")
        try mira.attach(note, to: 32..<38, why: nil, command: "attach")
        try mira.check(claim, .confirmed, command: "check")
        try mira.set(.status, to: .done, of: [note], command: "done")
        try mira.reopen([note], command: "reopen")
        try mira.set(.life, to: .withdrawn, of: [claim], command: "rm")
        #expect(try mira.undo() != nil)
        #expect(try mira.outbox().allSatisfy(\.isPrivate))
        try meetAll()
        let seen = try view(tablet).notes
        #expect(seen.map(\.words) == ["water", "Rivers"])
        #expect(seen[0].check?.isConfirmed == true)
        #expect(seen[1].tags == ["later"] && !seen[1].isDone)
        #expect(seen[1].replies.map(\.body) == ["why so?"])
        #expect(try view(jo).notes.isEmpty)
        #expect(try jo.read { try $0.replicas() }.count == 2)

        let acts = try tablet.log(of: note, limit: 20)
        #expect(acts.count == 7 && acts.allSatisfy(\.isPrivate))
        let made = try #require(try mira.history().last { $0.command.hasPrefix("note") })
        #expect(try mira.command(made.number).changes.flatMap(\.acts).map(\.kind) == [.made])
        let step = try #require(try mira.undo())
        #expect(step.isPrivate && step.sent == 1 && step.others.isEmpty)
        #expect(step.articles == ["river"])
        let blame = try mira.blame(view(mira), 16..<21)
        #expect(blame.judgements.count == 1)
    }

    @Test("They go with words that are edited, and are asked about when these are gone")
    func anchors() throws {
        let note = try mira.note(on: "Walls", "doubtful", in: article, isPrivate: true)
        try meetAll()
        try jo.replace("Walls teach the", with: "The", in: article)
        try meetAll()
        for library in [mira, tablet] {
            let asked = try library.conflicts()
            #expect(asked.map(\.conflict.kind) == [.anchor])
            #expect(asked.allSatisfy { $0.isPrivate && $0.subject.contains("private note") })
        }
        #expect(try jo.conflicts().isEmpty)
        try tablet.resolve(tablet.conflicts()[0], .done, command: "resolve")
        try meetAll()
        #expect(try mira.conflicts().isEmpty)
        let settled = try #require(try mira.settledConflicts().first)
        #expect(try !mira.log(of: settled.question).isEmpty)
        #expect(try mira.reopen(settled, command: "reopen").isPrivate)
        #expect(try mira.conflicts().flatMap(\.notes) == [note.id])
    }

    @Test("A question about the article is asked once, whichever sets there are")
    func once() throws {
        try mira.note(on: "climb", "doubtful", in: article, isPrivate: true)
        try meetAll()
        try mira.replace("teach", with: "show", in: article)
        try jo.replace("teach", with: "tell", in: article)
        try meetAll()
        #expect(try mira.conflicts().map(\.isPrivate) == [false])
        #expect(try mira.conflicts().map(\.shortID) == jo.conflicts().map(\.shortID))
        try mira.resolve(mira.conflicts()[0], .merged, command: "resolve")
        #expect(try mira.conflicts().isEmpty)
        #expect(try mira.settledConflicts().map(\.question.isPrivate) == [false])
    }

    @Test("They leave the library only where they are asked for, and keep nothing from being ready")
    func kept() throws {
        let note = try mira.note(
            on: "Walls", "doubtful", in: article, kind: .claim, isPrivate: true)
        #expect(try !mira.exportChanges(of: article).contains("doubtful"))
        #expect(try mira.exportChanges(of: article, includingPrivate: true).contains("doubtful"))
        #expect(try mira.openMatters(of: article).open.isEmpty)
        #expect(try mira.openSuggestions().isEmpty)
        #expect(try mira.view(article).notes.map(\.id) == [note.id])
        #expect(try mira.inbox().isEmpty)
    }

    @Test("Where somebody reads does not follow from them")
    func presence() throws {
        try mira.note(on: "Walls", "for all", in: article)
        let place = try mira.read { try $0.readingPlace() }
        #expect(place?.character != nil)
        try mira.note(on: "Rivers", "doubtful", in: article, isPrivate: true)
        #expect(try mira.read { try $0.readingPlace() } == place)
        try mira.noteReading(article)
        let read = ReadingPlace(article: article, character: nil)
        #expect(try mira.read { try $0.readingPlace() } == read)
        try mira.note(on: "climb", "doubtful", in: article, isPrivate: true)
        #expect(try mira.read { try $0.readingPlace() } == read)
    }

    @Test("How it was earlier, and what has changed since, has them")
    func past() throws {
        try mira.note(on: "Walls", "doubtful", in: article, isPrivate: true)
        let name = try #require(try mira.log(of: article, limit: 1).first?.name)
        try mira.note(on: "water", "later", in: article, isPrivate: true)
        #expect(try mira.past(article, at: name).view.notes.map(\.body) == ["doubtful"])
        let difference = try mira.difference(article, .since(name))
        #expect(difference.notes.map(\.note.body) == ["later"])
        #expect(difference.notes.allSatisfy { $0.note.isPrivate && $0.author?.isMine == true })
    }

    @Test("A change of the article that has to be made anew takes them along")
    func remade() throws {
        server.refuses = { change in
            change.ops.contains {
                if case .write(let write) = $0 { write.field == .title } else { false }
            }
        }
        try mira.perform("title") { workspace in
            let replica = try workspace.replica(article)
            try workspace.commit([replica.write(.text("No"), to: .title)], to: article)
        }
        try mira.replace("Rivers", with: "Streams", in: article)
        try mira.note(on: "Streams", "doubtful", in: article, isPrivate: true)
        try server.sync(mira)
        try server.sync(tablet)
        let seen = try view(tablet).notes
        #expect(seen.map(\.words) == ["Streams"] && seen[0].isPrivate)
        #expect(try mira.outbox().map { $0.refusal != nil } == [true])
    }

    @Test("Only what was purged is forgotten, and nothing unsent without being told to")
    func forgotten() throws {
        try mira.note(on: "Walls", "doubtful", in: article, isPrivate: true)
        let error = try #require(throws: ClientError.self) { try mira.forget(article) }
        #expect(error.code == .invalid && error.tries == ["gloss archive river"])
        try mira.store.write { writer in
            for document in try writer.documents(of: article) {
                var record = try #require(try writer.replica(document))
                record.purged = true
                try writer.updateReplica(record)
            }
        }
        let unsent = try #require(throws: ClientError.self) { try mira.forget(article) }
        #expect(unsent.message.contains("1 change") && unsent.tries.count == 2)
        #expect(try mira.rehearsal().forget(article, withUnsent: true) == 1)
        #expect(try view(mira).notes.count == 1)
        #expect(try mira.forget(article, withUnsent: true) == 1)
        #expect(try mira.articles().isEmpty && mira.history().isEmpty)
        #expect(try mira.undo() == nil)
    }
}

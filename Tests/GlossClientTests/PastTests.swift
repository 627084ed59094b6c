import GlossCore
import TestSupport
import Testing

@testable import GlossClient

@Suite("An article as it was, and what has changed since")
struct PastTests {
    let clock = TestClock()
    let server = PretendServer()
    let mira: Library
    let article: DocumentID

    init() throws {
        mira = try Library.clocked("mira", clock)
        article = try mira.addArticle(
            name: "river", title: "Rivers",
            text: "Walls teach the water to climb.\n\nRivers go on for ever.\n"
        ).id
        clock.pass(minutes: 60)
    }

    @Test("The log names changes of text and notes, and each name shows both as of it")
    func versions() throws {
        let note = try mira.note(on: "the water", "which?", in: article)
        clock.pass(minutes: 10)
        try mira.replace("Walls", with: "Dams", in: article)
        clock.pass(minutes: 10)
        _ = try mira.reply(to: note, body: "this one", command: "reply")
        try mira.set(.status, to: .done, of: [note], command: "done")
        let log = try mira.log(of: article, limit: 4)
        #expect(log.map(\.summary).prefix(2) == ["set status to “done”", "reply “this one”"])
        #expect(Set(log.map(\.name)).count == 4)

        let reply = try mira.past(article, at: log[1].name)
        #expect(reply.view.text.hasPrefix("Dams"))
        #expect(reply.view.notes[0].replies.map(\.body) == ["this one"])
        #expect(!reply.view.notes[0].isDone)
        #expect(reply.state.laterCount == 1 && reply.state.last?.name == log[1].name)
        let edit = try mira.past(article, at: log[2].name)
        #expect(edit.view.text.hasPrefix("Dams") && edit.view.notes[0].replies.isEmpty)
        let noted = try mira.past(article, at: log[3].name)
        #expect(noted.view.text.hasPrefix("Walls"))
        #expect(noted.view.notes.map(\.words) == ["the water"])
        #expect(try mira.past(article, at: log[3].change.description).view.text == noted.view.text)
        #expect(
            try mira.past(article, at: log[0].name).view.checksum == mira.view(article).checksum)
    }

    @Test("A time shows what was there at its end")
    func times() throws {
        try mira.replace("Walls", with: "Dams", in: article)
        clock.pass(minutes: 90)
        try mira.note(on: "the water", "which?", in: article)
        clock.pass(minutes: 1)
        #expect(try mira.past(article, at: "12:00").view.text.hasPrefix("Walls"))
        #expect(try mira.past(article, at: "13:00").view.text.hasPrefix("Dams"))
        #expect(try mira.past(article, at: "1 hour ago").view.notes.isEmpty)
        #expect(try mira.past(article, at: "1 hour ago").state.laterCount == 1)
        #expect(try mira.past(article, at: "today").view.notes.count == 1)
        #expect(try mira.past(article, at: "now").state.laterCount == 0)
    }

    @Test("What means no state is refused, and says what would work")
    func refusals() throws {
        for (point, words) in [
            ("yesterday", "did not exist then"), ("23:00", "still to come"),
            ("zzzzzzz", "neither"), ("whenever", "neither"),
        ] {
            let error = #expect(throws: ClientError.self) { try mira.past(article, at: point) }
            #expect(error?.code == .noMatch && error?.message.contains(words) == true, "\(point)")
            #expect(error?.tries.isEmpty == false)
        }
        let error = #expect(throws: ClientError.self) {
            try mira.difference(article, .lastRead)
        }
        #expect(error?.tries.first == "gloss show river")
    }

    @Test("An effect never comes before its cause, whatever the clocks say")
    func causes() throws {
        let late = TestClock()
        late.pass(minutes: -600)
        let jo = try Library.clocked("jo", late)
        let note = try mira.note(on: "the water", "which?", in: article)
        server.clock = { _ in TestClock.start + 3_600_000 }
        try server.sync(mira)
        try server.sync(jo)
        _ = try jo.reply(to: jo.note(jo.shortID(of: note.id)), body: "this", command: "reply")
        #expect(try jo.log(of: article, limit: 1)[0].summary == "reply “this”")
        clock.pass(minutes: 1)
        let names = try mira.log(of: article, limit: 50).map(\.name)
        #expect(try jo.log(of: article, limit: 50).dropFirst().map(\.name) == names)
        for name in names {
            #expect(
                try mira.past(article, at: name).view.checksum
                    == jo.past(article, at: name).view.checksum)
        }
    }

    @Test("What has changed is told of text and notes together")
    func difference() throws {
        let kept = try mira.note(on: "go on", "really?", in: article)
        let closed = try mira.note(on: "for ever", "for long", in: article)
        let loose = try mira.note(on: "to climb", "to rise", in: article)
        let proposed = try mira.note(on: "teach", "", in: article, proposal: "show")
        try mira.markRead(mira.reading(article).mark)
        clock.pass(minutes: 5)
        #expect(try mira.difference(article, .lastRead).changes.isEmpty)

        try mira.replace("Rivers", with: "Streams", in: article)
        try mira.replace(" to climb", with: "", in: article)
        _ = try mira.reply(to: kept, body: "yes", command: "reply")
        try mira.set(.status, to: .done, of: [closed], command: "done")
        _ = try mira.accept([proposed], message: nil, command: "accept")
        try mira.note(on: "Streams", "new", in: article)
        let found = try mira.difference(article, .lastRead)
        #expect(
            found.text.map { $0.segments.filter { $0.kind != .kept }.map(\.text) } == [
                ["teach", "show", " to climb"], ["Rivers", "Streams"],
            ])
        #expect(found.text.map(\.paragraph) == [1, 2])
        #expect(
            Set(found.notes.map { "\($0.kind) \($0.now)" }) == [
                "new new", "answered yes", "closed for long", "accepted show", "loose ",
            ])
        #expect(found.notes.allSatisfy { $0.kind == .loose || $0.author?.user == "mira" })
        #expect(found.notes.first { $0.kind == .loose }?.note.id == loose.id)
        #expect(found.openedConflicts.count == 1 && found.settledConflicts.isEmpty)
        #expect(try mira.difference(article, .since("4 min ago")).notes.count == 5)
        let last = try mira.log(of: article, limit: 1)[0].name
        #expect(try mira.difference(article, .since(last)).changes.isEmpty)
    }

    @Test("The mark of what was read goes forward only, and never leaves the device")
    func mark() throws {
        let early = try mira.reading(article).mark
        try mira.replace("Walls", with: "Dams", in: article)
        try mira.markRead(mira.reading(article).mark)
        try mira.markRead(early)
        #expect(try mira.difference(article, .lastRead).changes.isEmpty)
        let jo = try Library.clocked("jo", clock)
        try server.sync(mira)
        try server.sync(jo)
        #expect(throws: ClientError.self) { try jo.difference(article, .lastRead) }
        #expect(try mira.history().count == 2)
    }
}

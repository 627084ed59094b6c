import GlossCore
import GlossProtocol
import GlossStorage
import TestSupport
import Testing

@testable import GlossClient
@testable import GlossServer

@Suite("Private notes between a member's devices, beside another member")
struct PrivateNoteTests {
    let desk: SimulatedDesk
    /// Jo's second device.
    let phone: Library
    let set: DocumentID

    init() async throws {
        desk = try await SimulatedDesk()
        phone = try Library.inMemory(desk.clock, seed: 3)
        try await desk.server.join(phone, as: "jo", .editor, isKnown: true)
        set = .privateSet(of: desk.article, for: "jo")
    }

    @discardableResult
    private func meet(_ libraries: [Library]) async throws -> [SyncReport] {
        var reports: [SyncReport] = []
        for library in libraries {
            let report = try await desk.server.sync(library)
            #expect(report.failures.isEmpty && report.postponed.isEmpty && report.refused == 0)
            reports.append(report)
        }
        return reports
    }

    private func bodies(_ library: Library) throws -> [String] {
        try library.view(desk.article).notes.map { ($0.isPrivate ? "private " : "") + $0.body }
    }

    @Test("Begun on two devices apart they are one set, and nobody else ever has it")
    func one() async throws {
        try desk.note("Walls", "doubtful", isPrivate: true, by: desk.jo)
        try desk.note("Rivers", "ask mira", isPrivate: true, by: phone)
        try desk.note("water", "for all", by: phone)
        let reports = try await meet([desk.jo, phone, desk.jo, desk.mira])
        #expect(reports.map(\.sent) == [1, 2, 0, 0])
        #expect(reports.map(\.received) == [0, 1, 2, 1])
        for library in [desk.jo, phone] {
            #expect(
                try bodies(library) == ["private doubtful", "for all", "private ask mira"])
            #expect(try library.outbox().isEmpty)
        }
        #expect(try bodies(desk.mira) == ["for all"])
        #expect(try await desk.server.log(of: set).count == 2)
        #expect(try desk.mira.read { try $0.replicas().map(\.id) }.allSatisfy { $0 != set })
        let newcomer = try Library.inMemory(desk.clock, seed: 9)
        try await desk.server.join(newcomer, as: "bo", .owner)
        #expect(try bodies(newcomer) == ["for all"])
    }

    @Test("On an article that no server has yet they go out behind it")
    func fresh() async throws {
        let article = try desk.jo.addArticle(name: "wall", title: "", text: "Stones.").id
        _ = try desk.jo.annotate(
            article, at: 0..<6, body: "which?", isPrivate: true, command: "note")
        #expect(try await meet([desk.jo]).map(\.sent) == [3])
        try await meet([phone, desk.mira])
        #expect(try phone.view(article).notes.map(\.isPrivate) == [true])
        #expect(try desk.mira.view(article).notes.isEmpty)
    }

    @Test("What the devices disagree on is asked on both under one name, and settled on one")
    func conflict() async throws {
        let note = try desk.note("Walls", "doubtful", isPrivate: true, by: desk.jo)
        try await meet([desk.jo, phone])
        for (library, text) in [(desk.jo, "doubtful?"), (phone, "wrong")] {
            try library.set(.body, to: .text(text), of: [note], command: "edit")
        }
        try await meet([desk.jo, phone, desk.jo])
        let asked = try desk.jo.conflicts()
        #expect(asked.map(\.isPrivate) == [true] && asked[0].set == set)
        #expect(try phone.conflicts().map(\.shortID) == asked.map(\.shortID))
        #expect(try desk.mira.conflicts().isEmpty)
        try phone.resolve(phone.conflicts()[0], .letter("A"), command: "resolve")
        try await meet([phone, desk.jo])
        #expect(try desk.jo.conflicts().isEmpty && phone.conflicts().isEmpty)
        #expect(try desk.jo.settledConflicts().map(\.question.isPrivate) == [true])
    }

    @Test("A reader writes them too; who may not read the article any more keeps them, unsent")
    func roles() async throws {
        try await desk.server.setRole(.reader, of: "jo")
        try await meet([desk.jo])
        try desk.note("Walls", "doubtful", isPrivate: true, by: desk.jo)
        try await meet([desk.jo, phone])
        #expect(try bodies(phone) == ["private doubtful"])

        try await desk.server.setRole(nil, of: "jo", on: desk.article)
        try desk.note("Rivers", "later", isPrivate: true, by: desk.jo)
        let hidden = try await desk.server.sync(desk.jo)
        #expect(hidden.failures.count == 1 && hidden.sent == 0 && hidden.refused == 0)
        #expect(try desk.jo.outbox().count == 1)
        try await desk.server.setRole(.reader, of: "jo", on: desk.article)
        #expect(try await meet([desk.jo]).map(\.sent) == [1])
    }

    @Test("First notes on an article that is hidden meanwhile wait, and hold up nothing")
    func hidden() async throws {
        let other = try desk.mira.addArticle(name: "lake", title: "", text: "Still water.").id
        try await meet([desk.mira, desk.jo])
        try await desk.server.setRole(nil, of: "jo", on: desk.article)
        try desk.note("Rivers", "mine", isPrivate: true, by: desk.jo)
        _ = try desk.jo.annotate(
            other, at: 0..<5, body: "how still?", isPrivate: true, command: "note")
        for count in [1, 0] {
            let report = try await desk.server.sync(desk.jo)
            #expect(report.failures.map(\.message).allSatisfy { $0.contains("may not read it") })
            #expect(report.failures.count == 1 && report.sent == count)
        }
        try await desk.server.setRole(.reader, of: "jo", on: desk.article)
        #expect(try await meet([desk.jo]).map(\.sent) == [1])
    }

    @Test("They are purged with their article, and kept here; forgotten they are gone")
    func purged() async throws {
        try desk.note("Walls", "doubtful", isPrivate: true, by: desk.jo)
        try await meet([desk.jo, phone])
        try desk.note("Rivers", "not sent", isPrivate: true, by: desk.jo)
        _ = try await desk.server.rooms.purge(desk.article, now: 5)
        for purged in [["river"], []] {
            #expect(try await meet([desk.jo]).map(\.purged) == [purged])
        }
        #expect(try bodies(desk.jo) == ["private doubtful", "private not sent"])
        #expect(try desk.jo.status().kept.count == 1)
        // Nor does a first one on it go anywhere.
        try await meet([desk.mira])
        try desk.note("Walls", "too late", isPrivate: true, by: desk.mira)
        #expect(try await meet([desk.mira]).map(\.sent) == [0])

        #expect(throws: ClientError.self) { try desk.jo.forget(desk.article) }
        #expect(try desk.jo.forget(desk.article, withUnsent: true) == 1)
        #expect(try desk.jo.articles().isEmpty && desk.jo.outbox().isEmpty)
        #expect(throws: ClientError.self) { try desk.jo.note("k") }
        try await meet([desk.jo])
        #expect(try desk.jo.read { try $0.replicas() }.isEmpty)
    }

    @Test("Who is not in the article's library any more sends none, and loses none")
    func removed() async throws {
        try desk.note("Walls", "doubtful", isPrivate: true, by: desk.jo)
        try await desk.server.setRole(nil, of: "jo")
        #expect(await desk.failure(desk.jo)?.code == .notAllowed)
        #expect(try bodies(desk.jo) == ["private doubtful"] && desk.jo.outbox().count == 1)
        try await desk.server.setRole(.reader, of: "jo")
        #expect(try await meet([desk.jo]).map(\.sent) == [1])
    }

    @Test("Begun before there was a server, they belong to the name that it gave")
    func renamed() async throws {
        let early = try Library.inMemory(desk.clock, seed: 5)
        let article = try early.addArticle(name: "wall", title: "", text: "Stones.").id
        let id = try early.annotate(
            article, at: 0..<6, body: "which?", isPrivate: true, command: "note")
        try await desk.server.join(early, as: "zoe", .editor)
        #expect(try early.outbox().isEmpty)
        let set = DocumentID.privateSet(of: article, for: "zoe")
        #expect(try early.note(early.shortID(of: id)).set == set)
        #expect(try await desk.server.log(of: set).count == 1)
        let note = try early.note(early.shortID(of: id))
        _ = try early.reply(to: note, body: "all", command: "reply")
        #expect(try await meet([early]).map(\.sent) == [1])
        let second = try Library.inMemory(desk.clock, seed: 6)
        try await desk.server.join(second, as: "zoe", .editor, isKnown: true)
        #expect(try second.view(article).notes.map(\.replies.count) == [1])
    }

    @Test("One that was taken back before it was sent leaves no set behind on the server")
    func recalled() async throws {
        try desk.note("Walls", "a secret", isPrivate: true, by: desk.jo)
        #expect(try desk.jo.undo()?.isRecalled == true)
        #expect(try await meet([desk.jo]).map(\.sent) == [0])
        #expect(try await desk.server.store.document(set) == nil)
        #expect(try desk.jo.redo() != nil)
        #expect(try await meet([desk.jo]).map(\.sent) == [1])
    }
}

@Suite("Private notes and servers that do not have them")
struct PrivateNoteServerTests {
    /// What a server of before makes of a request for a private set: it knows no `of`.
    @Sendable private static func withoutSets(_ line: [UInt8]) -> [[UInt8]] {
        let text = String(decoding: line, as: UTF8.self)
        guard text.hasPrefix(#"{"t":"docs""#), let of = text.firstRange(of: #","of":""#) else {
            return [line]
        }
        let end = text.index(of.upperBound, offsetBy: 33)
        return [Array((text[..<of.lowerBound] + text[end...]).utf8)]
    }

    @Test("A server of before takes all else; they wait with the reason, and go out to a later one")
    func older() async throws {
        var desk = try await SimulatedDesk()
        desk.server.alteration = Self.withoutSets
        try desk.note("Walls", "doubtful", isPrivate: true, by: desk.jo)
        try desk.note("Rivers", "for all", by: desk.jo)
        for count in [1, 0] {
            let report = try await desk.server.sync(desk.jo)
            #expect(report.sent == count && report.failures.isEmpty && report.refused == 0)
            #expect(
                report.postponed == ["private notes stay here: the server does not take any"])
        }
        #expect(try desk.jo.outbox().map(\.isPrivate) == [true])
        #expect(try desk.jo.view(desk.article).notes.count == 2)
        desk.server.alteration = nil
        let report = try await desk.server.sync(desk.jo)
        #expect(report.sent == 1 && report.postponed.isEmpty)
    }

    @Test("A server whose backup is older than the set gets all of it back")
    func restored() async throws {
        try await SimulatedDesk.withBackups(signs: true) { desk, backup, restore in
            try await backup()
            try desk.note("Walls", "doubtful", isPrivate: true, by: desk.jo)
            try await desk.server.sync(desk.jo)
            let article = try desk.jo.addArticle(name: "wall", title: "", text: "Stones.").id
            _ = try desk.jo.annotate(
                article, at: 0..<6, body: "which?", isPrivate: true, command: "note")
            try await desk.server.sync(desk.jo)
            let before = try desk.sight(desk.jo)
            try await restore(&desk)
            let report = try await desk.server.sync(desk.jo)
            #expect(report.failures.isEmpty && report.refused == 0)
            #expect(try desk.jo.outbox().isEmpty)
            #expect(try desk.sight(desk.jo) == before)
            for id in [desk.article, article] {
                let log = try await desk.server.log(of: .privateSet(of: id, for: "jo"))
                #expect(log.count == 1)
            }
        }
    }
}

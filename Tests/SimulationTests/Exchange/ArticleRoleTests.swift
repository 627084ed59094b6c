import GlossCore
import Testing

@testable import GlossClient

@Suite("Somebody who has another role on an article than in the library")
struct ArticleRoleTests {
    let desk: SimulatedDesk

    init() async throws {
        desk = try await SimulatedDesk()
        try await desk.server.sync(desk.jo)
    }

    private func role() throws -> Role? {
        try desk.jo.articles().first { $0.id == desk.article }?.role
    }

    /// Has jo edit the article without a server; gives why that is not allowed.
    private func edit() throws -> ClientError? {
        do {
            try desk.edit("Rivers", "Streams", by: desk.jo)
            return nil
        } catch let error as ClientError { return error }
    }

    @Test("A higher one is known after a sync, and allows what the library's does not")
    func higher() async throws {
        try await desk.server.setRole(.reader, of: "jo")
        try await desk.server.setRole(.editor, of: "jo", on: desk.article)
        try await desk.server.sync(desk.jo)
        #expect(try desk.jo.profile().role == .reader)
        #expect(try role() == .editor)
        #expect(try edit() == nil)
        try desk.note("Walls", "which ones?", by: desk.jo)
        let report = try await desk.server.sync(desk.jo)
        #expect(report.sent > 0 && report.refused == 0)
        try await desk.server.sync(desk.mira)
        #expect(try desk.mira.view(desk.article).text.contains("Streams"))
    }

    @Test("A lower one is known after a sync, and stops what the server would refuse")
    func lower() async throws {
        try await desk.server.setRole(.reviewer, of: "jo", on: desk.article)
        try await desk.server.sync(desk.jo)
        #expect(try desk.jo.profile().role == .editor)
        #expect(try role() == .reviewer)
        #expect(try edit()?.code == .notAllowed)
        #expect(try desk.jo.outbox().isEmpty)
        // On what was made here the library's holds until the server has said another.
        #expect(try desk.jo.addArticle(name: "lake", title: "", text: "Still.").role == .editor)
    }

    @Test("Who watches knows of a change at once, in the library and on the article")
    func watching() async throws {
        var watch = Watch(of: desk.jo, on: desk.server)
        await watch.settle()
        try await desk.server.setRole(.reader, of: "jo", on: desk.article)
        try await desk.server.setRole(.owner, of: "jo")
        while try role() != .reader || desk.jo.profile().role != .owner { await Task.yield() }
        #expect(try edit()?.code == .notAllowed)
        _ = try await watch.end()
    }
}

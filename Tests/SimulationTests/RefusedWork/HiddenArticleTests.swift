import GlossCore
import TestSupport
import Testing

@testable import GlossClient

@Suite("Somebody who worked offline on an article that was hidden from them meanwhile")
struct HiddenArticleTests {
    let desk: SimulatedDesk

    init() async throws {
        desk = try await SimulatedDesk()
        try desk.edit("Walls", "Dams", by: desk.jo)
        try await desk.server.sync(desk.jo)
        try desk.note("Rivers", "all of them?", by: desk.jo)
    }

    @Test("A sync says so, syncs the rest, and leaves everything as it was")
    func sync() async throws {
        let other = try desk.mira.addArticle(name: "lake", title: "", text: "Still water.").id
        try await desk.server.sync(desk.mira)
        try await desk.server.setRole(nil, of: "jo", on: desk.article)
        let before = try desk.sight(desk.jo)
        for _ in 0..<2 {
            let report = try await desk.server.sync(desk.jo)
            #expect(report.failures.map(\.document) == [desk.article])
            #expect(report.failures.allSatisfy { $0.message.contains("may not read it") })
            #expect(report.sent == 0 && report.returned == 0 && report.refused == 0)
        }
        #expect(try desk.sight(desk.jo) == before)
        #expect(try desk.jo.outbox().count == 1)
        #expect(try desk.jo.view(other).text == "Still water.")
    }

    @Test("All of it is sent once they may read it again")
    func again() async throws {
        try await desk.server.setRole(nil, of: "jo", on: desk.article)
        try await desk.server.sync(desk.jo)
        try await desk.server.setRole(.reviewer, of: "jo", on: desk.article)
        let report = try await desk.server.sync(desk.jo)
        #expect(report.failures.isEmpty && report.sent == 1)
        try await desk.server.sync(desk.mira)
        #expect(try desk.sight(desk.mira) == desk.sight(desk.jo))
    }
}

import GlossCore
import GlossProtocol
import TestSupport
import Testing

@testable import GlossClient

@Suite("An article whose copy differs from the server's, also when it is read anew")
struct DivergedArticleTests {
    /// Says another checksum than that of the article's log.
    private static func falsifying(_ article: DocumentID) -> Wire.Alteration {
        { line in
            guard case .live(var live)? = try? ServerMessage.decode(line), live.doc == article
            else { return [line] }
            live.sum.rawValue &+= 1
            return [ServerMessage.live(live).encode()]
        }
    }

    @Test("It is given up, and what is made of the others goes out", .timeLimit(.minutes(1)))
    func others() async throws {
        var desk = try await SimulatedDesk()
        let mira = desk.mira
        let other = try mira.addArticle(name: "lake", title: "", text: "Still water.").id
        try await desk.server.sync(mira)
        desk.server.alteration = Self.falsifying(desk.article)
        var watch = Watch(of: mira, on: desk.server)
        let told = await watch.settle().compactMap { event -> String? in
            if case .failed(desk.article, let message) = event { message } else { nil }
        }
        #expect(told.count == 1 && told.allSatisfy { $0.contains("differs") })
        try desk.edit("Walls", "Dams", by: mira)
        let view = try mira.view(other)
        _ = try mira.edit(
            other, [TextEdit(0..<5, "Deep")], at: view.version, message: nil, command: "edit")
        await watch.wait { if case .acknowledged = $0 { true } else { false } }
        let report = try await watch.end()
        #expect(report.failures.map(\.document) == [desk.article])
        #expect(report.sent == 1)
        #expect(try mira.outbox().map(\.document) == [desk.article])

        desk.server.alteration = nil
        #expect(try await desk.server.sync(mira).sent == 1)
        try await desk.server.sync(desk.jo)
        #expect(try desk.sight(mira) == desk.sight(desk.jo))
    }
}

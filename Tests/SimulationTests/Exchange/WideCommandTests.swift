import GlossCore
import TestSupport
import Testing

@testable import GlossClient

@Suite("A command over more articles than a push may have")
struct WideCommandTests {
    @Test("It goes out in several pushes, and nothing of it is refused")
    func several() async throws {
        let desk = try await SimulatedDesk()
        let articles = try (0..<20).map {
            try desk.mira.addArticle(name: "article-\($0)", title: "", text: "Still water.").id
        }
        for article in articles {
            _ = try desk.mira.annotate(
                article, at: 0..<5, body: "", proposal: "Calm", isPrivate: false, command: "suggest"
            )
        }
        for library in [desk.mira, desk.jo] { try await desk.server.sync(library) }
        let open = try articles.flatMap { article in
            try desk.jo.view(article).notes.map { try desk.jo.note(desk.jo.shortID(of: $0.id)) }
        }
        let accepted = try desk.jo.accept(open, message: nil, command: "accept --all").accepted
        #expect(accepted.count == 20)
        let report = try await desk.server.sync(desk.jo)
        #expect(report.refused == 0 && report.failures.isEmpty, "\(report)")
        #expect(try desk.jo.outbox().isEmpty)
        try await desk.server.sync(desk.mira)
        for article in articles {
            #expect(try desk.mira.view(article).text == "Calm water.")
        }
    }
}

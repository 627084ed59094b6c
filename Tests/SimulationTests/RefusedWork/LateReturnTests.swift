import GlossCore
import TestSupport
import Testing

@testable import GlossClient

@Suite("Signed work on an article that a restored server does not let be read at first")
struct LateReturnTests {
    @Test("It is given back in a watch once the article is there", .timeLimit(.minutes(1)))
    func lostArticle() async throws {
        try await SimulatedDesk.withBackups(signs: true) { desk, backup, restore in
            try await desk.server.setRole(.reviewer, of: "jo")
            try await desk.server.sync(desk.jo)
            try await backup()
            let lake = try desk.mira.addArticle(name: "lake", title: "", text: "Still water.").id
            for library in [desk.mira, desk.jo] { try await desk.server.sync(library) }
            _ = try desk.jo.annotate(lake, at: 0..<5, body: "calm?", command: "note")
            for _ in 0..<2 { try await desk.server.sync(desk.jo) }
            try await restore(&desk)
            var watch = Watch(of: desk.jo, on: desk.server)
            await watch.wait { if case .failed = $0 { true } else { false } }
            // Mira has the article, and never had jo's note.
            try await desk.server.sync(desk.mira)
            repeat {
                await Task.yield()
                try await desk.server.sync(desk.mira)
            } while try desk.mira.view(lake).notes.isEmpty
            let report = try await watch.end()
            #expect(report.failures.isEmpty && report.returned > 0, "\(report)")
        }
    }
}

import Foundation
import Testing

extension EndToEnd {
    /// `gloss who`, and what `gloss sync --watch` says of others.
    @Suite("Who is here")
    struct PresenceCommandTests {
        @Test("Who watches is seen where they worked last, and told who comes and goes")
        func watching() async throws {
            let (_, server, mira, jo) = try await Start.together()
            #expect(try await jo.gloss("who").errors.contains("Nobody is here."))
            let watch = try mira.start("sync", "--watch")
            await watch.wait { $0.errorText.contains("connected to") }
            try await mira.note("piece", Sample.words[0], "Or confine?")
            var seen: [JSON] = []
            while !seen.contains(where: { $0["paragraph"] != .null }) {
                seen = try await jo.objects("who", "piece")
            }
            #expect(seen.count == 1)
            #expect(seen.first?["schema"] == .string("gloss.visitor/1"))
            #expect(seen.first?["user"] == .string("mira"))
            #expect(seen.first?["mine"] == .bool(false))
            #expect(seen.first?["article"] == .string("piece"))

            try await jo.gloss("show", "piece")
            let other = try jo.start("sync", "--watch")
            await other.wait { $0.errorText.contains("mira (") }
            await watch.wait { $0.errorText.contains("jo (") }
            other.signal(SIGINT)
            #expect(await other.end().ending == .exited(130))
            await watch.wait { $0.errorText.contains("has left") }
            watch.signal(SIGINT)
            #expect(await watch.end().ending == .exited(130))

            #expect(try await jo.attempt("who", "nothing").status == 4)
            await server.kill()
            #expect(try await jo.attempt("who").status == 6)
        }
    }
}

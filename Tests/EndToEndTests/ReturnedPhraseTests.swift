import Foundation
import Testing

extension EndToEnd {
    /// Corrections that were accepted once must not be lost unnoticed.
    @Suite("What was corrected and comes back is reported")
    struct ReturnedPhraseTests {
        let desk: Desk
        let mira: Person
        let first = "Off we go to Greter Syria.\n\nWe stayed in Syria for teh winter.\n"

        init() async throws {
            desk = try Desk()
            mira = Person("mira", at: desk)
            try await mira.initialize()
            try desk.write(first, to: "piece.txt")
            try await mira.gloss("add", "piece.txt", "--name", "piece")
            for (wrong, right) in [("Greter Syria", "Greater Syria"), ("teh", "the")] {
                let made = try await mira.objects("suggest", "piece", wrong, "--to", right)
                let id = try #require(made.first?["id"].string)
                try await mira.gloss("accept", id)
            }
        }

        /// The corrected words that an article holds all the same, as `ready` lists them.
        private func returned(in article: String) async throws -> [String] {
            let ran = try await mira.attempt("ready", article, "--json")
            return try ran.objects().filter { $0["suggestion"].string != nil }
                .compactMap { $0["words"].string }
        }

        @Test("A newer version that brings them back says so, and the article is not ready")
        func update() async throws {
            try await mira.gloss("ready", "piece")
            let path = try desk.write(
                first + "\nGreter  Syria again, and Syria.\n", to: "newer.txt")
            let said = try await mira.gloss("add", path, "--name", "piece", "--update").output
            #expect(said.contains("came back"))
            let ready = try await mira.attempt("ready", "piece")
            #expect(ready.status == 3)
            #expect(ready.output.contains("was corrected to “Greater Syria” in piece"))
            #expect(ready.errors.contains("3 corrected phrases"))
            #expect(
                try await returned(in: "piece") == ["Greter Syria", "teh", "Greter  Syria"])
        }

        @Test(
            "Another article with the same wrong words is told when it is added, but no right words"
        )
        func otherArticle() async throws {
            let path = try desk.write(
                "In Greater Syria, tehran and Syria.\n\nIn Greter Syria.\n", to: "other.txt")
            let said = try await mira.gloss("add", path, "--name", "other")
            #expect(said.output.contains("came back  other p2  “Greter Syria”"))
            #expect(try await returned(in: "other") == ["Greter Syria"])
            #expect(try await returned(in: "piece").isEmpty)
        }

        @Test("A note tagged stet lets them stand, a suggestion is on its way")
        func settled() async throws {
            let path = try desk.write("Greter Syria.\n\nIn teh end.\n", to: "other.txt")
            try await mira.gloss("add", path, "--name", "other")
            #expect(try await returned(in: "other") == ["Greter Syria", "teh"])
            try await mira.gloss("note", "other", "Greter Syria", "--bare", "-t", "stet")
            #expect(try await returned(in: "other") == ["teh"])
            try await mira.gloss("suggest", "other", "teh", "--to", "the")
            #expect(try await returned(in: "other").isEmpty)
        }

        @Test("A single word that may be right elsewhere counts with its neighbours")
        func singleWord() async throws {
            let made = try await mira.objects("suggest", "piece", "stayed", "--to", "wintered")
            try await mira.gloss("accept", try #require(made.first?["id"].string))
            let path = try desk.write("They stayed.\n\nWe stayed in town.\n", to: "other.txt")
            try await mira.gloss("add", path, "--name", "other")
            #expect(try await returned(in: "other") == ["We stayed in"])
        }

        @Test("A sync that brings in another article with the same wrong words says so")
        func merged() async throws {
            let server = GlossServerProcess(desk)
            try await server.start()
            try await mira.gloss("join", server.firstInvitation(), "--as", "mira")
            try await mira.gloss("sync")
            let jo = Person("jo", at: desk)
            try await jo.join(server.invite())
            let path = try desk.write("Home from Greter Syria.\n", to: "home.txt")
            let added = try await jo.gloss("add", path, "--name", "home").output
            #expect(added.contains("came back  home p1  “Greter Syria”"))
            try await jo.gloss("sync")
            let synced = try await mira.gloss("sync").output
            #expect(synced.contains("came back  home p1  “Greter Syria”"))
        }
    }
}

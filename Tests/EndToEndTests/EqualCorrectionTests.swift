import Foundation
import Testing

extension EndToEnd {
    /// Two people who mend the same words offline.
    @Suite("What two correct alike is one correction")
    struct EqualCorrectionTests {
        let desk: Desk
        let server: GlossServerProcess
        let mira: Person
        let jo: Person

        init() async throws {
            (desk, server, mira, jo) = try await Start.together(
                "The quick brwon fox\n\njumps over teh dog.\n", named: "fox")
        }

        /// Both tell each other what they did, and see the same.
        private func meet() async throws -> String {
            for person in [mira, jo, mira] { try await person.gloss("sync") }
            let text = try await mira.gloss("export", "fox").output
            #expect(try await jo.gloss("export", "fox").output == text)
            return text
        }

        @Test("Typing errors that both mended are mended once, and nobody is asked")
        func typos() async throws {
            let path = try desk.write(
                "The quick brown fox\n\njumps over the dog.\n", to: "mended.txt")
            for person in [mira, jo] { try await person.gloss("edit", "fox", "-F", path) }
            #expect(try await meet() == "The quick brown fox\n\njumps over the dog.\n")
            #expect(try await jo.objects("conflicts").isEmpty)
            try await mira.gloss("undo")
            #expect(try await meet() == "The quick brown fox\n\njumps over the dog.\n")
        }

        @Test("A newer version that both brought in, with a paragraph moved, stands once")
        func update() async throws {
            let newer = "jumps over teh dog.\n\nThe quick brwon fox\n\nA new paragraph.\n"
            let path = try desk.write(newer, to: "newer.txt")
            for person in [mira, jo] {
                try await person.gloss("add", path, "--name", "fox", "--update")
            }
            #expect(try await meet() == newer)
            #expect(try await jo.objects("conflicts").isEmpty)
        }
    }
}

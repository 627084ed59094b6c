import Foundation
import Testing

extension EndToEnd {
    /// Notes whose words are moved, or go and come back elsewhere.
    @Suite("Notes go with their words")
    struct MovedNotesTests {
        let desk: Desk
        let mira: Person
        let text = """
            Walls hold the water back. Rivers do not ask for leave.

            The dike is older than the town.

            """

        init() async throws {
            (desk, mira) = try await Start.alone(text)
        }

        private func edit(_ text: String) async throws {
            let path = try desk.write(text, to: "new.txt")
            try await mira.gloss("edit", "piece", "-F", path)
        }

        @Test("A sentence that is cut and pasted takes its note along, and undo brings both back")
        func moved() async throws {
            let note = try await mira.note("piece", "do not ask", "Really?")
            try await edit(
                """
                Walls hold the water back.

                The dike is older than the town. Rivers do not ask for leave.

                """)
            let after = try #require(try await mira.objects("thread", note).first)
            #expect(after["state"] == .string("moved"))
            #expect(after["words"] == .string("do not ask"))
            #expect(after["paragraph"] == .number(2))
            let shown = try await mira.gloss("thread", note).output
            #expect(shown.contains("moved; now “do not ask”"))
            try await mira.gloss("undo")
            let before = try #require(try await mira.objects("thread", note).first)
            #expect(before["state"] == .string("anchored"))
            #expect(before["paragraph"] == .number(1))
        }

        @Test(
            "A note whose words went and were typed again elsewhere is offered them, and attached")
        func attached() async throws {
            let note = try await mira.note("piece", "older than the town", "Sure?")
            try await edit("Walls hold the water back. Rivers do not ask for leave.\n")
            let gone = try await mira.gloss("thread", note).output
            #expect(gone.contains("these words are gone"))
            let refused = try await mira.attempt("attach", note)
            #expect(refused.status == 4, "\(refused)")
            try await edit(
                """
                That wall is older than the town.

                Walls hold the water back. Rivers do not ask for leave.

                """)
            let loose = try #require(try await mira.objects("thread", note).first)
            #expect(loose["state"] == .string("collapsed"))
            let offered = try await mira.gloss("thread", note).output
            #expect(offered.contains("the same words stand in p1"))
            #expect(offered.contains("gloss attach \(note)"))
            try await mira.gloss("attach", note, "-m", "typed again")
            let back = try #require(try await mira.objects("thread", note).first)
            #expect(back["state"] == .string("anchored"))
            #expect(back["words"] == .string("older than the town"))
            let again = try await mira.gloss("attach", note)
            #expect(again.errors.contains("nothing was written"))
            try await mira.gloss("attach", note, "Rivers do not")
            let other = try #require(try await mira.objects("thread", note).first)
            #expect(other["words"] == .string("Rivers do not"))
            try await mira.gloss("undo")
            let undone = try #require(try await mira.objects("thread", note).first)
            #expect(undone["words"] == .string("older than the town"))
        }

        @Test("A newer version of the file says what became of every note")
        func updated() async throws {
            var notes: [String: String] = [:]
            for words in ["Walls hold", "do not ask", "water", "leave", "the town"] {
                notes[words] = try await mira.note("piece", words, "?")
            }
            let path = try desk.write(
                """
                Walls hold the sea back. Nobody knows the town.

                The dike is older than the town hall, and the town knows. Rivers do not ask for it.

                """, to: "newer.txt")
            let ran = try await mira.gloss("add", path, "--update", "--name", "piece", "--json")
            let report = try #require(try ran.objects().first)
            #expect(report["kept"] == .number(2), "\(ran)")
            var fates: [String: String] = [:]
            for object in report["notes"].array {
                fates[object["quote"].string ?? ""] = object["fate"].string
            }
            #expect(fates["do not ask"] == "moved", "\(ran)")
            #expect(fates["water"] == "rewritten", "\(ran)")
            #expect(fates["leave"] != nil, "\(ran)")
            #expect(fates["Walls hold"] == nil && fates["the town"] == nil, "\(ran)")
            let shown = try await mira.gloss("export", "piece").output
            #expect(try desk.read("newer.txt") == shown)
            let again = try await mira.gloss("add", path, "--update", "--name", "piece")
            #expect(again.output.hasPrefix("unchanged"), "\(again)")
            try await mira.gloss("undo")
            #expect(try await mira.gloss("export", "piece").output == text)
            for (arguments, status) in [
                (["add", path, "--update", "--name", "none"], Int32(4)),
                (["add", path, "--update", "--title", "T"], 64), (["add", path, "-m", "why"], 64),
            ] {
                let refused = try await mira.attempt(arguments)
                #expect(refused.status == status, "\(refused)")
            }
        }

        @Test("A note on several places stands on each of them, and follows each")
        func severalPlaces() async throws {
            let made = try await mira.objects(
                "note", "piece", "Walls", "--also", "The dike", "-m", "Which of the two?")
            let note = try #require(made.first?["id"].string)
            #expect(made.first?["state"] == .string("anchored"))
            try await edit("Strong Walls hold the water back.\n\nIndeed. The dike is older.\n")
            let after = try #require(try await mira.objects("thread", note).first)
            #expect(after["state"] == .string("anchored"))
            #expect(after["ranges"].array.count == 2)
            #expect(after["words"] == .string("Walls … The dike"))
            let wrong = try await mira.attempt("note", "piece", "--also", "Walls", "-m", "x")
            #expect(wrong.status == 64)
        }
    }
}

import Foundation
import Testing

extension EndToEnd {
    /// A desk that checks facts: `note --kind`, `check`, `ready`, `blame` and `inbox`.
    @Suite("Checking facts")
    struct CheckCommandTests {
        let desk: Desk
        let mira: Person
        let jo: Person
        let server: GlossServerProcess

        init() async throws {
            (desk, server, mira, jo) = try await Start.together(
                """
                Walls hold the water back. In 1953 the dike broke.

                About 1,800 people drowned.

                """, jo: "reviewer")
        }

        private func meet() async throws {
            for person in [mira, jo, mira] { try await person.gloss("sync") }
        }

        private func mark(_ words: String, _ kind: String) async throws -> String {
            let made = try await mira.objects("note", "piece", words, "--kind", kind)
            return try #require(made.first?["id"].string)
        }

        private func edit(_ words: String, _ replacement: String) async throws {
            let text = try await mira.gloss("export", "piece").output
            let changed = text.replacingOccurrences(of: words, with: replacement)
            try await mira.gloss("edit", "piece", "-F", "-", "-m", "newer", input: changed)
        }

        @Test(
            "A reviewer checks what an editor marked; an edit makes it stale, until it is confirmed"
        )
        func life() async throws {
            let fact = try await mark("1,800 people", "fact")
            try await meet()
            let open = try await jo.attempt("ready", "piece")
            #expect(open.status == 3 && open.errors.contains("1 check"), "\(open)")
            #expect(open.output.contains("fact unchecked"), "\(open)")
            let checked = try await jo.gloss(
                "check", fact, "confirmed", "--source", "Archive https://example.org/a", "--page",
                "12", "-m", "rounded")
            #expect(checked.output.contains("fact, confirmed"), "\(checked)")
            try await meet()
            #expect(try await mira.attempt("ready", "piece").status == 0)

            try await edit("1,800", "1,836")
            let thread = try await mira.gloss("thread", fact).output
            #expect(thread.contains("confirmed by jo"), "\(thread)")
            #expect(thread.contains("Archive, https://example.org/a, p. 12; “rounded”"))
            #expect(thread.contains("stale: 1,[-800-]{+836+} people"), "\(thread)")
            let shown = try await mira.gloss("show", "piece").output
            #expect(shown.contains("1 stale check") && shown.contains("stale: 1,[-800-]{+836+}"))
            try await mira.gloss("done", fact)
            let stale = try await mira.attempt("ready", "piece", "--json")
            #expect(stale.status == 3, "a stale check keeps a note that is done: \(stale)")
            let check = try #require(try stale.objects().first)["check"]
            #expect(check["state"] == .string("stale") && check["verdict"] == .string("confirmed"))
            #expect(check["then"] == .string("1,800 people"))
            #expect(check["now"] == .string("1,836 people"))
            #expect(check["evidence"].array.first?["page"] == .string("12"))
            #expect(try await mira.objects("notes", "--stale").count == 1)

            try await mira.gloss("sync")
            try await jo.gloss("sync")
            let tried = try await jo.gloss("check", fact, "--again", "-n")
            #expect(tried.output.contains("1,[-800-]{+836+} people"), "\(tried)")
            #expect(try await jo.objects("notes", "--stale").count == 1)
            let again = try await jo.gloss("check", fact, "--again")
            #expect(again.output.contains("1,[-800-]{+836+} people"), "\(again)")
            let nothing = try await jo.gloss("check", fact, "--again")
            #expect(nothing.output.isEmpty && nothing.errors.contains("nothing to confirm"))
            #expect(try await jo.objects("history").count == 2)
            try await jo.gloss("undo")
            #expect(try await jo.objects("notes", "--stale").count == 1)
            try await jo.gloss("redo")
            try await meet()
            #expect(try await mira.attempt("ready", "piece").status == 0)
            let blame = try await mira.gloss("blame", "piece", "people").output
            #expect(blame.contains("\(fact)  confirmed by jo"), "\(blame)")
            let told = try await mira.objects("blame", "piece", "people")
            let found = try #require(told.first { $0["note"] == .string(fact) })
            #expect(found["verdict"] == .string("confirmed"), "\(found)")
            let undone = try await mira.gloss("undo")
            #expect(undone.output.contains("done"), "\(undone)")
        }

        @Test("Two verdicts are one conflict under one name, and the answer reaches who lost")
        func conflict() async throws {
            let claim = try await mark("In 1953 the dike broke", "claim")
            try await meet()
            try await mira.gloss("check", claim, "confirmed")
            try await jo.gloss("check", claim, "misleading", "--source", "Film", "--time", "12:30")
            try await meet()
            let mine = try await mira.objects("conflicts")
            #expect(try await jo.objects("conflicts").map(\.["key"]) == mine.map(\.["key"]))
            let id = try #require(mine.first?["id"].string)
            let card = try await mira.gloss("conflicts", "show", id).output
                .replacing(/\s+/, with: " ")
            #expect(
                card.contains("misleading on: In 1953 the dike broke; Film, 00:12:30"), "\(card)")
            try await jo.gloss("inbox", "--seen")
            try await mira.gloss("resolve", id, "--take", "mine", "--why", "film is cut")
            try await meet()
            let inbox = try await jo.gloss("inbox").output.replacing(/\s+/, with: " ")
            #expect(inbox.contains("settled check of note \(claim)"), "\(inbox)")
            #expect(inbox.contains("took “confirmed on: In 1953 the dike broke”"), "\(inbox)")
            #expect(inbox.contains("why: “film is cut”"), "\(inbox)")
            #expect(try await mira.attempt("ready", "piece").status == 0)
        }

        @Test("The inbox lists what others did over all articles, until it was seen")
        func inbox() async throws {
            let new = try await jo.gloss("inbox")
            #expect(new.output.contains("piece   new to you"), "\(new)")
            #expect(try await jo.objects("inbox").first?["what"] == .string("article"))
            let fact = try await mark("1,800 people", "fact")
            try await meet()
            try await jo.gloss("check", fact, "confirmed")
            try await jo.gloss("show", "piece")
            #expect(try await jo.gloss("inbox").errors.contains("Nothing new"))
            try await edit("1,800", "1,836")
            try await mira.gloss("reply", fact, "-m", "the later figure")
            try await meet()
            let status = try #require(try await jo.objects("status").first)
            #expect(status["unread"] == .number(2))
            let found = try await jo.objects("inbox", "piece")
            #expect(found.map { $0["what"].string } == ["stale", "answered", "text"])
            #expect(found[0]["check"]["now"] == .string("1,836 people"))
            #expect(found[2]["message"] == .string("newer"))
            let ran = try await jo.gloss("inbox", "--seen", "-n")
            #expect(ran.output.contains("stale      \(fact) p2  1,[-800-]{+836+} people"), "\(ran)")
            #expect(try await jo.objects("inbox").count == 3, "with -n nothing is marked")
            try await jo.gloss("inbox", "--seen")
            #expect(try await jo.objects("inbox").isEmpty)
            #expect(try await jo.gloss("diff", "piece").output.isEmpty, "there is one mark")
            let of = try await mira.objects("inbox")
            #expect(of.map { $0["what"].string } == ["stale", "checked"])
            _ = await server.stop()
            #expect(try await mira.objects("inbox").count == 2, "no network is needed")
        }

        @Test("What is no verdict, no evidence and no claim is refused, with what would work")
        func refusals() async throws {
            let fact = try await mark("1,800 people", "fact")
            let plain = try await mira.note("piece", "1953", "hm")
            for (words, status, text) in [
                (["check", fact], Int32(64), "Give a verdict"),
                (["check", fact, "confirmd"], 64, "gloss check \(fact) confirmed"),
                (["check", fact, "--again"], 64, "Nobody has checked"),
                (["check", fact, "wrong", "--again"], 64, "stand alone"),
                (["check", fact, "wrong", "--page", "3"], 64, "as many --page"),
                (["check", fact, "wrong", "--source", "http:/x"], 64, "no URL"),
                (["check", fact, "wrong", "--source", "x", "--time", "12"], 64, "no time code"),
                (["check", plain, "wrong"], 64, "--kind claim"),
                (["check", "zzzzzz", "wrong"], 4, "no note"),
                (["note", "piece", "--kind", "claim"], 64, "say which"),
                (["note", "piece", "1953", "--kind", "rumour"], 64, "rumour"),
            ] {
                let ran = try await mira.attempt(words)
                #expect(ran.status == status && ran.errors.contains(text), "\(ran)")
            }
            try await edit("\n\nAbout 1,800 people drowned.", "")
            let gone = try await mira.attempt("check", fact, "wrong")
            #expect(gone.status == 5 && gone.errors.contains("are gone"), "\(gone)")
            #expect(try await mira.objects("inbox").isEmpty)
        }
    }
}

import Foundation
import Testing

extension EndToEnd {
    /// What was, and who did it: `log`, `show --at`, `diff`, `blame`.
    @Suite("Looking back")
    struct TimeTests {
        let desk: Desk
        let mira: Person

        init() async throws {
            (desk, mira) = try await Start.alone()
        }

        private func edit(_ words: String, _ replacement: String) async throws {
            let text = try await mira.gloss("export", "piece").output
            let changed = text.replacingOccurrences(of: words, with: replacement)
            try await mira.gloss("edit", "piece", "-F", "-", input: changed)
        }

        @Test("Each name of the log shows text and notes as of that change")
        func versions() async throws {
            let note = try await mira.note("piece", "amber", "Why amber?")
            try await edit("amber", "opal")
            try await mira.gloss("reply", note, "-m", "because")
            let log = try await mira.objects("log", "piece")
            let names = log.compactMap(\.["id"].string)
            #expect(names.count == log.count && Set(names).count == names.count)
            let then = try await mira.gloss("show", "piece", "--at", names[2])
            #expect(then.output.contains("[amber]"), "\(then)")
            #expect(!then.output.contains("because"), "\(then)")
            #expect(then.output.contains("as of \(names[2]), you"), "\(then)")
            #expect(then.output.contains("2 changes since"), "\(then)")
            let object = try await mira.objects("show", "piece", "--at", names[1])[0]
            #expect(object["text"].string?.contains("opal") == true)
            #expect(object["as_of"]["id"] == .string(names[1]))
            #expect(object["as_of"]["later_changes"] == .number(1))
            let place = try await mira.gloss("show", "piece", "--at", names[2], "--at", "p1")
            #expect(!place.output.contains("p2"), "\(place)")
            let today = try await mira.gloss("show", "piece", "--at", "today")
            #expect(today.output.replacing(/\s+/, with: " ").contains("nothing has changed since"))

            for (point, word) in [
                ("yesterday", "did not exist"), ("zzzzzzzz", "neither"), ("whenever", "neither"),
                ("2999-01-01", "to come"),
            ] {
                let ran = try await mira.attempt("show", "piece", "--at", point)
                #expect(ran.status == 4 && ran.output.isEmpty, "\(ran)")
                #expect(ran.errors.contains(word) && ran.errors.contains("try:"), "\(ran)")
            }
            let two = try await mira.attempt("show", "piece", "--at", "today", "--at", "now")
            #expect(two.status == 64, "\(two)")
        }

        @Test("A diff starts where the article was last shown, and shows text and notes")
        func difference() async throws {
            let unread = try await mira.attempt("diff", "piece")
            #expect(unread.status == 4, "\(unread)")
            #expect(unread.errors.contains("gloss show piece"), "\(unread)")
            let note = try await mira.note("piece", "basalt", "Which?")
            for words in [
                ["show", "piece", "--json"], ["show", "piece", "--at", "p1"],
                ["show", "piece", "--notes", "none"], ["show", "piece", "--at", "now"],
            ] {
                #expect(try await mira.attempt(words).status == 0)
                #expect(try await mira.attempt("diff", "piece").status == 4, "\(words)")
            }
            try await mira.gloss("show", "piece")
            let nothing = try await mira.gloss("diff", "piece")
            #expect(nothing.output.isEmpty && nothing.errors.contains("Nothing has changed"))
            try await edit("amber", "opal")
            try await mira.gloss("reply", note, "-m", "that one")
            for _ in 0..<2 {
                let ran = try await mira.gloss("diff", "piece")
                #expect(ran.output.contains("[-amber-]{+opal+}"), "\(ran)")
                #expect(ran.output.contains("answered   \(note)"), "\(ran)")
            }
            let object = try await mira.objects("diff", "piece", "--since", "last-read")[0]
            #expect(object["schema"] == .string("gloss.diff/1"))
            #expect(object["notes"].array.count == 1)
            try await mira.gloss("show", "piece")
            #expect(try await mira.gloss("diff", "piece").output.isEmpty)
            let all = try await mira.gloss("diff", "piece", "--since", "1 hour ago").output
            #expect(all.contains("{+"), "what was made within the hour is new: \(all)")
        }

        @Test("Blame says who wrote words and whose they replaced")
        func blame() async throws {
            let before = try await mira.gloss("blame", "piece").output
            #expect(before.contains("mira"))
            try await edit("amber", "opal")
            let ran = try await mira.gloss("blame", "piece", "opal")
            #expect(ran.output.contains("opal   (mira wrote “amber”)"), "\(ran)")
            let objects = try await mira.objects("blame", "piece", "opal")
            #expect(objects.count == 1)
            #expect(objects[0]["former"]["text"] == .string("amber"))
            #expect(objects[0]["author"]["user"] == .string("mira"))
            let log = try await mira.objects("log", "piece")
            #expect(objects[0]["id"] == log[0]["id"])
            let whole = try await mira.objects("blame", "piece")
            let text = whole.compactMap(\.["text"].string).joined()
            #expect(text == Sample.article.replacingOccurrences(of: "amber", with: "opal"))
            #expect(try await mira.attempt("blame", "piece", "absent").status == 4)
        }
    }
}

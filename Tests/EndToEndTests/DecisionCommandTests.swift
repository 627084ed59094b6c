import Foundation
import Testing

extension EndToEnd {
    /// Deciding differently, settling it, and what is left, as scripts see it.
    @Suite("Decisions on the command line")
    struct DecisionCommandTests {
        let desk: Desk
        let mira: Person
        let jo: Person
        let server: GlossServerProcess

        init() async throws {
            desk = try Desk()
            mira = Person("mira", at: desk)
            jo = Person("jo", at: desk)
            server = GlossServerProcess(desk)
            try await server.start()
            try desk.write(Sample.article, to: "piece.txt")
            try await mira.join(server.firstInvitation())
            try await jo.join(server.invite())
            try await mira.gloss("add", "piece.txt", "--name", "piece")
        }

        private func meet() async throws {
            for person in [mira, jo, mira] { try await person.gloss("sync") }
        }

        private func suggest(_ words: String, _ proposal: String) async throws -> String {
            let made = try await mira.objects("suggest", "piece", words, "--to", proposal)
            try await meet()
            return try #require(made.first?["id"].string)
        }

        /// The name of the one conflict there is, the same for both.
        private func conflict(_ kind: String) async throws -> String {
            let all = try await mira.objects("conflicts")
            #expect(all.count == 1 && all.first?["kind"] == .string(kind), "\(all)")
            let others = try await jo.objects("conflicts")
            #expect(others.map { $0["key"] } == all.map { $0["key"] })
            return try #require(all.first?["id"].string)
        }

        @Test("Accepted here and rejected there, settled twice, settled at last")
        func verdict() async throws {
            let id = try await suggest("amber", "opal")
            try await jo.gloss("accept", id, "-m", "a better figure")
            try await mira.gloss("reject", id, "-m", "no source")
            try await meet()
            let name = try await conflict("verdict")
            let card = try await mira.gloss("conflicts", "show", name)
            #expect(card.output.contains("suggestion \(id) “amber” → “opal”"), "\(card)")
            #expect(card.output.contains("accepted: opal   why: “a better figure”"), "\(card)")
            #expect(card.output.contains("rejected   why: “no source”"), "\(card)")
            #expect(card.output.contains("as merged"), "\(card)")
            let list = try await mira.gloss("conflicts")
            #expect(list.output.contains("A jo accepted | B you rejected"), "\(list)")
            let already = try await jo.gloss("accept", id)
            #expect(already.output.contains("already accepted"), "\(already)")
            #expect(already.errors.contains("gloss resolve \(name)"), "\(already)")
            let wrong = try await mira.attempt("resolve", name, "--take", "both")
            #expect(wrong.status == 64, "\(wrong)")
            #expect(wrong.errors.contains("gloss resolve \(name) --take A"), "\(wrong)")
            try await mira.gloss("resolve", name, "--take", "mine", "--why", "none found")
            try await jo.gloss("resolve", name, "--take", "mine")
            try await meet()
            let second = try await conflict("resolution")
            let again = try await mira.gloss("conflicts", "show", second)
            #expect(again.output.contains("settled twice: suggestion \(id)"), "\(again)")
            let synced = try await mira.gloss("sync")
            #expect(synced.output.contains("settled twice  1   \(second): "), "\(synced)")
            #expect(synced.output.contains("you “rejected”"), "\(synced)")
            #expect(synced.output.contains("jo “accepted: opal”"), "\(synced)")
            try await mira.gloss("resolve", second, "--take", "jo", "--why", "fine")
            try await meet()
            for person in [mira, jo] {
                #expect(try await person.objects("conflicts").isEmpty)
                #expect(try await person.gloss("export", "piece").output.contains("opal"))
            }
            let stale = try await jo.attempt("resolve", second, "--take", "A")
            #expect(stale.status == 5 && stale.output.isEmpty, "\(stale)")
            #expect(stale.errors.contains("mira took"), "\(stale)")
        }

        @Test(
            "A walk through verdicts asks again for what does not fit, and takes keys",
            .enabled(if: Tool.script != nil, "needs script"))
        func walk() async throws {
            let ids = [try await suggest("amber", "opal"), try await suggest("basalt", "beryl")]
            for id in ids {
                try await jo.gloss("accept", id)
                try await mira.gloss("reject", id)
            }
            try await meet()
            #expect(try await mira.objects("conflicts", "--kind", "verdict").count == 2)
            #expect(try await mira.objects("conflicts", "--kind", "text").isEmpty)
            let ran = try await mira.terminal(
                "gloss resolve", input: "both\nB\ne\nw\nfound it\nt\nu\n0\nm\n")
            #expect(ran.status == 0, "\(ran)")
            for part in [
                "does not answer this conflict. Choose: A, B, base.",
                "takes no words of your own", "b takes version B", "settled: accepted: ",
                "settled: undecided",
                "settled: rejected", "2 settled",
            ] { #expect(ran.output.contains(part), "\(part) is not in \(ran)") }
            try await meet()
            for person in [mira, jo] {
                #expect(try await person.objects("conflicts").isEmpty)
                let text = try await person.gloss("export", "piece").output
                #expect(text == Sample.article)
            }
        }

        @Test("What is ready, and what is not, is told by the exit code, too")
        func ready() async throws {
            let clean = try await mira.attempt("ready", "piece")
            #expect(clean.status == 0 && clean.output.isEmpty, "\(clean)")
            let id = try await suggest("amber", "opal")
            let note = try await mira.note("piece", "basalt", "Really?")
            let open = try await mira.attempt("ready", "piece")
            #expect(open.status == 3, "\(open)")
            #expect(open.output.contains(id) && open.output.contains(note), "\(open)")
            #expect(open.errors.contains("1 suggestion, 1 question"), "\(open)")
            let json = try await mira.attempt("ready", "piece", "--json")
            #expect(json.status == 3, "\(json)")
            let objects = try json.objects()
            #expect(
                objects.map { $0["schema"].string } == [
                    "gloss.note/1", "gloss.note/1", "gloss.ready/1",
                ])
            let last = try #require(objects.last)
            #expect(last["ready"] == .bool(false) && last["conflicts"] == .number(0))
            #expect(last["suggestions"] == .number(1) && last["questions"] == .number(1))
            try await mira.gloss("accept", id)
            try await mira.gloss("done", note)
            #expect(try await mira.attempt("ready", "piece").status == 0)
            #expect(try await mira.attempt("ready", "nothing").status == 4)
        }

        @Test("A suggestion whose words have changed shows both and is left alone")
        func changed() async throws {
            let id = try await suggest("amber basalt cedar", "opal")
            let text = Sample.article.replacingOccurrences(of: "basalt", with: "beryl")
            try desk.write(text, to: "corrected.txt")
            try await jo.gloss("edit", "piece", "-F", "corrected.txt")
            try await meet()
            let refused = try await mira.attempt("accept", id)
            #expect(refused.status == 5, "\(refused)")
            #expect(refused.output.contains("it was on “amber basalt cedar”"), "\(refused)")
            #expect(refused.output.contains("“amber beryl cedar” now"), "\(refused)")
            #expect(refused.errors.contains("gloss accept \(id) --yes"), "\(refused)")
            let thread = try await mira.gloss("thread", id)
            #expect(thread.output.contains("now “amber beryl cedar”"), "\(thread)")
            try await mira.gloss("accept", id, "--yes")
            #expect(try await mira.gloss("export", "piece").output.contains("opal"))
            let out = try await mira.gloss("reject", id)
            #expect(out.errors.contains("out of the text again"), "\(out)")
        }

        @Test("Suggestions are decided on in batches: one step, asked about, tried out")
        func batches() async throws {
            var ids: [String] = []
            for word in ["amber", "basalt", "cedar", "delta"] {
                ids.append(try await suggest(word, "x" + word))
            }
            let wide = try await suggest("amber basalt", "both")
            let asked = try await jo.attempt("accept", "--by", "mira")
            #expect(asked.status == 64 && asked.errors.contains("--yes"), "\(asked)")
            let tried = try await jo.gloss("accept", "--all", "-n")
            #expect(tried.output.contains("would be accepted  \(ids[2])"), "\(tried)")
            #expect(try await jo.gloss("accept", "--by", "jo").errors.contains("No open"))
            let both = try await jo.attempt("accept", ids[0], "--all")
            #expect(both.status == 64, "\(both)")
            let done = try await jo.objects("accept", "--by", "mira", "--article", "piece", "--yes")
            let accepted = done[0]["accepted"].array.compactMap(\.string)
            let left = done[0]["overlapping"].array.compactMap(\.string)
            #expect(Set(accepted + left) == Set(ids + [wide]) && !left.isEmpty, "\(done)")
            #expect(try await jo.objects("conflicts").isEmpty)
            try await jo.gloss("undo")
            #expect(try await jo.gloss("export", "piece").output == Sample.article)
            let one = try await jo.gloss("accept", ids[0])
            #expect(one.errors.contains("\(wide) is on the same words and open"), "\(one)")
            try await jo.gloss("undo")
            try await jo.gloss("reject", "--article", "piece", "--yes", "-m", "later")
            #expect(try await jo.attempt("ready", "piece").status == 0)
            try await jo.gloss("undo")
            #expect(try await jo.attempt("ready", "piece").status == 3)
        }

        @Test("Editing what is in conflict settles it, says so once, and in JSON")
        func alsoSettled() async throws {
            let note = try await mira.note("piece", "amber", "Why?")
            try await meet()
            try await mira.gloss("edit", note, "-m", "mira's")
            try await jo.gloss("edit", note, "-m", "jo's")
            try await meet()
            let name = try await conflict("value")
            let tried = try await mira.gloss("edit", note, "-m", "ours", "-n")
            #expect(tried.errors.contains("would also settle conflict \(name)"), "\(tried)")
            let object = try await mira.objects("edit", note, "-m", "ours")[0]
            #expect(object["settled"] == .array([.string(name)]))
            try await mira.gloss("undo")
            try await meet()
            let again = try await conflict("value")
            let ran = try await mira.gloss("edit", note, "-m", "ours")
            #expect(
                ran.errors.components(separatedBy: "settled conflict \(again)").count == 2, "\(ran)"
            )
            let quiet = try await mira.gloss("done", note)
            #expect(!quiet.errors.contains("settled"), "\(quiet)")
        }

        @Test("A withdrawn suggestion that was accepted says where its words are")
        func withdrawn() async throws {
            let id = try await suggest("amber", "opal")
            try await jo.gloss("accept", id)
            try await meet()
            let ran = try await mira.gloss("rm", id)
            #expect(ran.errors.contains("stay in the text: jo accepted it"), "\(ran)")
            let thread = try await mira.attempt("thread", id)
            #expect(thread.status == 4, "\(thread)")
            #expect(
                thread.errors.contains("its words are in the text: jo accepted it"), "\(thread)")
            try await mira.gloss("reopen", id)
            #expect(try await mira.gloss("thread", id).output.contains("accepted"))
        }
    }
}

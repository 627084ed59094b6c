import Foundation
import Testing

extension EndToEnd {
    /// Conflicts on the command line: lists, batches, the editor, the walk.
    @Suite("Settling on the command line")
    struct ResolveCommandTests {
        let desk: Desk
        let mira: Person
        let jo: Person

        /// Three notes that both edited, and one sentence.
        init() async throws {
            desk = try Desk()
            mira = Person("mira", at: desk)
            jo = Person("jo", at: desk)
            let server = GlossServerProcess(desk)
            try await server.start()
            try desk.write(Sample.article, to: "piece.txt")
            try await mira.join(server.firstInvitation())
            try await jo.join(server.invite())
            try await mira.gloss("add", "piece.txt", "--name", "piece")
            var notes: [String] = []
            for word in ["amber", "basalt", "cedar"] {
                notes.append(try await mira.note("piece", word, "about \(word)"))
            }
            try await meet()
            for note in notes {
                try await mira.gloss("edit", note, "-m", "mira's words")
                try await jo.gloss("edit", note, "-m", "jo's words")
            }
            for (person, word) in [(mira, "opal"), (jo, "onyx")] {
                let text = Sample.article.replacingOccurrences(of: "spring", with: word)
                try desk.write(text, to: "\(person.name).txt")
                try await person.gloss("edit", "piece", "-F", "\(person.name).txt")
            }
            try await meet()
        }

        private func meet() async throws {
            for person in [mira, jo, mira] { try await person.gloss("sync") }
        }

        private func names(_ words: String...) async throws -> [String] {
            let ran = try await mira.attempt(["conflicts", "--json"] + words)
            return try ran.objects().compactMap { $0["id"].string }
        }

        @Test("All that a choice answers are settled in one step; the others are named")
        func batch() async throws {
            let list = try await mira.gloss("conflicts", "--mine")
            #expect(list.errors.contains("3 need you, 1 is worth a look"), "\(list)")
            let status = try await mira.objects("status")[0]
            #expect(status["needs_you"] == .number(3) && status["worth_a_look"] == .number(1))
            let asked = try await mira.attempt("resolve", "--all", "--take", "newest")
            #expect(asked.status == 64 && asked.errors.contains("--yes"), "\(asked)")
            let tried = try await mira.gloss("resolve", "--all", "--take", "newest", "-n")
            #expect(tried.output.contains("would be settled"), "\(tried)")
            let none = try await mira.attempt("resolve", "--all", "--take", "loose")
            #expect(none.status == 4 && none.errors.contains("A, B"), "\(none)")
            #expect(try await names().count == 4)
            let text = try await names("--kind", "text")
            let both = try await mira.gloss("resolve", "--all", "--take", "both")
            #expect(both.output.contains("not settled  \(text[0])"), "\(both)")
            #expect(try await names() == text)
            let ran = try await mira.objects(
                "resolve", "--all", "--article", "piece", "--kind", "text", "--take", "merged")
            #expect(ran.map { $0["schema"] } == [.string("gloss.resolved/1")])
            try await mira.gloss("undo")
            try await mira.gloss("undo")
            #expect(try await names().count == 4)
        }

        @Test("What was settled is listed with its answer, and explained by its name")
        func settled() async throws {
            let name = try #require(try await names("--kind", "value").first)
            try await mira.gloss("resolve", name, "--take", "jo", "--why", "he asked first")
            try await meet()
            for person in [mira, jo] {
                let list = try await person.gloss("conflicts", "--settled", "--plain")
                #expect(list.output.contains("jo's words"), "\(list)")
                #expect(list.output.contains("(“he asked first”)"), "\(list)")
                let card = try await person.gloss("explain", name)
                let who = person.name == "mira" ? "you" : "mira"
                #expect(card.output.contains("settled \(who)"), "\(card)")
                #expect(card.output.contains("base    \(who)"), "\(card)")
                let object = try await person.objects("conflicts", "show", name)[0]
                #expect(object["answers"].array.first?["why"] == .string("he asked first"))
            }
            let tried = try await jo.gloss("reopen", name, "-n")
            #expect(tried.output.contains("would be reopened"), "\(tried)")
            try await jo.gloss("reopen", name)
            try await meet()
            #expect(try await names("--kind", "value").count == 3)
            let open = try await mira.gloss("explain", names("--kind", "text")[0])
            #expect(open.output.contains("as merged"), "\(open)")
            #expect(try await mira.attempt("explain", "kkkkkkkk").status == 4)
        }

        /// An editor that does something else each time it is opened; after the last it does nothing.
        private func editor(_ scripts: [String]) throws -> [String: String] {
            let cases = scripts.enumerated().map { "\($0.offset)) \($0.element);;" }
            try desk.write(
                """
                n=$(cat count 2>/dev/null || echo 0)
                echo $((n + 1)) > count
                cp "$1" opened-$n
                case $n in \(cases.joined(separator: "\n")) esac
                """, to: "editor.sh")
            try? FileManager.default.removeItem(atPath: desk.path + "/count")
            return ["GLOSS_EDITOR": "sh \(desk.path)/editor.sh"]
        }

        @Test(
            "In the editor all versions stand; what is left is the answer; labels left open it again",
            .enabled(if: Tool.script != nil, "needs script"))
        func edit() async throws {
            let name = try #require(try await names("--kind", "value").first)
            let twice = try editor(["sed -i '/^::: A/d' \"$1\"", "echo 'our words' > \"$1\""])
            let ran = try await mira.terminal("gloss resolve \(name) --edit", twice)
            #expect(ran.status == 0 && ran.output.contains("settled  \(name)"), "\(ran)")
            let first = try desk.read("opened-0")
            #expect(first.hasPrefix("::: conflict \(name)"), "\(first)")
            #expect(first.contains("::: A  "), "\(first)")
            #expect(try desk.read("opened-1").hasPrefix("::: not finished: "))
            let drafts = desk.path + "/home/.local/state/gloss/drafts"
            #expect(try FileManager.default.contentsOfDirectory(atPath: drafts).isEmpty)
            #expect(try await mira.objects("notes").contains { $0["body"] == .string("our words") })

            let next = try #require(try await names("--kind", "value").first)
            let emptied = try await mira.terminal(
                "gloss resolve \(next) --edit", editor([": > \"$1\""]))
            #expect(emptied.status == 1 && emptied.output.contains("is open"), "\(emptied)")
            let closed = try await mira.terminal("gloss resolve \(next) --edit", editor([]))
            #expect(closed.status == 1, "\(closed)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: drafts).isEmpty)
            let half = try await mira.terminal(
                "gloss resolve \(next) --edit", editor(["sed -i '/^::: A/d' \"$1\""]))
            #expect(half.status == 1, "\(half)")
            let kept = try FileManager.default.contentsOfDirectory(atPath: drafts)
            #expect(kept.count == 1, "\(kept)")
            let draft = "\(drafts)/\(kept.first ?? "")"
            let unfinished = try await mira.attempt("resolve", next, "-F", draft)
            #expect(unfinished.status == 64, "\(unfinished)")
            let piped = try await mira.attempt("resolve", next, "-F", "-", input: "piped\n")
            #expect(piped.status == 0, "\(piped)")
            #expect(try await mira.objects("notes").contains { $0["body"] == .string("piped") })
        }

        @Test("A watch that is interrupted ends with a report, and says so if conflicts are open")
        func watch() async throws {
            let watch = try mira.start("sync", "--watch", "--exit-code", "--json")
            await watch.wait { $0.outputText.contains("connected") }
            watch.signal(SIGINT)
            let ended = await watch.end()
            #expect(ended.ending == .exited(3), "\(ended.errorText)")
            #expect(ended.outputText.contains("gloss.sync/1"), "\(ended.outputText)")
        }

        @Test(
            "In the walk u takes back its own answer, whatever was done elsewhere meanwhile",
            .enabled(if: Tool.script != nil, "needs script"))
        func undoBeside() async throws {
            let beside = try editor([
                "gloss note piece amber -m beside", "gloss undo; gloss note piece amber -m again",
            ])
            let ran = try await mira.terminal(
                "gloss resolve --kind value", beside, input: "B\ne\nu\nm\ne\nu\nq\n")
            #expect(ran.status == 0, "\(ran)")
            #expect(ran.output.contains("took back: resolve"), "\(ran)")
            #expect(ran.output.contains("3 left open"), "\(ran)")
            let bodies = try await mira.objects("notes").map { $0["body"] }
            #expect(bodies.contains(.string("beside")) || bodies.contains(.string("again")))
            #expect(try await names("--kind", "value").count == 3)
        }

        @Test(
            "The walk has keys for both, whole texts, the history, and the rest of a kind",
            .enabled(if: Tool.script != nil, "needs script"))
        func walk() async throws {
            let ran = try await mira.terminal(
                "gloss resolve --kind value", input: "?\n*\nB\nd\nh\nu\nx\n* both\nn\nm\n*\ny\n")
            #expect(ran.status == 0, "\(ran)")
            for part in [
                "B       take: both", "took back: resolve", "Answer one of this kind first",
                "set body to “jo's words”", "No version of ", "Settle 3 of kind value with “both”?",
                "Settle 2 of kind value with “mine”?", "settled 2.", "3 settled.",
            ] { #expect(ran.output.contains(part), "\(part) is not in \(ran)") }
            let bodies = try await mira.objects("notes").map { $0["body"] }
            #expect(bodies.allSatisfy { $0 == .string("mira's words") }, "\(bodies)")
            let text = try await mira.terminal("gloss resolve", input: "b\nu\n\n")
            // Two words run together, whichever is first, are nothing to fall back on.
            #expect(text.output.contains(/onyxopal|opalonyx/), "\(text)")
            #expect(!text.output.contains("merged (Return)"), "\(text)")
            #expect(text.output.contains("1 settled."), "\(text)")
            #expect(try await names().isEmpty)
            try await mira.gloss("undo")
            try await mira.gloss("undo")
            #expect(try await names().count == 4)
        }

        @Test(
            "In the walk a reason goes with the rest of a kind, too",
            .enabled(if: Tool.script != nil, "needs script"))
        func reasonForRest() async throws {
            let ran = try await mira.terminal(
                "gloss resolve --kind value", input: "w\nshe knows\n* mine\ny\n")
            #expect(ran.output.contains("3 settled."), "\(ran)")
            let settled = try await mira.gloss("conflicts", "--settled", "--plain").output
            #expect(settled.components(separatedBy: "she knows").count == 4, "\(settled)")
        }
    }
}

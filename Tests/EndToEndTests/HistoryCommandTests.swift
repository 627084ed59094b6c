import Foundation
import Testing

extension EndToEnd {
    /// `undo`, `redo` and `history`, with numbers, before and after a sync.
    @Suite("Taking back")
    struct HistoryCommandTests {
        let desk: Desk
        let server: GlossServerProcess
        let mira: Person
        let jo: Person

        init() async throws {
            (desk, server, mira, jo) = try await Start.together()
        }

        private func number() async throws -> String {
            let entry = try #require(try await mira.objects("history").first)
            return String(Int(try #require(entry["number"].number)))
        }

        private func replace(_ words: String, _ others: String) async throws {
            let text = try await mira.gloss("export", "piece").output
            try await mira.gloss(
                "edit", "piece", "-F", "-",
                input: text.replacingOccurrences(of: words, with: others))
        }

        @Test("Words written and taken back offline never reach the server, and a redo sends them")
        func recalled() async throws {
            let note = try await mira.note("piece", "amber", "Is it amber?")
            try await mira.note("piece", "basalt", "SECRETNOTE")
            let undone = try await mira.gloss("undo")
            #expect(undone.errors.contains("nobody else is affected, and it never will"))
            try await replace("cedar", "SECRETWORD")
            try await mira.gloss("undo")
            try desk.write("SECRETARTICLE\n", to: "other.txt")
            try await mira.gloss("add", "other.txt", "--title", "SECRETTITLE")
            try await mira.gloss("undo")
            let sync = try await mira.gloss("sync")
            #expect(sync.output.contains("sent 1 "), "\(sync)")
            try await jo.gloss("sync")
            #expect(try await jo.checksum(of: "piece") == mira.checksum(of: "piece"))
            #expect(try await jo.objects("thread", note).count == 1)
            _ = await server.stop()
            for entry in try await Ledger.log(of: "\(desk.path)/server") {
                let text = String(decoding: entry.bytes, as: UTF8.self)
                #expect(!text.contains("SECRET"), "\(text)")
            }
            let files =
                ["glossd.db", "glossd.db-wal"].map { "\(desk.path)/server/\($0)" }
                + [jo.file]
            for file in files {
                let bytes = (try? Data(contentsOf: URL(fileURLWithPath: file))) ?? Data()
                #expect(bytes.range(of: Data("SECRET".utf8)) == nil, "\(file)")
            }
            try await server.start()
            try await mira.gloss("redo")
            try await mira.gloss("sync")
            try await jo.gloss("sync")
            #expect(try await jo.gloss("export", "other").output == "SECRETARTICLE\n")
        }

        @Test("A watching sync and undo come along with one another", .timeLimit(.minutes(5)))
        func beside() async throws {
            let watch = try mira.start("sync", "--watch")
            await watch.wait { $0.errorText.contains("connected to") }
            for round in 0..<12 {
                try await mira.note("piece", Sample.words[round], "round \(round)")
                if round.isMultiple(of: 3) {
                    try await Task.sleep(for: .milliseconds(40 * round))
                }
                try await mira.gloss("undo")
            }
            watch.signal(SIGINT)
            let ended = await watch.end()
            #expect(ended.ending == .exited(130), "\(ended.errorText)")
            try await mira.gloss("sync")
            try await jo.gloss("sync")
            #expect(try await mira.waiting() == 0)
            #expect(try await jo.objects("notes", "piece").isEmpty)
            #expect(try await jo.checksum(of: "piece") == mira.checksum(of: "piece"))
        }

        @Test("Commands are taken back and brought back by the numbers that history shows")
        func numbers() async throws {
            let note = try await mira.note("piece", "amber", "Is it amber?")
            try await mira.gloss("edit", note, "-m", "Is it opal?")
            let edited = try await number()
            try await mira.gloss("sync")
            try await replace("cedar", "pine")
            let words = try await number()
            try await mira.gloss("done", note)
            try await mira.gloss("sync")
            let rehearsal = try await mira.gloss("undo", edited, "-n")
            #expect(rehearsal.output.contains("would be undone  edit \(note)"), "\(rehearsal)")
            try await mira.gloss("undo", edited)
            #expect(try await mira.objects("thread", note)[0]["body"] == .string("Is it amber?"))
            let again = try await mira.gloss("undo", edited)
            #expect(again.output.hasPrefix("already undone  edit \(note)"), "\(again)")
            let tried = try await mira.gloss("undo", words, "-n")
            #expect(tried.output.contains("[-pine-]{+cedar+}"), "\(tried)")
            let object = try await mira.objects("undo", words)[0]
            #expect(object["sent"] == .number(1) && object["recalled"] == .bool(false))
            #expect(try await mira.gloss("export", "piece").output == Sample.article)
            try await mira.gloss("redo", words)
            #expect(try await mira.gloss("export", "piece").output.contains("pine"))
            let none = try await mira.attempt("undo", "999")
            #expect(none.status == 4 && none.errors.contains("gloss history"), "\(none)")
            let detail = try await mira.gloss("history", "show", words)
            #expect(detail.output.contains("[-cedar-]{+pine+}"), "\(detail)")
            let shown = try await mira.gloss("--json", "history", "--quiet", "show", edited).output
            for part in [#""undone":true"#, #""state":"acknowledged""#, #""what":"edited""#] {
                #expect(shown.contains(part), "\(shown)")
            }
            let log = try await mira.gloss("log", note)
            #expect(log.output.contains("closed") && log.output.contains("made"), "\(log)")
        }

        @Test("What was deleted and not replaced is listed with who did it")
        func deleted() async throws {
            try await replace("amber ", "")
            try await mira.gloss("sync")
            try await jo.gloss("sync")
            let found = try await jo.objects("blame", "piece", "--deleted")
            #expect(found.count == 1 && found[0]["text"].string?.contains("amber") == true)
            #expect(found[0]["author"]["user"] == .string("mira"))
            let lines = try await jo.gloss("blame", "piece", "--deleted")
            #expect(lines.output.contains("[-amber"), "\(lines)")
        }
    }
}

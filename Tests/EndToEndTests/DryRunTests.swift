import Foundation
import Testing

extension EndToEnd {
    /// What would be: `-n`.
    @Suite("Trying out")
    struct DryRunTests {
        let desk: Desk
        let mira: Person

        init() async throws {
            (desk, mira) = try await Start.alone()
        }

        @Test("With -n every command that writes says what it would do and writes nothing")
        func dryRun() async throws {
            let note = try await mira.note("piece", "amber", "Why amber?")
            let suggestion = try await mira.objects(
                "suggest", "piece", "basalt", "--to", "granite")[0]["id"].string
            let accepted = try #require(suggestion)
            let done = try await mira.note("piece", "cedar", "x")
            let fact = try #require(
                try await mira.objects("note", "piece", "delta", "--kind", "fact")[0]["id"].string)
            try await mira.gloss("check", fact, "wrong")
            try await mira.gloss("done", done)
            try await mira.gloss("archive", "piece")
            try await mira.gloss("undo")
            try desk.write("Another text.\n", to: "other.txt")
            try desk.write("Quite another text.\n", to: "new.txt")
            let writers: [([String], String)] = [
                (["add", "other.txt"], "would be added  other"),
                (["rename", "piece", "part"], "would be renamed  piece → part"),
                (["archive", "piece"], "would be archived  piece"),
                (["note", "piece", "water", "--nth", "1", "-m", "y"], "would be noted"),
                (["note", "piece", "amber", "-m", "y", "--private"], "private"),
                (["suggest", "piece", "amber", "--to", "opal"], "would be suggested"),
                (["reply", note, "-m", "y"], "would be replied"),
                (["accept", accepted], "would be accepted  \(accepted)"),
                (["reject", accepted], "would be rejected  \(accepted)"),
                (["edit", "piece", "-F", "new.txt"], "would be edited  piece"),
                (["edit", note, "-m", "y"], "would be edited  \(note)"),
                (["edit", "piece", "--discard"], ""),
                (["tag", note, "+voice"], "would be tagged  \(note)"),
                (["note", "piece", "ember", "--kind", "claim"], "claim, unchecked"),
                (["check", fact, "confirmed", "--source", "x"], "would be checked  \(fact)"),
                (["check", fact, "--remove"], "would be unchecked  \(fact)"),
                (["done", note], "would be done  \(note)"),
                (["reopen", done], "would be reopened  \(done)"),
                (["rm", note], "would be withdrawn  \(note)"),
                (["outbox", "--retry", "all"], ""), (["outbox", "--drop", "all"], ""),
                (["undo"], "would be undone  done"),
                (["undo", "2"], "would be undone  note piece"),
                (["redo"], "would be redone  archive piece"),
                (["redo", "8"], "would be redone  archive piece"),
            ]
            let file = try Data(contentsOf: URL(fileURLWithPath: mira.file))
            for flag in ["-n", "--dry-run"] {
                for (words, text) in writers {
                    let ran = try await mira.attempt(words + [flag])
                    #expect(ran.status == 0, "\(ran)")
                    #expect(text.isEmpty || ran.output.contains(text), "\(ran)")
                    #expect(ran.errors.contains("Nothing was written."), "\(ran)")
                    let now = try Data(contentsOf: URL(fileURLWithPath: mira.file))
                    #expect(now == file, "\(words) wrote")
                }
            }
            let object = try await mira.objects("done", note, "-n")[0]
            #expect(object["dry_run"] == .bool(true))
            let none = try await mira.attempt("sync", "-n")
            #expect(none.status == 64, "\(none)")
            let missing = try await mira.attempt("note", "piece", "absent", "-m", "x", "-n")
            #expect(missing.status == 4, "errors are those of the command: \(missing)")
        }

        @Test("With -n libraries are neither made nor joined, and nothing is sent or settled")
        func dryRunWithServer() async throws {
            let server = GlossServerProcess(desk)
            try await server.start()
            let jo = Person("jo", at: desk)
            let made = try await jo.gloss("init", "--as", "jo", "-n")
            #expect(made.output.contains("would be new library"), "\(made)")
            let link = try await server.firstInvitation()
            let joined = try await jo.gloss("join", link, "--as", "jo", "-n")
            #expect(joined.output.contains("would be joined"), "\(joined)")
            #expect(!FileManager.default.fileExists(atPath: jo.file))
            try await mira.join(link)
            try await jo.join(server.invite())
            let note = try await mira.note("piece", "amber", "first words")
            let before = try LibrarySnapshot(file: mira.file)
            let sent = try await mira.gloss("sync", "-n")
            #expect(sent.output.contains("would be sent  1 change"), "\(sent)")
            #expect(try LibrarySnapshot(file: mira.file) == before)
            try await mira.gloss("sync")
            try await jo.gloss("sync")
            try await mira.gloss("edit", note, "-m", "mira's words")
            try await jo.gloss("edit", note, "-m", "jo's words")
            for person in [mira, jo, mira] { try await person.gloss("sync") }
            let conflict = try #require(try await mira.objects("conflicts").first?["id"].string)
            let open = try LibrarySnapshot(file: mira.file)
            let settled = try await mira.gloss("resolve", conflict, "--take", "A", "-n")
            #expect(settled.output.contains("would be settled  \(conflict)  A"), "\(settled)")
            let undone = try await mira.gloss("undo", "-n")
            #expect(undone.output.contains("would be undone  edit"), "\(undone)")
            #expect(undone.errors.contains("jo among them"), "\(undone)")
            #expect(try LibrarySnapshot(file: mira.file) == open)
            let alone = try await mira.note("piece", "basalt", "unsent")
            let unsent = try await mira.gloss("undo", "-n")
            #expect(unsent.errors.contains("nobody else is affected"), "\(unsent)")
            #expect(try await mira.objects("thread", alone).count == 1)
        }
    }
}

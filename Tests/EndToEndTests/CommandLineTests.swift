import Foundation
import Glibc
import Testing

extension EndToEnd {
    /// What scripts and people get from `gloss` at a terminal and without one.
    @Suite("The command line")
    struct CommandLineTests {
        let desk: Desk
        let mira: Person

        init() async throws {
            (desk, mira) = try await Start.alone()
        }

        @Test("Results go to standard output, messages to standard error, with the right status")
        func streams() async throws {
            let note = try await mira.note("piece", "amber", "Why amber?")
            for words in [
                ["status"], ["ls"], ["show", "piece"], ["notes"], ["thread", note], ["log"],
                ["export", "piece"], ["outbox"], ["history"], ["help"], ["--version"],
            ] {
                let ran = try await mira.attempt(words)
                #expect(ran.status == 0, "\(ran)")
                #expect(!ran.output.isEmpty, "\(ran)")
                #expect(ran.errors.isEmpty, "\(ran)")
            }
            let none = try await mira.gloss("conflicts")
            #expect(none.output.isEmpty)
            #expect(none.errors.contains("No open conflicts"))
            let failures: [([String], Int32)] = [
                (["show", "nothing"], 4), (["thread", "zzz"], 4), (["note", "piece", "absent"], 4),
                (["note", "piece"], 64), (["note", "piece", "amber", "--at", "p1"], 64),
                (["frobnicate"], 64), (["note"], 64), (["ls", "--frobnicate"], 64),
                (["sync"], 64), (["init"], 64), (["resolve", "zzz", "--take", "A"], 4),
            ]
            for (words, status) in failures {
                let ran = try await mira.attempt(words)
                #expect(ran.status == status, "\(ran)")
                #expect(ran.output.isEmpty, "\(ran)")
                #expect(ran.errors.hasPrefix("error: "), "\(ran)")
                #expect(ran.errors.contains("try:"), "\(ran)")
            }
            let nowhere = try await Person("jo", at: desk).attempt("status")
            #expect(nowhere.status == 9, "\(nowhere)")
            #expect(nowhere.errors.contains("gloss init"), "\(nowhere)")
        }

        @Test("With --json every line is an object with a schema, and errors are objects too")
        func json() async throws {
            let note = try await mira.note("piece", "amber", "Why amber?")
            for words in [
                ["status"], ["ls"], ["show", "piece"], ["notes"], ["thread", note], ["log"],
                ["export", "piece"], ["outbox"], ["history"], ["tag", note, "+voice"],
                ["done", note], ["undo"], ["redo"],
            ] {
                let ran = try await mira.attempt(words + ["--json"])
                #expect(ran.status == 0, "\(ran)")
                let objects = try ran.objects()
                #expect(!objects.isEmpty, "\(ran)")
                for object in objects {
                    #expect(object["schema"].string?.hasPrefix("gloss.") == true, "\(ran)")
                    #expect(object["schema"].string?.hasSuffix("/1") == true, "\(ran)")
                }
            }
            for words in [["show", "nothing"], ["frobnicate"], ["note"]] {
                let ran = try await mira.attempt(words + ["--json"])
                #expect(ran.output.isEmpty)
                let error = try #require(try JSON.lines(ran.errors).first)
                #expect(error["schema"] == .string("gloss.error/1"), "\(ran)")
                #expect(error["code"] == .number(Double(ran.status)), "\(ran)")
            }
        }

        @Test("A command that does not exist leads to the one meant")
        func unknown() async throws {
            let ran = try await mira.attempt("nots", "piece")
            #expect(ran.status == 64)
            #expect(ran.errors.contains("gloss notes piece"), "\(ran)")
            let server = try await desk.run([Binaries.glossd, "serv"])
            #expect(server.status == 64)
            #expect(server.errors.contains("glossd serve"), "\(server)")
        }

        @Test("A quote with several places lists them, and the command it prints works")
        func ambiguous() async throws {
            for words in [
                ["note", "piece", "the river", "-m", "It's \"which\" $river?"],
                ["suggest", "piece", "water", "--to", "a 'sea'"],
            ] {
                let ran = try await mira.attempt(words)
                #expect(ran.status == 4, "\(ran)")
                #expect(ran.output.isEmpty)
                #expect(ran.errors.contains("  1  p"), "\(ran)")
                #expect(ran.errors.contains("  2  p"), "\(ran)")
                let line = try #require(
                    ran.errors.split(separator: "\n").first { $0.hasPrefix("try:") })
                let command = String(line.dropFirst(4).drop { $0 == " " })
                let shell = try await desk.run(["sh", "-c", command], mira.environment)
                #expect(shell.status == 0, "\(command): \(shell)")
            }
            let notes = try await mira.objects("notes", "piece")
            #expect(notes.contains { $0["body"] == .string("It's \"which\" $river?") })
            #expect(notes.contains { $0["proposal"] == .string("a 'sea'") })
        }

        @Test("Without a terminal or with NO_COLOR no escapes are printed")
        func colours() async throws {
            try await mira.note("piece", "amber", "x")
            for words in [["show", "piece"], ["status"], ["notes"], ["help"], ["show", "none"]] {
                let ran = try await mira.attempt(words)
                #expect(!(ran.output + ran.errors).contains("\u{1B}"), "\(ran)")
            }
            let always = try await mira.gloss("show", "piece", "--color", "always")
            #expect(always.output.contains("\u{1B}["), "colours can be had")
            guard Tool.script != nil else { return }
            let plain = try await mira.terminal("gloss show piece --no-pager", ["NO_COLOR": "1"])
            #expect(!plain.output.contains("\u{1B}"), "\(plain)")
            let coloured = try await mira.terminal("gloss show piece --no-pager")
            #expect(coloured.output.contains("\u{1B}["), "\(coloured)")
        }

        @Test("What others wrote cannot command the terminal")
        func hostile() async throws {
            let text = "\u{1B}]0;owned\u{7}\u{1B}[2J red \u{202E}gnorw\u{2066} \u{9B}31m end"
            try desk.write("Title \(text)\n\nplain words here\n", to: "evil.txt")
            try await mira.gloss("add", "evil.txt", "--name", "evil", "--title", text)
            let id = try await mira.note("evil", "plain words", text)
            try await mira.gloss("reply", id, "-m", text)
            try await mira.gloss("suggest", "evil", "here", "--to", text, "-m", text)
            for words in [
                ["show", "evil"], ["notes"], ["thread", id], ["log"], ["ls"], ["outbox"],
                ["history"], ["notes", "--plain"], ["show", "evil", "--accessible"], ["undo"],
            ] {
                let ran = try await mira.attempt(words)
                #expect(ran.status == 0, "\(ran)")
                let scalars = (ran.output + ran.errors).unicodeScalars
                for scalar in scalars where scalar != "\n" && scalar != "\t" {
                    let value = scalar.value
                    let isControl = value < 0x20 || (0x7F..<0xA0).contains(value)
                    let isBidi =
                        (0x202A...0x202E).contains(value) || (0x2066...0x2069).contains(value)
                    #expect(!isControl && !isBidi, "\(words) prints U+\(String(value, radix: 16))")
                }
            }
        }

        @Test(
            "The editor opens on the text, and what was changed there is stored by word",
            .enabled(if: Tool.script != nil, "needs script"))
        func editor() async throws {
            let note = try await mira.note("piece", "basalt", "stays on its word")
            let script = try desk.write(
                "#!/bin/sh\nsed -i 's/amber/opal/' \"$1\"\n", to: "editor.sh")
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o755], ofItemAtPath: script)
            let ran = try await mira.terminal("gloss edit piece", ["EDITOR": script])
            #expect(ran.status == 0, "\(ran)")
            #expect(ran.output.contains("in 1 place"), "\(ran)")
            let text = try await mira.gloss("export", "piece").output
            #expect(text == Sample.article.replacingOccurrences(of: "amber", with: "opal"))
            let kept = try await mira.objects("thread", note).first
            #expect(kept?["words"] == .string("basalt"))
            let drafts = "\(desk.path)/home/.local/state/gloss/drafts"
            let left = try FileManager.default.contentsOfDirectory(atPath: drafts)
            #expect(left.isEmpty, "drafts that are stored are gone: \(left)")

            let failing = try await mira.terminal("gloss edit piece", ["EDITOR": "false"])
            #expect(failing.status == 1, "\(failing)")
            #expect(failing.output.contains("nothing was changed"), "\(failing)")
        }

        @Test(
            "What an editor left behind is found: after it failed, and after gloss was killed",
            .enabled(if: Tool.script != nil, "needs script"))
        func leftBehind() async throws {
            func editor(_ lines: String) throws -> [String: String] {
                let script = try desk.write("#!/bin/sh\n\(lines)\n", to: "editor.sh")
                try FileManager.default.setAttributes(
                    [.posixPermissions: 0o755], ofItemAtPath: script)
                return ["EDITOR": script]
            }
            let failing = try editor("sed -i 's/amber/opal/' \"$1\"; exit 1")
            let failed = try await mira.terminal("gloss edit piece", failing)
            #expect(failed.status == 1, "\(failed)")
            #expect(failed.output.contains("gloss edit piece --resume"), "\(failed)")
            let again = try await mira.terminal("gloss edit piece", failing)
            #expect(again.status == 5, "\(again)")
            // Nothing takes the place of the draft, or throws it away.
            try desk.write(Sample.article + "\nOne more line.\n", to: "piece.txt")
            let file = try await mira.attempt("edit", "piece", "-F", "piece.txt")
            #expect(file.status == 5 && file.errors.contains("--resume"), "\(file)")
            try await mira.gloss("add", "piece.txt", "--update")
            // Gloss is killed while its editor runs on what it had.
            let killing = try editor("sed -i 's/basalt/chalk/' \"$1\"; kill -9 $PPID; sleep 1")
            _ = try await mira.terminal("gloss edit piece --resume", killing)
            let resumed = try await mira.terminal(
                "gloss edit piece --resume",
                try editor("grep -q opal \"$1\" && grep -q chalk \"$1\""))
            #expect(resumed.status == 0, "\(resumed)")
            let text = try await mira.gloss("export", "piece").output
            #expect(text.contains("opal") && text.contains("chalk"), "\(text)")
            #expect(text.contains("One more line."), "\(text)")

            _ = try await mira.terminal(
                "gloss edit piece", try editor("sed -i 's/opal/agate/' \"$1\"; exit 1"))
            let discarded = try await mira.terminal("gloss edit piece --discard")
            #expect(discarded.output.contains("is gone"), "\(discarded)")
            let none = try await mira.terminal("gloss edit piece --discard")
            #expect(none.output.contains("no draft"), "\(none)")
            let drafts = "\(desk.path)/home/.local/state/gloss/drafts"
            #expect(try FileManager.default.contentsOfDirectory(atPath: drafts).isEmpty)
        }

        @Test(
            "A walk through the conflicts settles, takes back and leaves",
            .enabled(if: Tool.script != nil, "needs script"))
        func walk() async throws {
            let server = GlossServerProcess(desk)
            try await server.start()
            let jo = Person("jo", at: desk)
            try await mira.join(server.firstInvitation())
            try await jo.join(server.invite())
            var notes: [String] = []
            for word in ["amber", "basalt"] {
                notes.append(try await mira.note("piece", word, "first words"))
            }
            try await mira.gloss("sync")
            try await jo.gloss("sync")
            for note in notes {
                try await mira.gloss("edit", note, "-m", "mira's words")
                try await jo.gloss("edit", note, "-m", "jo's words")
            }
            try await mira.gloss("sync")
            try await jo.gloss("sync")
            try await mira.gloss("sync")
            #expect(try await mira.objects("conflicts").count == 2)
            let quit = try await mira.terminal("gloss resolve", input: "q\n")
            #expect(quit.status == 0, "\(quit)")
            #expect(try await mira.objects("conflicts").count == 2)
            let ran = try await mira.terminal("gloss resolve", input: "?\nw\nshorter\nA\nm\n")
            #expect(ran.status == 0, "\(ran)")
            #expect(ran.output.contains("2 settled"), "\(ran)")
            #expect(try await mira.objects("conflicts").isEmpty)
            let bodies = try await mira.objects("notes").compactMap(\.["body"].string)
            #expect(bodies.contains("mira's words"))
            let history = try await mira.objects("history")
            #expect(history[0]["command"] == .string("resolve (2 conflicts)"))
            try await mira.gloss("undo")
            #expect(try await mira.objects("conflicts").count == 2, "one command, one undo")
            try await mira.gloss("redo")
            #expect(try await mira.objects("conflicts").isEmpty)
        }

        @Test("Ctrl-C ends a watching sync in good order")
        func interrupt() async throws {
            let server = GlossServerProcess(desk)
            try await server.start()
            try await mira.join(server.firstInvitation())
            for signal in [SIGINT, SIGTERM] {
                let watch = try mira.start("sync", "--watch")
                await watch.wait { $0.errorText.contains("connected to") }
                watch.signal(signal)
                let ended = await watch.end()
                #expect(ended.ending == .exited(130), "\(ended.errorText)")
                #expect(ended.errorText.contains("interrupted"))
            }
            try await mira.gloss("sync")
        }
    }
}

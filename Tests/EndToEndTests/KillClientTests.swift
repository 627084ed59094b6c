import Foundation
import Testing

extension EndToEnd {
    /// `gloss` dies at each of the moments that matter to its file.
    @Suite(
        "Killing the client",
        .enabled(if: Tool.mayTrace, "needs strace, and the right to trace"))
    struct KillClientTests {
        /// A command that writes, and the ids it needs.
        struct Command: Sendable, CustomStringConvertible {
            var words: [String]
            var description: String { words.joined(separator: " ") }
        }

        let desk: Desk
        let server: GlossServerProcess
        let mira: Person
        let jo: Person

        init() async throws {
            desk = try Desk()
            server = GlossServerProcess(desk)
            mira = Person("mira", at: desk)
            jo = Person("jo", at: desk)
            try await server.start()
            try await mira.join(server.firstInvitation())
            try await jo.join(server.invite("--role", "editor"))
            try desk.write(Sample.article, to: "piece.txt")
            try await mira.gloss("add", "piece.txt", "--name", "piece")
            try await mira.gloss("sync")
            try await jo.gloss("sync")
        }

        @Test("Of a command that is killed all has happened or nothing")
        func commands() async throws {
            let commands = try await prepare()
            await withTaskGroup { group in
                for lane in 0..<2 {
                    group.addTask {
                        for index in stride(from: lane, to: commands.count, by: 2) {
                            do {
                                try await check(commands[index], number: index)
                            } catch {
                                Issue.record("\(commands[index]): \(error)")
                            }
                        }
                    }
                }
            }
        }

        @Test("A sync that is killed is made good by the next one")
        func syncs() async throws {
            try await mira.note("piece", "amber", "first")
            let traced = try await trace(["sync"], of: mira)
            var random = Seeded(5)
            let points = Tracing.points(
                in: traced, between: 4 * Rounds.factor, using: &random)
            try #require(points.count > 8, "\(traced.count) calls seen")
            var kills = 0
            for (index, point) in points.enumerated() {
                try await jo.note("piece", Sample.words[index % 25], "jo \(index)")
                try await jo.gloss("sync")
                try await mira.note("piece", Sample.words[index % 25], "mira \(index)")
                let ran = try await desk.run(
                    point.wrapper + [Binaries.gloss, "sync"], mira.environment)
                if ran.ending == .killed(signal: SIGKILL) { kills += 1 }
                let again = try await mira.attempt("sync")
                let said = await server.program?.soFar
                try #require(
                    again.status == 0,
                    "after \(point): \(again) \(said?.errorText ?? "") \(String(describing: said?.ending))"
                )
                #expect(try await mira.waiting() == 0, "after \(point)")
            }
            #expect(kills * 2 > points.count, "\(kills) of \(points.count) were killed")
            try await jo.gloss("sync")
            let checksum = try await mira.checksum(of: "piece")
            #expect(try await jo.checksum(of: "piece") == checksum)
            #expect(try await mira.objects("notes", "piece").count == 2 * points.count + 1)
        }

        // MARK: One command

        private func check(_ command: Command, number: Int) async throws {
            let reference = try copy("reference-\(number)")
            let before = try snapshot(reference)
            let calls = try await trace(command.words, of: reference)
            let after = try snapshot(reference)
            try #require(after.comparable != before.comparable, "\(command) changes something")
            var random = Seeded(UInt64(number))
            let points = Tracing.points(in: calls, between: 2 * Rounds.factor, using: &random)
            try #require(points.count > 5, "\(command): \(points)")
            var kills = 0
            for (index, point) in points.enumerated() {
                let victim = try copy("victim-\(number)-\(index)")
                let ran = try await desk.run(
                    point.wrapper + [Binaries.gloss] + command.words, victim.environment)
                if ran.ending == .killed(signal: SIGKILL) { kills += 1 }
                let found = try snapshot(victim)
                if found == before {
                    let again = try await victim.attempt(command.words)
                    #expect(again.status == 0, "\(command) after a kill at \(point): \(again)")
                    let done = try snapshot(victim)
                    #expect(
                        done.comparable == after.comparable, "\(command) again after \(point)")
                } else {
                    #expect(
                        found.comparable == after.comparable,
                        "\(command) is half done after a kill at \(point)")
                    try await victim.gloss("add", "piece.txt", "--name", "goes-on")
                }
                try FileManager.default.removeItem(atPath: "\(desk.path)/\(victim.library)")
            }
            #expect(kills == points.count, "\(command): \(kills) of \(points.count) were killed")
        }

        /// Runs a command to its end and gives the calls it made that write.
        private func trace(_ words: [String], of person: Person) async throws -> [Tracing.Call] {
            let file = "\(person.library).trace"
            let tracer = [
                "strace", "-f", "-o", file, "-e", "trace=\(Tracing.writing.joined(separator: ","))",
            ]
            let ran = try await desk.run(tracer + [Binaries.gloss] + words, person.environment)
            try #require(ran.status == 0, "\(ran)")
            return Tracing.calls(try desk.read(file))
        }

        /// What is in somebody's library. A copy is read, so that it is left to `gloss` to mend
        /// the files.
        private func snapshot(_ person: Person) throws -> LibrarySnapshot {
            let copy = "\(desk.path)/\(person.library)-copy"
            try FileManager.default.copyItem(
                atPath: "\(desk.path)/\(person.library)", toPath: copy)
            defer { try? FileManager.default.removeItem(atPath: copy) }
            return try LibrarySnapshot(file: copy + "/library.db")
        }

        /// Somebody with a copy of mira's library.
        private func copy(_ name: String) throws -> Person {
            try FileManager.default.copyItem(
                atPath: "\(desk.path)/\(mira.library)", toPath: "\(desk.path)/\(name)")
            return Person("mira", at: desk, library: name)
        }

        /// Gives mira one of everything, and says what can then be done.
        private func prepare() async throws -> [Command] {
            let note = try await mira.note("piece", "amber", "Is this the right word?")
            let closed = try await mira.note("piece", "basalt", "Dealt with.")
            try await mira.gloss("done", closed)
            let first = try await suggest("cedar", "pine")
            let second = try await suggest("delta", "mouth")
            try await mira.gloss("sync")
            try await jo.gloss("sync")
            try await jo.gloss("edit", note, "-m", "Is this really the right word?")
            try await mira.gloss("edit", note, "-m", "Is this the wrong word?")
            try await jo.gloss("sync")
            try await mira.gloss("sync")
            let conflict = try #require(
                try await mira.objects("conflicts").first?["id"].string)
            try await mira.note("piece", "ember", "stays until undone")
            try await mira.note("piece", "fjord", "undone")
            try await mira.gloss("undo")
            try desk.write(
                Sample.article.replacingOccurrences(of: "granite", with: "slate"), to: "new.txt")
            try desk.write("Another article.\n", to: "other.txt")
            return [
                ["note", "piece", "harbour", "-m", "new", "-t", "tag"],
                ["reply", note, "-m", "an answer"],
                ["suggest", "piece", "island", "--to", "isle"],
                ["accept", first], ["reject", second, "-m", "no"],
                ["edit", "piece", "-F", "new.txt", "-m", "stone"],
                ["edit", closed, "-m", "Other words."], ["done", note], ["reopen", closed],
                ["rm", closed], ["tag", note, closed, "+voice"], ["add", "other.txt"],
                ["rename", "piece", "item"], ["archive", "piece"],
                ["resolve", conflict, "--take", "A", "--why", "shorter"], ["undo"], ["redo"],
            ].map { Command(words: $0) }
        }

        private func suggest(_ words: String, _ other: String) async throws -> String {
            let made = try await mira.objects("suggest", "piece", words, "--to", other)
            return try #require(made.first?["id"].string)
        }
    }
}

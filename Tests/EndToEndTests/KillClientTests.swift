import Foundation
import Testing

extension EndToEnd {
    /// `gloss` dies at each of the moments that matter to its file.
    @Suite("Killing the client")
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
            (desk, server, mira, jo) = try await Start.together()
        }

        private static let traced = ConditionTrait.enabled(
            if: Tool.mayTrace, "needs strace, and the right to trace")

        @Test("Of a command that is killed at a call all has happened or nothing", traced)
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

        @Test("Of a command that is killed at some moment all has happened or nothing")
        func moments() async throws {
            var random = Seeded(11)
            for (number, command) in try await prepare().enumerated() {
                let reference = try copy("reference-\(number)")
                let before = try snapshot(reference)
                let start = ContinuousClock.now
                let ran = try await reference.attempt(command.words)
                try #require(ran.status == 0, "\(ran)")
                let usual = ContinuousClock.now - start
                let after = try snapshot(reference)
                for round in 0..<2 * Rounds.factor {
                    let victim = try copy("victim-\(number)-\(round)")
                    let program = try desk.start(
                        [Binaries.gloss] + command.words, victim.environment)
                    try await Task.sleep(for: usual * Double.random(in: 0.3...1, using: &random))
                    program.destroy()
                    _ = await program.end()
                    try await expectAllOrNothing(
                        of: command, by: victim, before, after, "round \(round)")
                }
            }
        }

        @Test("A sync that is killed is made good by the next one", traced)
        func syncs() async throws {
            try await mira.note("piece", "amber", "first")
            let calls = try await trace(["sync"], of: mira)
            var random = Seeded(5)
            let points = Tracing.points(in: calls, between: 4 * Rounds.factor, using: &random)
            try #require(points.count > 8, "\(calls.count) calls seen")
            var kills = 0
            for (index, point) in points.enumerated() {
                try await jo.note("piece", Sample.words[index % 25], "jo \(index)")
                try await jo.gloss("sync")
                try await mira.note("piece", Sample.words[index % 25], "mira \(index)")
                if try await killed(["sync"], by: mira, at: point) { kills += 1 }
                let again = try await mira.attempt("sync")
                let said = await server.program?.soFar
                try #require(
                    again.status == 0, "after \(point): \(again) \(said?.errorText ?? "")")
                #expect(try await mira.waiting() == 0, "after \(point)")
            }
            #expect(kills * 2 > points.count, "\(kills) of \(points.count) were killed")
            try await jo.gloss("sync")
            let checksum = try await mira.checksum(of: "piece")
            #expect(try await jo.checksum(of: "piece") == checksum)
            #expect(try await mira.objects("notes", "piece").count == 2 * points.count + 1)
        }

        @Test("A join that is killed can be done again with the same invitation", traced)
        func joins() async throws {
            let link = try await server.invite()
            let ada = Person("ada", at: desk)
            var random = Seeded(6)
            let points = Tracing.points(
                in: try await trace(["join", link, "--as", "ada"], of: ada),
                between: 3 * Rounds.factor, using: &random)
            for (index, point) in points.enumerated() {
                let link = try await server.invite()
                let name = "ada\(index)"
                let person = Person(name, at: desk)
                let words = ["join", link, "--as", name]
                _ = try await killed(words, by: person, at: point)
                let again = try await person.attempt(words)
                // One that had joined already says so.
                #expect(again.status == 0 || again.status == 64, "after \(point): \(again)")
                let sync = try await person.attempt("sync")
                #expect(sync.status == 0, "after \(point): \(again)\n\(sync)")
                let checksum = try await person.checksum(of: "piece")
                #expect(try await ada.checksum(of: "piece") == checksum, "\(point)")
            }
        }

        @Test("An init that is killed has made a library or can be done again", traced)
        func inits() async throws {
            let words = ["init", "--as", "ada"]
            var random = Seeded(7)
            let points = Tracing.points(
                in: try await trace(words, of: Person("ada", at: desk)),
                between: 6 * Rounds.factor, using: &random)
            for (index, point) in points.enumerated() {
                let person = Person("ada", at: desk, library: "ada\(index)")
                _ = try await killed(words, by: person, at: point)
                let isThere = try await person.attempt("status").status == 0
                let again = try await person.attempt(words)
                #expect(again.status == (isThere ? 64 : 0), "after \(point): \(again)")
                let status = try await person.objects("status").first
                #expect(status?["user"] == .string("ada"), "after \(point)")
                #expect(try await person.attempt("join", "gloss://nothing").status == 64)
            }
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
                // Other threads write, too, but only one has the file.
                let isKilled = try await killed(command.words, by: victim, at: point)
                if isKilled || point.name == "write" { kills += 1 }
                try await expectAllOrNothing(
                    of: command, by: victim, before, after, "a kill at \(point)")
            }
            #expect(kills == points.count, "\(command): \(kills) of \(points.count) were killed")
        }

        /// Runs a command that dies at a call; whether it got there.
        private func killed(
            _ words: [String], by person: Person, at point: Tracing.Point
        ) async throws -> Bool {
            let ran = try await desk.run(
                point.wrapper + [Binaries.gloss] + words, person.environment)
            return ran.ending == .killed(signal: SIGKILL)
        }

        /// Looks at the library of a command that was killed, and has it used again.
        private func expectAllOrNothing(
            of command: Command, by victim: Person, _ before: LibrarySnapshot,
            _ after: LibrarySnapshot, _ moment: String
        ) async throws {
            let found = try snapshot(victim)
            if found == before {
                let again = try await victim.attempt(command.words)
                #expect(again.status == 0, "\(command) again after \(moment): \(again)")
                let done = try snapshot(victim)
                #expect(done.comparable == after.comparable, "\(command) again after \(moment)")
            } else {
                #expect(
                    found.comparable == after.comparable,
                    "\(command) is half done after \(moment)")
                try await victim.gloss("add", "piece.txt", "--name", "goes-on")
            }
            try FileManager.default.removeItem(atPath: "\(desk.path)/\(victim.library)")
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

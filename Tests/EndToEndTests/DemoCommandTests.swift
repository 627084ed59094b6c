import Foundation
import Glibc
import Testing

extension EndToEnd {
    /// `gloss demo` teaches, and leaves nothing behind.
    @Suite("The demonstration")
    struct DemoCommandTests {
        let desk: Desk
        let ana: Person
        private let environment: [String: String]

        init() async throws {
            desk = try Desk()
            ana = Person("ana", at: desk)
            try FileManager.default.createDirectory(
                atPath: desk.path + "/tmp", withIntermediateDirectories: true)
            environment = [
                "TMPDIR": desk.path + "/tmp", "XDG_DATA_HOME": desk.path + "/data",
                "XDG_STATE_HOME": desk.path + "/state", "XDG_CONFIG_HOME": desk.path + "/config",
                "XDG_CACHE_HOME": desk.path + "/cache", "COLUMNS": "200",
            ]
            try await ana.initialize()
        }

        /// Every file of the desk, with what is in it.
        private func files() throws -> [String: Data] {
            let names = FileManager.default.enumerator(atPath: desk.path)?.allObjects ?? []
            var files: [String: Data] = [:]
            for case let name as String in names {
                files[name] = (try? Data(contentsOf: URL(fileURLWithPath: "\(desk.path)/\(name)")))
            }
            return files
        }

        @Test("Without a terminal it answers three conflicts itself, and says how")
        func alone() async throws {
            let before = try files()
            let ran = try await ana.attempt(["demo"], environment)
            #expect(ran.status == 0, "\(ran)")
            for part in [
                "both merge to", "accepted: forty-two people", "withdrawn", "--take both",
                "--take theirs --why", "--take keep",
            ] { #expect(ran.output.contains(part), "\(part) is not in \(ran)") }
            #expect(ran.output.components(separatedBy: "settled  ").count == 4, "\(ran)")
            #expect(ran.errors.contains("nobody is asked any more"), "\(ran)")
            #expect(ran.errors.contains("gloss init"), "\(ran)")
            #expect(try files() == before)

            let objects = try await ana.attempt(["demo", "--json"], environment).objects()
            #expect(objects.last?["open"] == .number(0) && objects.last?["agree"] == .bool(true))
            #expect(objects.count { $0["schema"] == .string("gloss.conflict/1") } == 3)
            let nowhere = try await ana.attempt(["demo"], ["TMPDIR": "/nowhere"])
            #expect(nowhere.status == 1 && nowhere.errors.contains("TMPDIR"), "\(nowhere)")
            #expect(try files() == before)
        }

        @Test(
            "At a terminal its reader answers, with the keys of resolve, and may leave early",
            .enabled(if: Tool.script != nil, "needs script"))
        func reader() async throws {
            try desk.write("echo \"$1\" >&2; echo 'my words' > \"$1\"", to: "editor.sh")
            let before = try files()
            let more = environment.merging(["GLOSS_EDITOR": "sh \(desk.path)/editor.sh"]) { $1 }
            let ran = try await ana.terminal("gloss demo", more, input: "e\nw\nfine\nt\nu\nm\nk\n")
            #expect(ran.status == 0, "\(ran)")
            for part in [
                "settled: my words", "settled: accepted: forty-two people", "took back",
                "settled: rejected", "settled: kept", "3 settled.", "nobody is asked any more",
            ] { #expect(ran.output.contains(part), "\(part) is not in \(ran)") }
            #expect(try files() == before)
            let left = try await ana.terminal("gloss demo", more, input: "q\n")
            #expect(left.output.contains("open (3) is open for everybody"), "\(left)")
            #expect(try files() == before)
            let silent = try await ana.terminal("gloss demo --no-input", more)
            #expect(silent.output.contains("$ gloss resolve"), "\(silent)")
            #expect(try files() == before)
        }

        @Test(
            "However it ends, nothing is left", .enabled(if: Tool.script != nil, "needs script"),
            arguments: ["ctrl-C", "kill"])
        func interrupted(how: String) async throws {
            let before = try files()
            let more = ["TERM": "xterm", "SHELL": "/bin/sh"].merging(ana.environment) { $1 }
                .merging(environment) { $1 }
            let command = how == "kill" ? "echo pid=$$=; exec gloss demo" : "gloss demo"
            let program = try desk.start(
                ["script", "-qec", command, "/dev/null"], more, keepsInputOpen: true)
            let asked = await program.wait { $0.outputText.contains("? keys") }
            #expect(try files().keys.contains { $0.hasPrefix("tmp/gloss-") }, "\(asked)")
            if how == "kill" {
                let id = asked.outputText.split(separator: "=").dropFirst().first
                kill(try #require(id.flatMap { pid_t($0) }), SIGKILL)
            } else {
                program.send("\u{3}")
            }
            _ = await program.end()
            program.endInput()
            // What removes it starts when the program has ended.
            for _ in 0..<100 where try files() != before {
                try await Task.sleep(for: .milliseconds(50))
            }
            #expect(try files() == before)
        }
    }
}

import Foundation
import Testing

extension EndToEnd {
    /// What would be, of `glossd`: `-n`.
    @Suite("Trying out what an administrator does")
    struct ServerDryRunTests {
        /// Everything that these commands could change, as the server tells it.
        private func state(_ server: GlossServerProcess) async throws -> [String] {
            var told: [String] = []
            for words in [["user", "list"], ["device", "list"], ["library", "list"], ["audit"]] {
                let ran = try await server.administer(words + ["--json"])
                try #require(ran.status == 0, "\(ran)")
                told.append(ran.output)
            }
            return told
        }

        @Test("With -n a running server and a stopped one say what they would do, and do nothing")
        func dryRun() async throws {
            let desk = try Desk()
            try desk.write("drain_seconds = 2\n", to: "glossd.conf")
            let server = GlossServerProcess(desk, options: ["--config", "glossd.conf"])
            let mira = Person("mira", at: desk)
            try await server.start()
            try await mira.join(server.firstInvitation())
            let devices = try await server.administer(["device", "list", "--json"]).objects()
            let device = try #require(devices.first?["devices"].array.first?["id"].string)
            let writers: [([String], String)] = [
                (["invite", "--for", "jo"], "Would be good once"),
                (["user", "role", "mira", "reader"], "main: reader"),
                (["user", "role", "mira", "none"], "mira"),
                (["device", "revoke", device], device), (["library", "add", "other"], "other"),
                (["backup", "\(desk.path)/copy.db"], "would write"),
            ]
            let before = try await state(server)
            try desk.write("drain_seconds = 1\n", to: "glossd.conf")
            for isRunning in [true, false] {
                for (words, text) in writers {
                    let ran = try await server.administer(words + ["-n"])
                    #expect(ran.status == 0, "\(ran)")
                    #expect((ran.output + ran.errors).contains(text), "\(ran)")
                    #expect(ran.errors.contains("Nothing was written."), "\(ran)")
                }
                if isRunning {
                    for _ in 0..<2 {
                        let ran = try await server.administer(["reload", "-n"])
                        #expect(ran.output.contains("changed  drain_seconds"), "\(ran)")
                    }
                }
                let none = try await server.administer(["user", "role", "nobody", "reader", "-n"])
                #expect(none.status == 4, "errors are those of the command: \(none)")
                let known = try await server.administer(["library", "add", "main", "-n"])
                #expect(known.status != 0, "\(known)")
                #expect(!FileManager.default.fileExists(atPath: "\(desk.path)/copy.db"))
                #expect(try await state(server) == before)
                if isRunning { _ = await server.stop() }
            }
        }
    }
}

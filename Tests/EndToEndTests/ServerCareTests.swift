import Foundation
import Glibc
import Testing

extension EndToEnd {
    /// What whoever runs a server asks it and its data.
    @Suite("Looking after a server")
    struct ServerCareTests {
        let desk: Desk

        init() throws {
            desk = try Desk()
        }

        /// What `glossd doctor` found: by name the level.
        private func doctor(
            _ words: String..., data: String = "server"
        ) async throws -> (levels: [String: String], ran: Ran) {
            let ran = try await desk.run(
                [Binaries.glossd, "doctor", "--json", "--data", data] + words)
            var levels: [String: String] = [:]
            for finding in try ran.objects() {
                levels[finding["name"].string ?? "?"] = finding["level"].string
                if finding["level"].string == "error" {
                    #expect(finding["message"].string?.isEmpty == false)
                }
            }
            return (levels, ran)
        }

        @Test("A good server has nothing wrong, running or stopped")
        func good() async throws {
            let server = GlossServerProcess(desk)
            try await server.start()
            let (running, ran) = try await doctor("--set", "connections=50")
            #expect(ran.status == 0, "\(ran)")
            #expect(running["server"] == "ok" && running["address"] == "ok", "\(ran)")
            #expect(running["database"] == "skipped", "\(ran)")
            _ = await server.stop()
            let (stopped, after) = try await doctor("--set", "connections=50")
            #expect(after.status == 0, "\(after)")
            #expect(stopped["database"] == "ok" && stopped["key"] == "ok", "\(after)")
            #expect(stopped["files"] == "ok" && stopped["data directory"] == "ok", "\(after)")
        }

        @Test("What is broken is named with what to do, and nothing is changed")
        func broken() async throws {
            let server = GlossServerProcess(desk)
            try await server.start()
            _ = await server.stop()
            let (none, missing) = try await doctor(data: "nowhere")
            #expect(none["data directory"] == "error" && missing.status == 1, "\(missing)")
            #expect(!FileManager.default.fileExists(atPath: "\(desk.path)/nowhere"))

            chmod("\(desk.path)/server", 0o755)
            chmod("\(desk.path)/server/glossd.db", 0o644)
            chmod("\(desk.path)/server/server-key.pem", 0o644)
            let (open, ran) = try await doctor("--set", "connections=100000")
            #expect(ran.status == 1, "\(ran)")
            #expect(open["data directory"] == "warning" && open["files"] == "error", "\(ran)")
            #expect(open["key"] == "error", "\(ran)")
            #expect(ran.output.contains("chmod 600"), "\(ran)")
            var status = stat()
            #expect(stat("\(desk.path)/server/glossd.db", &status) == 0)
            #expect(status.st_mode & 0o777 == 0o644, "a doctor only looks")

            let file = URL(fileURLWithPath: "\(desk.path)/server/glossd.db")
            var bytes = try Data(contentsOf: file)
            bytes.replaceSubrange(8_192..<16_384, with: Data(count: 8_192))
            try bytes.write(to: file)
            let (damaged, after) = try await doctor()
            #expect(damaged["database"] == "error", "\(after)")
        }

        @Test("Status says what a running server does, and migrate that there is nothing to do")
        func status() async throws {
            let server = GlossServerProcess(desk)
            try await server.start()
            let mira = Person("mira", at: desk)
            try await mira.join(server.firstInvitation())
            try desk.write(Sample.article, to: "piece.txt")
            try await mira.gloss("add", "piece.txt", "--name", "piece")
            try await mira.gloss("sync")
            let ran = try await server.administer(["status", "--json"])
            let status = try #require(try ran.objects().first)["status"]
            #expect(status["uptime"].number != nil && status["problem"] == .null, "\(ran)")
            #expect((status["changesReceived"].number ?? 0) >= 1, "\(ran)")
            #expect((status["databaseBytes"].number ?? 0) > 0, "\(ran)")
            #expect((status["diskFree"].number ?? 0) > 0, "\(ran)")
            let busy = try await server.administer(["migrate", "-n"])
            #expect(busy.status == 9, "\(busy)")
            let audit = try await server.administer(["audit"])
            #expect(audit.output.contains("invitation_redeemed"), "\(audit)")
            #expect(audit.output.contains("mira"), "\(audit)")
            _ = await server.stop()
            for words in [["migrate", "-n"], ["migrate"]] {
                let ran = try await server.administer(words)
                #expect(ran.status == 0 && ran.output.contains("nothing to do"), "\(ran)")
            }
        }

        @Test("With log_format = json every line of standard error is an object")
        func jsonLog() async throws {
            let program = try desk.start([
                Binaries.glossd, "serve", "--data", "server", "--listen", "127.0.0.1:0", "--set",
                "log_format=json", "--print-invite",
            ])
            let progress = await program.wait { $0.errorText.contains("listening") }
            #expect(progress.ending == nil, "\(progress.errorText)")
            let link = try #require(progress.outputText.split(separator: "\n").first)
            try await Person("mira", at: desk).join(String(link))
            program.signal(SIGTERM)
            let end = await program.end()
            let lines = try JSON.lines(end.errorText)
            #expect(lines.map { $0["message"].string }.contains("connection ended"))
            #expect(lines.allSatisfy { $0["time"].string != nil && $0["level"].string != nil })
            #expect(!end.errorText.contains(link.suffix(20)))
        }

        @Test("The unit is one that systemd understands")
        func unit() async throws {
            let config = try desk.write("connections = 3000\n", to: "my server.conf")
            let ran = try await desk.run([Binaries.glossd, "unit", "--config", config])
            #expect(ran.status == 0, "\(ran)")
            let lines = ran.output.split(separator: "\n").map(String.init)
            for line in [
                "Type=notify", "DynamicUser=yes", "ProtectSystem=strict",
                "StateDirectory=glossd", "NoNewPrivileges=yes", "Restart=on-failure",
                "LimitNOFILE=4024", "UMask=0077",
                "ExecStart=\(Binaries.glossd) serve --config \"\(config)\"",
            ] {
                #expect(lines.contains(line), "\(line) in \(ran)")
            }
            let own = try await desk.run([Binaries.glossd, "unit", "--user", "gloss"])
            #expect(own.output.contains("\nUser=gloss\n") && !own.output.contains("DynamicUser"))
            guard let analyze = Tool.path("systemd-analyze") else { return }
            let file = try desk.write(ran.output, to: "glossd.service")
            let checked = try await desk.run([analyze, "verify", file])
            #expect(!checked.errors.contains("glossd.service:"), "\(checked)")
        }

        @Test("The service manager hears of every step", arguments: [false, true])
        func notification(isAbstract: Bool) async throws {
            let name = isAbstract ? "@\(desk.path)/notify" : "\(desk.path)/notify"
            let socket = try NotifySocket(name)
            try desk.write("", to: "glossd.conf")
            let server = GlossServerProcess(
                desk, options: ["--config", "glossd.conf"],
                environment: ["NOTIFY_SOCKET": name, "WATCHDOG_USEC": "200000"])
            let program = try await server.start()
            let ready = try await socket.message { $0.hasPrefix("READY=1\n") }
            #expect(ready.contains("STATUS=serving at"))
            for _ in 0..<2 { _ = try await socket.message { $0 == "WATCHDOG=1" } }
            program.signal(SIGHUP)
            let reloading = try await socket.message { $0.hasPrefix("RELOADING=1\n") }
            let microseconds = reloading.split(separator: "=").last.flatMap { Int($0) }
            #expect((microseconds ?? 0) > 0, "\(reloading)")
            _ = try await socket.message { $0.hasPrefix("READY=1\n") }
            _ = await server.stop()
            _ = try await socket.message { $0 == "STOPPING=1" }
        }
    }
}

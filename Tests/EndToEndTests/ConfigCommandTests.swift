import Testing

extension EndToEnd {
    /// What `glossd config` says, and what `glossd` does with a configuration.
    @Suite("Configuration of a server")
    struct ConfigCommandTests {
        let desk: Desk

        init() throws {
            desk = try Desk()
        }

        private func config(
            _ words: String..., environment: [String: String] = [:]
        ) async throws -> Ran {
            try await desk.run([Binaries.glossd, "config"] + words, environment)
        }

        @Test("Each key is shown with its value and where that comes from")
        func origins() async throws {
            let file = try desk.write(
                "# ours\nconnections = 20\ndrain_seconds = 1\nheartbeat_seconds = 30\n",
                to: "glossd.conf")
            let ran = try await config(
                "show", "--json", "--config", file, "--set", "drain_seconds=2", "--listen", ":9000",
                environment: ["GLOSSD_HEARTBEAT_SECONDS": "31"])
            #expect(ran.status == 0, "\(ran)")
            let keys = try #require(try ran.objects().first)["keys"].array
            func key(_ name: String) -> JSON { keys.first { $0["key"].string == name } ?? .null }
            #expect(key("connections")["value"].string == "20")
            #expect(key("connections")["origin"].string == "file")
            #expect(key("connections")["file"].string == file)
            #expect(key("connections")["line"].number == 2)
            #expect(key("drain_seconds")["value"].string == "2")
            #expect(key("drain_seconds")["origin"].string == "flag")
            #expect(key("listen")["value"].string == "0.0.0.0:9000")
            #expect(key("heartbeat_seconds")["origin"].string == "environment")
            #expect(key("heartbeat_seconds")["variable"].string == "GLOSSD_HEARTBEAT_SECONDS")
            #expect(key("data")["value"].string == "\(desk.path)/home/.local/share/glossd")
            #expect(key("data")["origin"].string == "default")
            let table = try await config("show", "--config", file)
            #expect(table.output.contains("\(file):2"), "\(table)")
        }

        @Test("A file is checked before it is used, and every mistake has its line")
        func check() async throws {
            let good = try desk.write("listen = :9000\n", to: "good.conf")
            let fine = try await config("check", good)
            #expect(fine.status == 0, "\(fine)")
            let bad = try desk.write("listen = :9000\nlisen = :1\n\nconnections = x\n", to: "bad")
            let ran = try await config("check", bad)
            #expect(ran.status == 78, "\(ran)")
            #expect(ran.output.isEmpty)
            #expect(ran.errors.contains("\(bad), line 2: there is no “lisen”"), "\(ran)")
            #expect(ran.errors.contains("\(bad), line 4: connections = x"), "\(ran)")
            let serve = try await desk.run([Binaries.glossd, "serve", "--config", bad])
            #expect(serve.status == 78, "\(serve)")
            #expect(serve.errors.contains("line 4"), "\(serve)")
        }

        @Test("The help of serve names every key")
        func help() async throws {
            let help = try await desk.run([Binaries.glossd, "help", "serve"])
            let keys = try #require(try await config("show", "--json").objects().first)["keys"]
            #expect(keys.array.count > 5)
            for key in keys.array.compactMap(\.["key"].string) {
                #expect(help.output.contains("  \(key) "), "\(help)")
            }
        }
    }
}

import GlossServer
import Testing

@testable import GlossServer

@Suite("Configuration")
struct ConfigurationTests {
    /// A configuration from a file of the given text, with the given environment.
    private func configuration(
        _ text: String, data: String? = nil, _ environment: [String: String] = [:]
    ) async throws -> ServerConfiguration {
        var found: ServerConfiguration?
        try await TestServer.withDirectory { path in
            try DataDirectory(path: path).prepare()
            try DataDirectory.write(text, to: path + "/config")
            found = try ServerConfiguration(dataDirectory: data, file: path + "/config") {
                environment[$0]
            }
        }
        return try #require(found)
    }

    @Test("A file sets what it names, with remarks, quotes and blanks as people like")
    func file() async throws {
        let text = """
            # where
            listen = ":9000"   # everybody
              data=/srv/gloss

            public = notes.lan:443
            connections = 20
            """
        let found = try await configuration(text)
        #expect(found.listen.description == "0.0.0.0:9000")
        #expect(found.dataDirectory == "/srv/gloss")
        #expect(found.publicAddress?.description == "notes.lan:443")
        #expect(found.connections == 20)
        #expect(found.drainSeconds == 5)
    }

    @Test("The command line goes before the environment, and that before the file")
    func precedence() async throws {
        let text = "data = /file\nlisten = a:1\nconnections = 1\n"
        let environment = ["GLOSSD_DATA": "/env", "GLOSSD_LISTEN": "b:2", "GLOSSD_CONNECTIONS": ""]
        let both = try await configuration(text, environment)
        #expect(both.dataDirectory == "/env")
        #expect(both.listen.description == "b:2")
        #expect(both.connections == 1)
        let all = try await configuration(text, data: "/flag", environment)
        #expect(all.dataDirectory == "/flag")
    }

    private func configuration(
        _ text: String, _ environment: [String: String]
    ) async throws -> ServerConfiguration {
        try await configuration(text, data: nil, environment)
    }

    @Test("Without anything, data goes where the desktop says, or under the home directory")
    func defaults() throws {
        let bare = try ServerConfiguration(dataDirectory: nil, file: nil) { name in
            name == "HOME" ? "/home/ana" : nil
        }
        #expect(bare.dataDirectory == "/home/ana/.local/share/glossd")
        #expect(bare.listen.description == "127.0.0.1:7464")
        let desktop = try ServerConfiguration(dataDirectory: nil, file: nil) { name in
            name == "XDG_DATA_HOME" ? "/data" : nil
        }
        #expect(desktop.dataDirectory == "/data/glossd")
    }

    @Test(
        "A line that is not understood is named",
        arguments: [
            "listen", "colour = red", "listen = a b", "connections = many", "connections = 0",
            "data = \"x", "data = \"x\" y", "data =", "data = a\ndata = b",
        ])
    func mistakes(text: String) async throws {
        let error = await #expect(throws: ServerError.self) { try await configuration(text) }
        #expect(error?.code == .configuration)
    }

    @Test("All mistakes are named at once, each with its place")
    func places() async throws {
        let error = await #expect(throws: ServerError.self) {
            try await configuration(
                "# x\ncolour = red\nconnections = many\n", ["GLOSSD_LISTEN": "a b"])
        }
        let lines = try #require(error?.message.split(separator: "\n").map(String.init))
        #expect(lines.count == 3)
        #expect(lines[0].contains("/config, line 2: there is no “colour”. Keys: data, listen"))
        #expect(lines[1].hasPrefix("GLOSSD_LISTEN: listen = a b: host:port"))
        #expect(lines[2].contains("/config, line 3: connections = many: a number from 1 to 100000"))
    }

    @Test("Each value says where it comes from")
    func origins() async throws {
        try await TestServer.withDirectory { path in
            try DataDirectory(path: path).prepare()
            try DataDirectory.write("# x\nlisten = a:1\nconnections = 7\n", to: path + "/config")
            let sources = ConfigurationSources(
                flags: ["drain_seconds": "9"], file: path + "/config"
            ) { ["GLOSSD_CONNECTIONS": "8", "HOME": "/home/ana"][$0] }
            let resolved = try sources.resolve()
            #expect(resolved.entries.map(\.key.name) == ConfigurationKey.all.map(\.name))
            let origins = Dictionary(
                uniqueKeysWithValues: resolved.entries.map { ($0.key.name, $0.origin) })
            #expect(origins["drain_seconds"] == .flag)
            #expect(origins["connections"] == .environment("GLOSSD_CONNECTIONS"))
            #expect(origins["listen"] == .file(path + "/config", line: 2))
            #expect(origins["data"] == .default)
            #expect(resolved.value(of: "connections") == "8")
            #expect(resolved.value(of: "data") == "/home/ana/.local/share/glossd")
            #expect(resolved.value(of: "public") == nil)
        }
    }

    @Test("What a key shows it also takes", arguments: ConfigurationKey.all.map(\.name))
    func roundTrip(name: String) throws {
        let key = try #require(ConfigurationKey.named(name))
        let configuration = ServerConfiguration(dataDirectory: "/srv/gloss")
        guard let shown = key.read(configuration) else { return }
        var other = ServerConfiguration(dataDirectory: "/elsewhere")
        #expect(key.write(&other, shown))
        #expect(key.read(other) == shown)
    }

    @Test("A mistake on the command line alone is wrong usage")
    func flags() {
        for flags in [["colour": "red"], ["connections": "0"]] {
            let sources = ConfigurationSources(flags: flags, file: nil) { _ in nil }
            let error = #expect(throws: ServerError.self) { try sources.resolve() }
            #expect(error?.code == .invalid)
        }
    }

    @Test("A file that is not there is an error")
    func noFile() {
        let error = #expect(throws: ServerError.self) {
            try ServerConfiguration(dataDirectory: nil, file: "/nowhere/config") { _ in nil }
        }
        #expect(error?.code == .configuration)
    }
}

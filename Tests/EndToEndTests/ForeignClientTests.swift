import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// A client that shares nothing with Gloss but the protocol: `openssl s_client` and lines typed
    /// by hand.
    @Suite("A foreign client", .enabled(if: Tool.openssl != nil, "needs openssl"))
    struct ForeignClientTests {
        /// Types lines and notes what is said.
        private final class Terminal {
            private let program: Program
            private var seen = 0
            private(set) var transcript = ""

            init(_ desk: Desk, _ address: String) throws {
                let words = ["openssl", "s_client", "-connect", address, "-tls1_3", "-quiet"]
                transcript = "$ \(words.joined(separator: " "))\n"
                program = try desk.start(words, keepsInputOpen: true)
            }

            /// Types a line and waits for the answers up to one of a type; gives that.
            func type(_ line: String, until type: String) async throws -> JSON {
                Typed.check(line.utf8, as: .client)
                transcript += "C \(line)\n"
                program.send(line + "\n")
                while true {
                    let seen = seen
                    let progress = await program.wait { Self.lines($0).count > seen }
                    let lines = Self.lines(progress)
                    guard lines.count > seen else {
                        throw Failure("the server said no \(type): \(progress.errorText)")
                    }
                    self.seen += 1
                    Typed.check(lines[seen].utf8, as: .server)
                    transcript += "S \(lines[seen])\n"
                    let message = try JSON.lines(lines[seen])[0]
                    if message["t"] == .string(type) { return message }
                }
            }

            func end() async {
                program.endInput()
                program.signal(SIGTERM)
                _ = await program.end()
            }

            private static func lines(_ progress: Program.Progress) -> [String] {
                progress.outputText.split(separator: "\n", omittingEmptySubsequences: false)
                    .dropLast().map(String.init)
            }
        }

        @Test("Lines typed into openssl s_client get a welcome, a document's ops and an ack")
        func typed() async throws {
            let desk = try Desk()
            let server = GlossServerProcess(desk)
            try await server.start()
            let mira = Person("mira", at: desk)
            try await mira.join(server.firstInvitation())
            let link = try await server.invite()
            let secret = Typed.secret(of: link)
            let address = await server.address

            let first = try Terminal(desk, address)
            let welcome = try await first.type(
                Typed.joining(secret, as: "hand"), until: "welcome")
            let library = try #require(welcome["lib"].string)
            let made = try await first.type(Typed.docs(library), until: "docs")
            #expect(made["docs"].array.contains { $0["doc"] == .string(Typed.article) })
            let ack = try await first.type(
                Typed.first("Typed by hand.", name: "typed"), until: "ack")
            #expect(ack["p"].array.first?["at"] == .array([.array([.number(1), .number(1)])]))
            await first.end()

            let second = try Terminal(desk, address)
            _ = try await second.type(Typed.hello, until: "welcome")
            let live = try await second.type(Typed.sub, until: "live")
            #expect(live["at"] == .number(1))
            #expect(second.transcript.contains(#""t":"Typed by hand.""#), "its ops came back")
            let again = try await second.type(
                Typed.push(id: 5, " And again.", seq: 15), until: "ack")
            #expect(again["id"] == .number(5))
            await second.end()

            try await mira.gloss("sync")
            let text = try await mira.gloss("export", "typed").output
            #expect(text == "Typed by hand. And again.")
            try checkTranscript(
                [first.transcript, second.transcript].joined(separator: "\n"),
                [
                    (address, "HOST:PORT"), (secret, "SECRET"), (library, "LIBRARY"),
                    (try #require(welcome["log"].string), "LOG"),
                    (link.components(separatedBy: "v1.").last ?? link, "LINK"),
                ])
        }

        @Test(
            "A first line that is no good hello is answered with its code, and the server closes",
            arguments: [
                (#"{"t":"ping","n":1}"#, "auth_required"), ("hello", "bad_frame"),
                (#"{"t":"hello","id":1,"v":[9],"sw":"x"}"#, "bad_version"),
                (#"{"t":"hello","id":1,"v":[1],"sw":"x"}"#, "auth_required"),
                (Typed.hello, "auth_failed"),
                (String(repeating: "x", count: 5_000), "line_too_long"),
            ])
        func firstLine(_ line: String, _ code: String) async throws {
            let desk = try Desk()
            let server = GlossServerProcess(desk)
            try await server.start()
            let ran = try await desk.run(
                ["openssl", "s_client", "-connect", server.address, "-tls1_3", "-quiet"],
                input: line + "\n")
            let answer = try #require(try ran.objects().last, "\(ran)")
            #expect(answer["t"] == .string("err"))
            #expect(answer["code"] == .string(code), "\(ran)")
            #expect(answer["scope"] == .string("conn"))
            try await Person("mira", at: desk).join(server.firstInvitation())
        }

        @Test("TLS 1.2 is refused", arguments: ["-tls1_2", "-tls1_1"])
        func oldVersions(_ version: String) async throws {
            let desk = try Desk()
            let server = GlossServerProcess(desk)
            try await server.start()
            let old = try await desk.run(
                ["openssl", "s_client", "-connect", server.address, version, "-quiet"],
                input: Typed.hello + "\n")
            #expect(old.status != 0)
            #expect(old.output.isEmpty)
            if version == "-tls1_2" {
                #expect(old.errors.contains("alert protocol version"), "\(old)")
            }
            try await Person("mira", at: desk).join(server.firstInvitation())
        }

        @Test("Plain TCP gets no line, and the server goes on")
        func plain() async throws {
            let desk = try Desk()
            let server = GlossServerProcess(desk)
            try await server.start()
            let port = await server.port
            let answer = try PlainSocket.send(Typed.hello + "\n", port: port)
            #expect(!answer.contains(UInt8(ascii: "{")), "\(answer)")
            try await Person("mira", at: desk).join(server.firstInvitation())
        }

        // MARK: The transcript in the documentation

        /// Compares with the transcript in `Protocol/transcripts/s_client.md`, or writes it there
        /// when `GLOSS_WRITE_TRANSCRIPTS` is set.
        private func checkTranscript(_ text: String, _ names: [(String, String)]) throws {
            var text = text
            for (value, name) in names {
                text = text.replacingOccurrences(of: value, with: "‹\(name)›")
            }
            text = text.replacing(/"w":(?!1790000000000)\d{13}/, with: #""w":‹TIME›"#)
            text = text.replacing(
                /"chain":"[^"]+","sig":"[^"]+"/, with: #""chain":"‹CHAIN›","sig":"‹SIGNATURE›""#)
            for (value, name) in [(Typed.device, "DEVICE"), (Typed.key, "KEY")] {
                text = text.replacingOccurrences(of: value, with: "‹\(name)›")
            }
            let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
                .appendingPathComponent("../../Protocol/transcripts/s_client.md").standardized
            let block = "```\n\(text)```\n"
            if ProcessInfo.processInfo.environment["GLOSS_WRITE_TRANSCRIPTS"] != nil {
                try FileManager.default.createDirectory(
                    at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data((Self.preface + block).utf8).write(to: file)
            }
            let written = String(decoding: try Data(contentsOf: file), as: UTF8.self)
            #expect(written.contains(block), "\(text)")
        }

        private static let preface = """
            # A session typed by hand

            What a client needs is TLS 1.3 and lines. Here `openssl s_client` is that client: a
            first connection joins by an invitation, makes an article and pushes a change; a second
            one comes back with the device's key, follows the article and pushes another. Lines
            with `C` were typed, lines with `S` came back. Everything is as it was but for secrets,
            ids, times and signatures, which stand in ‹›. `s_client` does not check the server's key: a real
            client compares its fingerprint with the join link before it sends anything.


            """
    }
}

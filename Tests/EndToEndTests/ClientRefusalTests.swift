import Foundation
import GlossStorage
import GlossTransport
import Synchronization
import Testing

extension EndToEnd {
    /// What `gloss` does about servers that are not right or not there.
    @Suite("Servers that refuse the client, and that the client refuses")
    struct ClientRefusalTests {
        let desk: Desk
        let server: GlossServerProcess
        let mira: Person

        init() async throws {
            desk = try Desk()
            server = GlossServerProcess(desk)
            mira = Person("mira", at: desk)
            try await server.start()
        }

        /// Everything that reached a server of our own.
        private final class Impostor: Sendable {
            struct Seen: Sendable {
                var sessions = 0
                var failedHandshakes = 0
                var bytes: [UInt8] = []
            }

            let seen = Mutex(Seen())

            /// Listens around `body` and notes what comes.
            func run(key: ServerKey, _ body: (Int) async throws -> Void) async throws {
                var configuration = Listener.Configuration()
                configuration.onEvent = { event in
                    if case .handshakeFailed = event {
                        self.seen.withLock { $0.failedHandshakes += 1 }
                    }
                }
                let listener = try await Listener.bind(
                    host: "127.0.0.1", port: 0, key: key, configuration: configuration)
                guard case .tcp(_, let port) = listener.address else { return }
                async let running: Void = listener.run { connection in
                    self.seen.withLock { $0.sessions += 1 }
                    var lines = connection.lines.makeAsyncIterator()
                    if let line = try? await lines.next() {
                        self.seen.withLock { $0.bytes += line }
                    }
                }
                let result: Result<Void, any Error>
                do { result = .success(try await body(port)) } catch { result = .failure(error) }
                await listener.stop()
                await running
                try result.get()
            }
        }

        @Test("A server whose key does not match the link gets nothing at all")
        func wrongKey() async throws {
            let link = try await server.firstInvitation()
            let port = await server.port
            let impostor = Impostor()
            try await impostor.run(key: ServerKey()) { other in
                let join = try await mira.attempt(
                    "join", link.replacingOccurrences(of: ":\(port)/", with: ":\(other)/"),
                    "--as", "mira")
                #expect(join.status == 8, "\(join)")
                #expect(join.output.isEmpty)
                #expect(join.errors.contains("127.0.0.1:\(other)"))
                #expect(join.errors.contains("another key"))
                #expect(join.errors.contains("try:"))
                #expect(!FileManager.default.fileExists(atPath: mira.file), "nothing is stored")
            }
            #expect(impostor.seen.withLock { $0.sessions } == 0)
            #expect(impostor.seen.withLock { $0.failedHandshakes } == 1)
            #expect(impostor.seen.withLock { $0.bytes }.isEmpty)
            try await mira.join(link)
        }

        @Test("A library that has joined tells a false server from its own")
        func replacedServer() async throws {
            try await mira.join(server.firstInvitation())
            try desk.write(Sample.article, to: "piece.txt")
            try await mira.gloss("add", "piece.txt", "--name", "piece")
            await server.kill()
            try FileManager.default.removeItem(
                atPath: "\(desk.path)/\(server.data)/\(ServerKey.fileName)")
            try await server.start()
            let sync = try await mira.attempt("sync")
            #expect(sync.status == 8, "\(sync)")
            #expect(try await mira.waiting() == 2, "the outbox is as it was")
            let devices = try await server.administer(["device", "list", "--json"])
            #expect(!devices.output.contains("\"sent\""))
        }

        @Test("What the impostor would have seen: with the right key the secret comes")
        func rightKey() async throws {
            let link = try await server.firstInvitation()
            let secret = Typed.secret(of: link)
            let data = "\(desk.path)/\(server.data)"
            await server.kill()
            let port = await server.port
            let impostor = Impostor()
            try await impostor.run(key: ServerKey.loadOrCreate(in: data)) { other in
                let join = try await mira.attempt(
                    "join", link.replacingOccurrences(of: ":\(port)/", with: ":\(other)/"))
                #expect(join.status == 6, "\(join)")
            }
            let seen = impostor.seen.withLock { String(decoding: $0.bytes, as: UTF8.self) }
            #expect(seen.contains(secret), "\(seen)")
        }

        @Test("A wrong, a used and an expired invitation are refused with their codes")
        func invitations() async throws {
            let link = try await server.firstInvitation()
            try await mira.join(link)
            let short = try await server.invite("--expires", "1s")
            let wrong = String(link.dropLast(4)) + (link.hasSuffix("AAAA") ? "BBBB" : "AAAA")
            try await expectRefusal(of: wrong, "auth_failed")
            try await expectRefusal(of: link, "invitation_used")
            // The passing of time is what is tested.
            try await Task.sleep(for: .milliseconds(1_100))
            try await expectRefusal(of: short, "invitation_expired")
            try await Person("jo", at: desk).join(server.invite())
        }

        private func expectRefusal(of link: String, _ code: String) async throws {
            let jo = Person("jo", at: desk)
            let join = try await jo.attempt("join", link, "--as", "jo")
            #expect(join.status == 7, "\(join)")
            #expect(join.errors.contains(code), "\(join)")
            #expect(join.output.isEmpty)
            #expect(!FileManager.default.fileExists(atPath: jo.file), "nothing is stored")
            let json = try await jo.attempt("join", link, "--as", "jo", "--json")
            let error = try #require(try JSON.lines(json.errors).first)
            #expect(error["schema"] == .string("gloss.error/1"))
            #expect(error["code"] == .number(7))
        }

        @Test("A server that is away costs nothing: status 6, and the outbox stays")
        func away() async throws {
            try await mira.join(server.firstInvitation())
            try desk.write(Sample.article, to: "piece.txt")
            try await mira.gloss("add", "piece.txt", "--name", "piece")
            await server.kill()
            let before = try await mira.objects("outbox")
            let sync = try await mira.attempt("sync")
            #expect(sync.status == 6, "\(sync)")
            #expect(sync.output.isEmpty)
            #expect(sync.errors.contains("Local work is safe"))
            #expect(try await mira.objects("outbox") == before)
            try await mira.note("piece", "amber", "offline")
            try await server.start()
            try await mira.gloss("sync")
            #expect(try await mira.waiting() == 0)
        }

        @Test("A server that dies in the middle of the handshake is away, not wrong")
        func diesInHandshake() async throws {
            try await mira.join(server.firstInvitation())
            await server.kill()
            // Takes connections at the server's address, and drops them without a word.
            let dropper = try Dropper(port: await server.port)
            let sync = try await mira.attempt("sync")
            #expect(sync.status == 6, "\(sync)")
            #expect(sync.errors.contains("Local work is safe"), "\(sync)")
            dropper.stop()
        }

        @Test("A revoked device is told so, also while it is connected")
        func revoked() async throws {
            try await mira.join(server.firstInvitation())
            let watch = try mira.start("sync", "--watch")
            await watch.wait { $0.errorText.contains("connected to") }
            let list = try await server.administer(["device", "list", "--json"])
            let device = try #require(list.output.firstMatch(of: /"id":"([0-9a-f]{16})"/)).1
            let revoke = try await server.administer(["device", "revoke", String(device)])
            #expect(revoke.status == 0, "\(revoke)")
            let ended = await watch.end()
            #expect(ended.ending == .exited(7), "\(ended.errorText)")
            #expect(ended.errorText.contains("device_revoked"), "\(ended.errorText)")
            let sync = try await mira.attempt("sync")
            #expect(sync.status == 7)
            #expect(sync.errors.contains("device_revoked"), "\(sync)")
        }
    }
}

import Foundation
import GlossTransport
import Testing

extension EndToEnd {
    /// Invitations that do not fit, and devices that come back.
    @Suite("Joining a second time, or in vain")
    struct JoinTests {
        let desk: Desk
        let server: GlossServerProcess
        let mira: Person
        let jo: Person

        init() async throws {
            (desk, server, mira, jo) = try await Start.atRiver()
        }

        @Test("An invitation to another library is refused before it is used")
        func anotherLibrary() async throws {
            let made = try await server.administer(["library", "add", "essays"])
            #expect(made.status == 0, "\(made)")
            let link = try await server.invite("--library", "essays", "--for", "jo")
            let join = try await jo.attempt("join", link, "--as", "jo")
            #expect(join.status == 64, "\(join)")
            #expect(join.output.isEmpty, "\(join)")
            #expect(join.errors.contains("another library than “main”"), "\(join)")
            #expect(join.errors.contains("--library"), "\(join)")
            let users = try await server.administer(["user", "list"])
            #expect(!users.output.contains("essays"), "\(users)")
            // It is good still, for a library of its own.
            let second = Person("jo", at: desk, library: "jo-essays")
            try await second.join(link)
            let status = try await second.gloss("status")
            #expect(status.output.contains("essays"), "\(status)")
            #expect(try await jo.gloss("status").output.contains("main"))
        }

        @Test("A server that does not know of that lets it in, which is no success")
        func olderServer() async throws {
            let link = try await server.invite("--for", "jo")
            await server.kill()
            let known = await server.port
            let key = try ServerKey.loadOrCreate(in: "\(desk.path)/\(server.data)")
            let listener = try await Listener.bind(host: "127.0.0.1", port: 0, key: key)
            guard case .tcp(_, let port) = listener.address else { return }
            async let running: Void = listener.run { connection in
                var lines = connection.lines.makeAsyncIterator()
                guard let line = try? await lines.next(),
                    let hello = try? JSONDecoder().decode(JSON.self, from: Data(line)),
                    let id = hello["id"].number, let device = hello["auth"]["device"].string
                else { return }
                let welcome = """
                    {"t":"welcome","id":\(Int(id)),"v":1,"user":"jo","device":"\(device)",\
                    "label":"laptop","log":"00000000000000aa","libs":[{"id":"00000000000000ee",\
                    "name":"essays","role":"editor"}],"lib":"00000000000000ee","hb":30,"limits":\
                    {"line":1048576,"inflight":1048576,"batches":256,"subs":4096,"change":65536}}
                    """
                try? await connection.send([Array(welcome.utf8)])
                _ = try? await lines.next()
            }
            let join = try await jo.attempt(
                "join", link.replacingOccurrences(of: ":\(known)/", with: ":\(port)/"))
            await listener.stop()
            await running
            #expect(join.status == 8, "\(join)")
            #expect(join.output.isEmpty, "\(join)")
            #expect(join.errors.contains("“essays” and is used up"), "\(join)")
            #expect(try await jo.gloss("status").output.contains("main"))
        }

        @Test("A revoked device comes back by a new invitation, with its unsent work")
        func revoked() async throws {
            try await jo.note("river", "Walls", "sent before")
            try await jo.gloss("sync")
            try await jo.note("river", "climb", "not sent")
            try await jo.gloss("suggest", "river", "go on", "--to", "do not stop")
            let id = try #require(try await jo.objects("notes", "--kind", "suggestion").first)
            try await jo.gloss("accept", #require(id["id"].string))
            let devices = try await server.administer(["device", "list"])
            let device = try #require(
                devices.output.matches(of: #/([0-9a-f]{16}) +jo /#).first
            ).1.description
            let revoke = try await server.administer(["device", "revoke", device])
            #expect(revoke.status == 0, "\(revoke)")
            let sync = try await jo.attempt("sync")
            #expect(sync.status == 7, "\(sync)")
            #expect(sync.errors.contains("device_revoked"), "\(sync)")
            let waiting = try await jo.waiting()
            let join = try await jo.attempt("join", server.invite("--for", "jo"))
            #expect(join.status == 0, "\(join)")
            #expect(join.output.contains("as jo (editor)"), "\(join)")
            try await jo.gloss("sync")
            #expect(waiting > 0)
            #expect(try await jo.waiting() == 0)
            try await mira.gloss("sync")
            #expect(try await mira.objects("notes").count == 3)
            #expect(try await mira.gloss("export", "river").output.contains("do not stop"))
            #expect(try await mira.checksum(of: "river") == jo.checksum(of: "river"))
            // The old device stays out.
            let list = try await server.administer(["device", "list"])
            #expect(list.output.contains(device), "\(list)")
        }

        @Test("Joining a server that is not there leaves nothing behind")
        func away() async throws {
            let ana = Person("ana", at: desk)
            let link = try await server.invite()
            await server.kill()
            let join = try await ana.attempt("join", link, "--as", "ana")
            #expect(join.status == 6, "\(join)")
            #expect(join.errors.contains("gloss join LINK"), "\(join)")
            #expect(!join.errors.contains("gloss sync"), "\(join)")
            #expect(!FileManager.default.fileExists(atPath: ana.file), "nothing is stored")
            let lost = try await ana.attempt(
                "join", link.replacingOccurrences(of: "127.0.0.1", with: "nowhere.invalid"))
            #expect(lost.status == 6, "\(lost)")
            #expect(!lost.errors.contains("SocketAddressError"), "\(lost)")
            try await ana.initialize()
            // What is made meanwhile joins later.
            try await server.start()
            try await ana.join(link)
            #expect(try await ana.objects("ls").count == 1)
        }

        @Test("A library that was begun alone joins under its own name")
        func ownName() async throws {
            let lee = Person("lee", at: desk)
            try await lee.initialize()
            let made = try await server.administer(["invite", "--for", "lee"])
            #expect(made.errors.contains("gloss join LINK --as lee"), "\(made)")
            let link = made.output.trimmingCharacters(in: .whitespacesAndNewlines)
            let wrong = try await lee.attempt("join", link, "--as", "ana")
            #expect(wrong.status == 7, "\(wrong)")
            #expect(wrong.errors.contains("gloss join LINK --as NAME"), "\(wrong)")
            let join = try await lee.attempt(["join", link], ["USER": "somebody"])
            #expect(join.status == 0, "\(join)")
            #expect(join.output.contains("as lee (editor)"), "\(join)")
        }
    }
}

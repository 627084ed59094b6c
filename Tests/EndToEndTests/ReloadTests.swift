import Foundation
import Glibc
import Testing

extension EndToEnd {
    /// A configuration that changes while the server runs.
    @Suite("Reloading the configuration")
    struct ReloadTests {
        let desk: Desk
        let server: GlossServerProcess
        let mira: Person

        init() async throws {
            desk = try Desk()
            try desk.write("drain_seconds = 2\n", to: "glossd.conf")
            server = GlossServerProcess(desk, options: ["--config", "glossd.conf"])
            mira = Person("mira", at: desk)
            try await server.start()
            try await mira.join(server.firstInvitation())
        }

        private func reload() async throws -> JSON {
            let ran = try await server.administer(["reload", "--json"])
            try #require(ran.status == 0, "\(ran)")
            return try #require(try ran.objects().first)["reload"]
        }

        @Test("What can change does, what cannot is named, and invitations follow")
        func reloading() async throws {
            try desk.write(
                "drain_seconds = 1\nconnections = 50\npublic = notes.example:99\n",
                to: "glossd.conf")
            let report = try await reload()
            #expect(report["changed"].array == [.string("public"), .string("drain_seconds")])
            #expect(report["restart"].array == [.string("connections")])
            #expect(try await server.invite().hasPrefix("gloss://notes.example:99/"))
            let again = try await reload()
            #expect(again["changed"].array.isEmpty)
            #expect(again["restart"].array == [.string("connections")], "it still waits")
            try desk.write("", to: "glossd.conf")
            #expect(try await reload()["changed"].array.contains(.string("public")))
            #expect(try await server.invite().hasPrefix("gloss://\(server.address)/"))
        }

        @Test("A file with a mistake changes nothing and says where it is")
        func mistake() async throws {
            try desk.write("public = notes.example:99\ndrain_seconds = soon\n", to: "glossd.conf")
            let ran = try await server.administer(["reload"])
            #expect(ran.status == 78, "\(ran)")
            #expect(ran.errors.contains("glossd.conf, line 2: drain_seconds = soon"), "\(ran)")
            #expect(try await server.invite().hasPrefix("gloss://\(server.address)/"))
            try await mira.gloss("sync")
        }

        @Test("SIGHUP does the same, and the log has what came of it")
        func signal() async throws {
            let program = try #require(await server.program)
            try desk.write("public = notes.example:99\n", to: "glossd.conf")
            program.signal(SIGHUP)
            let read = await program.wait { $0.errorText.contains("reloaded") }
            #expect(read.ending == nil && read.errorText.contains("public"), "\(read.errorText)")
            try desk.write("nonsense\n", to: "glossd.conf")
            program.signal(SIGHUP)
            let failed = await program.wait { $0.errorText.contains("reloading failed") }
            #expect(failed.ending == nil && failed.errorText.contains("line 1"))
            #expect(try await server.invite().hasPrefix("gloss://notes.example:99/"))
        }

        @Test("Without a server there is nothing to reload")
        func stopped() async throws {
            _ = await server.stop()
            let ran = try await server.administer(["reload"])
            #expect(ran.status == 6, "\(ran)")
            #expect(ran.errors.contains("nothing to reload"), "\(ran)")
        }

        @Test(
            "Another certificate is shown from then on, and who pinned the old key joins again",
            .enabled(if: Tool.openssl != nil, "needs openssl"))
        func certificate() async throws {
            try desk.write("Walls teach the water to climb.", to: "river.txt")
            try await mira.gloss("add", "river.txt", "--name", "river")
            try await mira.gloss("sync")
            let before = try await reload()["fingerprint"].string
            let pair = try await Certificates(desk: desk).make("notes")
            try desk.write(
                "drain_seconds = 2\ncertificate = \(pair.certificate)\nkey = \(pair.key)\n",
                to: "glossd.conf")
            let report = try await reload()
            #expect(report["changed"].array == [.string("certificate"), .string("key")])
            #expect(report["fingerprint"].string != before)
            // The same key out of another file is no other key.
            let moved = pair.certificate + ".moved"
            try FileManager.default.copyItem(atPath: pair.certificate, toPath: moved)
            try desk.write(
                "drain_seconds = 2\ncertificate = \(moved)\nkey = \(pair.key)\n",
                to: "glossd.conf")
            #expect(try await reload()["changed"].array == [.string("certificate")])
            let events = try await server.administer(["audit", "--json"]).objects()
            #expect(events.count { $0["event"].string == "key_changed" } == 1)
            try await mira.note("river", "Walls", "kept here")
            let refused = try await mira.attempt("sync")
            #expect(refused.status == 8, "\(refused)")
            let link = try await server.invite("--for", "mira", "--role", "owner")
            try await mira.gloss("join", link)
            try await mira.gloss("sync")
            #expect(try await mira.waiting() == 0)

            // A stopped server's invitations name the same key.
            _ = await server.stop()
            let jo = Person("jo", at: desk)
            let offline = try await server.invite()
            try await server.start()
            try await jo.join(offline)

            // A key that everybody may read is refused, and the old one stays.
            let other = try await Certificates(desk: desk).make("other")
            chmod(other.key, 0o644)
            try desk.write(
                "certificate = \(other.certificate)\nkey = \(other.key)\n", to: "glossd.conf")
            let open = try await server.administer(["reload"])
            #expect(open.status != 0 && open.errors.contains(other.key), "\(open)")
            try await jo.gloss("sync")
            // One that belongs to another certificate too.
            chmod(other.key, 0o600)
            try desk.write(
                "certificate = \(pair.certificate)\nkey = \(other.key)\n", to: "glossd.conf")
            let mixed = try await server.administer(["reload"])
            #expect(mixed.status != 0 && mixed.errors.contains(pair.certificate), "\(mixed)")
            try await jo.gloss("sync")
        }
    }
}

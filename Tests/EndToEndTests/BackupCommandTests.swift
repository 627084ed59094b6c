import Foundation
import GRDB
import Testing

extension EndToEnd {
    /// Copies of a server's data: verified, and put back.
    @Suite("Backups that are verified and restored")
    struct BackupCommandTests {
        let desk: Desk
        let server: GlossServerProcess
        let mira: Person
        let jo: Person
        let copy: String

        init() async throws {
            (desk, server, mira, jo) = try await Start.atRiver()
            copy = "\(desk.path)/copy.db"
            try await mira.note("river", "Walls", "before")
            try await mira.gloss("sync")
            let ran = try await server.administer(["backup", copy])
            try #require(ran.status == 0, "\(ran)")
        }

        private func verify() async throws -> Ran {
            try await desk.run([Binaries.glossd, "backup", "--verify", copy])
        }

        @Test("A good copy is replayed as a whole and stays as it is")
        func good() async throws {
            let before = try Data(contentsOf: URL(fileURLWithPath: copy))
            let ran = try await verify()
            #expect(ran.status == 0, "\(ran)")
            #expect(ran.output.contains("2 documents replayed"), "\(ran)")
            #expect(ran.output.contains("1 library, 2 users, 2 devices"), "\(ran)")
            #expect(try Data(contentsOf: URL(fileURLWithPath: copy)) == before)
            let json = try await desk.run(
                [Binaries.glossd, "backup", "--verify", copy, "--json"])
            #expect(try json.objects().first?["problems"].array.isEmpty == true, "\(json)")
        }

        /// What somebody does to a copy, and what is said of it.
        private static let harm = [
            (
                "UPDATE log SET bytes = CAST(replace(CAST(bytes AS TEXT), 'before', 'behind') AS BLOB)",
                "the hash is another"
            ),
            ("DELETE FROM log WHERE position = 1", "the position is missing"),
            ("UPDATE log SET sum = sum + 1 WHERE position = 1", "the running checksum differs"),
            ("UPDATE log SET bytes = x'7b7d' WHERE position = 1", "position 1"),
        ]

        @Test("A copy that was tampered with is found out", arguments: 0..<4)
        func tampered(index: Int) async throws {
            let (sql, complaint) = Self.harm[index]
            let queue = try DatabaseQueue(path: copy)
            try await queue.write { try $0.execute(sql: sql) }
            try queue.close()
            let ran = try await verify()
            #expect(ran.status == 9, "\(ran)")
            #expect(ran.output.isEmpty)
            #expect(ran.errors.contains(complaint), "\(ran)")
            let restore = try await desk.run(
                [Binaries.glossd, "restore", copy, "--to", "restored"])
            #expect(restore.status == 9, "\(restore)")
            #expect(!FileManager.default.fileExists(atPath: "\(desk.path)/restored"))
        }

        @Test("A copy whose pages are damaged, or that is none, is found out", arguments: [0, 1])
        func damaged(kind: Int) async throws {
            var bytes = try Data(contentsOf: URL(fileURLWithPath: copy))
            if kind == 0 {
                bytes.replaceSubrange(8_192..<bytes.count, with: Data(count: bytes.count - 8_192))
            } else {
                bytes = Data("no database, only text\n".utf8)
            }
            try bytes.write(to: URL(fileURLWithPath: copy))
            let ran = try await verify()
            #expect(ran.status == 9, "\(ran)")
            #expect(ran.errors.contains(copy), "\(ran)")
            #expect(!ran.errors.contains("glossd-verify"), "\(ran)")
        }

        @Test("What is restored is a server to which clients give back what the copy lacked")
        func restore() async throws {
            try await mira.note("river", "climb", "after, by mira")
            try await mira.gloss("sync")
            try await jo.gloss("sync")
            try await jo.note("river", "Rivers", "after, by jo")
            try await jo.gloss("sync")
            _ = await server.stop()

            let target = "\(desk.path)/restored"
            let words = [Binaries.glossd, "restore", copy, "--to", target]
            let rehearsal = try await desk.run(words + ["-n"])
            #expect(rehearsal.status == 0 && rehearsal.output.contains("Would restore"))
            #expect(!FileManager.default.fileExists(atPath: target), "\(rehearsal)")
            let ran = try await desk.run(words)
            #expect(ran.status == 0, "\(ran)")
            #expect(ran.errors.contains("server-key.pem"), "\(ran)")
            let again = try await desk.run(words)
            #expect(again.status == 1 && again.errors.contains("not empty"), "\(again)")
            let audit = try await desk.run([Binaries.glossd, "audit", "--data", target])
            #expect(audit.output.contains("restored"), "\(audit)")

            // In the place of the old data, with the old key.
            try FileManager.default.copyItem(
                atPath: "\(desk.path)/server/server-key.pem", toPath: target + "/server-key.pem")
            try FileManager.default.moveItem(
                atPath: "\(desk.path)/server", toPath: "\(desk.path)/old")
            try FileManager.default.moveItem(atPath: target, toPath: "\(desk.path)/server")
            try await server.start()
            let given = try await mira.gloss("sync")
            #expect(given.output.contains("given back"), "\(given)")
            for person in [jo, mira, jo] { try await person.gloss("sync") }
            #expect(try await mira.checksum(of: "river") == jo.checksum(of: "river"))
            #expect(try await mira.objects("notes").count == 3)
            let fresh = Person("ana", at: desk)
            try await fresh.join(server.invite("--role", "reader"))
            #expect(try await fresh.checksum(of: "river") == mira.checksum(of: "river"))
        }
    }
}

import Foundation
import Testing

extension EndToEnd {
    /// What happens when files go back in time, or exist twice.
    @Suite("Restored and copied files")
    struct RestoreTests {
        let desk: Desk
        let server: GlossServerProcess
        let mira: Person
        let jo: Person

        init() async throws {
            (desk, server, mira, jo) = try await Start.atRiver()
        }

        @Test("What a restored server lacks its clients give back")
        func restore() async throws {
            try await mira.note("river", "Walls", "before")
            try await mira.gloss("sync")
            let copy = "\(desk.path)/copy.db"
            #expect(try await server.administer(["backup", copy]).status == 0)
            try await mira.note("river", "climb", "after, by mira")
            try await mira.gloss("sync")
            try await jo.gloss("sync")
            try await jo.note("river", "Rivers", "after, by jo")
            try await jo.gloss("sync")

            try await restore(copy)
            let given = try await mira.gloss("sync")
            #expect(given.output.contains("given back"), "\(given)")
            for person in [jo, mira, jo] { try await person.gloss("sync") }
            #expect(try await mira.checksum(of: "river") == jo.checksum(of: "river"))
            #expect(try await mira.objects("notes").count == 3)
            let fresh = Person("ana", at: desk)
            try await fresh.join(server.invite("--role", "reader"))
            #expect(try await fresh.checksum(of: "river") == mira.checksum(of: "river"))
        }

        /// Puts a copy in the place of the server's database.
        private func restore(_ copy: String) async throws {
            _ = await server.stop()
            let file = "\(desk.path)/server/glossd.db"
            for path in [file, file + "-wal", file + "-shm"] {
                try? FileManager.default.removeItem(atPath: path)
            }
            try FileManager.default.copyItem(atPath: copy, toPath: file)
            try await server.start()
        }

        @Test("Who joined after the backup joins again with their library, and loses nothing")
        func lateJoiner() async throws {
            let copy = "\(desk.path)/copy.db"
            #expect(try await server.administer(["backup", copy]).status == 0)
            let ana = Person("ana", at: desk)
            try await ana.join(server.invite("--role", "editor"))
            try await ana.note("river", "Walls", "before the restore")
            try await ana.gloss("sync")
            try await ana.note("river", "climb", "after it")
            try await restore(copy)
            let sync = try await ana.attempt("sync")
            #expect(sync.status == 7, "\(sync)")
            #expect(try await ana.waiting() == 1)
            let link = try await server.invite("--role", "editor")
            let rehearsal = try await ana.attempt("join", link, "--as", "somebody-else", "-n")
            #expect(rehearsal.status == 0 && rehearsal.output.contains("as ana"), "\(rehearsal)")
            let again = try await ana.attempt("join", link, "--as", "somebody-else")
            #expect(again.status == 0 && again.output.contains("as ana"), "\(again)")
            try await ana.gloss("sync")
            #expect(try await ana.waiting() == 0)
            try await mira.gloss("sync")
            #expect(try await mira.objects("notes").count == 2)
            #expect(try await mira.checksum(of: "river") == ana.checksum(of: "river"))
        }

        @Test("A copy that is behind its original sends its work with its first sync")
        func copyBehind() async throws {
            try FileManager.default.copyItem(
                atPath: "\(desk.path)/mira", toPath: "\(desk.path)/twin")
            let twin = Person("twin", at: desk)
            try await mira.note("river", "Walls", "by the original")
            try await mira.note("river", "Rivers", "also by the original")
            try await mira.gloss("sync")
            try await twin.note("river", "climb", "by the copy")
            try await twin.gloss("sync")
            #expect(try await twin.waiting() == 0)
            try await jo.gloss("sync")
            #expect(try await jo.objects("notes").count == 3)
        }

        @Test("A copied library and its original lose nothing to each other")
        func copy() async throws {
            try FileManager.default.copyItem(
                atPath: "\(desk.path)/mira", toPath: "\(desk.path)/twin")
            let twin = Person("twin", at: desk)
            try await mira.note("river", "Walls", "by the original")
            try await twin.note("river", "climb", "by the copy")
            try await twin.note("river", "Rivers", "also by the copy")
            for person in [mira, twin, mira, jo] { try await person.gloss("sync") }
            #expect(try await twin.waiting() == 0)
            for person in [mira, twin, jo] {
                #expect(try await person.objects("notes").count == 3)
                #expect(try await person.checksum(of: "river") == jo.checksum(of: "river"))
            }
        }
    }
}

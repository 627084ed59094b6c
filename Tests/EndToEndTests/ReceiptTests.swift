import Foundation
import GlossStorage
import TestSupport
import Testing

extension EndToEnd {
    /// What a server has lost and those give back who have not made it.
    @Suite("Given back by receipts")
    struct ReceiptTests {
        let desk: Desk
        let server: GlossServerProcess
        let mira: Person
        let jo: Person

        init() async throws {
            (desk, server, mira, jo) = try await Start.atRiver()
        }

        private var files: [String] {
            ["", "-wal", "-shm"].map { "\(desk.path)/server/glossd.db\($0)" }
        }

        /// Puts files in the place of the server's database, and starts it again.
        private func putBack(_ copies: [String]) async throws {
            _ = await server.stop()
            for (file, copy) in zip(files, copies) {
                try? FileManager.default.removeItem(atPath: file)
                if FileManager.default.fileExists(atPath: copy) {
                    try FileManager.default.copyItem(atPath: copy, toPath: file)
                }
            }
            try await server.start()
        }

        /// Does what whoever runs the server does with a backup.
        private func restore(_ copy: String) async throws {
            let directory = "\(desk.path)/restored"
            _ = await server.stop()
            let restored = try await desk.run(
                [Binaries.glossd, "restore", copy, "--to", directory])
            #expect(restored.status == 0, "\(restored)")
            try await putBack([directory + "/glossd.db"])
        }

        /// Who wrote each note, where and when, as somebody's library says.
        private func authors(_ person: Person) async throws -> [String] {
            let rows = try await person.objects("log", "river")
            #expect(!rows.isEmpty)
            return rows.map { row in
                "\(row["change"])"
                    + ["user", "device", "time"].map { " \(row["author"][$0])" }.joined()
            }
        }

        /// Mira and jo write; all of it is acknowledged, and known to both.
        private func goOn() async throws {
            try await jo.note("river", "climb", "by jo, who never comes back")
            let file = try desk.write(
                "Walls teach the water to climb. Streams go on.", to: "corrected.txt")
            try await jo.gloss("edit", "river", "-F", file)
            try await jo.gloss("sync")
            try await mira.note("river", "Walls", "by mira")
            for person in [mira, jo, mira] { try await person.gloss("sync") }
        }

        /// All is there again, from mira alone.
        private func checkReturn(_ before: [String], _ checksum: String) async throws {
            let given = try await mira.gloss("sync")
            #expect(given.output.contains("given back"), "\(given)")
            #expect(try await mira.waiting() == 0)
            let fresh = Person("ana", at: desk)
            try await fresh.join(server.invite("--role", "reader"))
            #expect(try await fresh.checksum(of: "river") == checksum)
            #expect(try await authors(fresh) == before)
            #expect(try await fresh.objects("notes").count == 2)
            // Nothing more is to be given back; jo finds everything there.
            for person in [mira, jo] {
                let sync = try await person.gloss("sync")
                #expect(!sync.output.contains("given back"), "\(sync)")
                #expect(try await person.checksum(of: "river") == checksum)
            }
        }

        @Test("After a restore one device gives back what another made that never comes")
        func restored() async throws {
            let copy = "\(desk.path)/copy.db"
            #expect(try await server.administer(["backup", copy]).status == 0)
            try await goOn()
            let before = try await authors(mira)
            let checksum = try await mira.checksum(of: "river")
            try await restore(copy)
            try await checkReturn(before, checksum)
        }

        @Test("A data directory that was copied by hand and put back lacks nothing in the end")
        func rolledBack() async throws {
            try await mira.note("river", "go on", "before the copy")
            try await mira.gloss("sync")
            _ = await server.stop()
            let copies = files.map { $0 + ".copy" }
            for (file, copy) in zip(files, copies)
            where FileManager.default.fileExists(atPath: file) {
                try FileManager.default.copyItem(atPath: file, toPath: copy)
            }
            try await server.start()
            try await goOn()
            let checksum = try await mira.checksum(of: "river")
            try await putBack(copies)
            let given = try await mira.gloss("sync")
            #expect(given.output.contains("given back"), "\(given)")
            let fresh = Person("ana", at: desk)
            try await fresh.join(server.invite("--role", "reader"))
            #expect(try await fresh.checksum(of: "river") == checksum)
            try await jo.gloss("sync")
            #expect(try await jo.checksum(of: "river") == checksum)
        }

        @Test(
            "The reference client gives back what others made",
            .enabled(if: ReferencePrograms.python != nil, "\(ReferencePrograms.needs)"))
        func reference() async throws {
            let pia = ReferenceClient(desk: desk, name: "pia")
            try await pia.join(server.invite("--role", "reader"))
            let copy = "\(desk.path)/copy.db"
            #expect(try await server.administer(["backup", copy]).status == 0)
            try await goOn()
            try await pia.sync()
            let checksum = try await mira.checksum(of: "river")
            try await putBack([copy])
            let given = try await pia.attempt(["sync"])
            #expect(given.status == 0 && given.errors.contains("were given back"), "\(given)")
            let fresh = Person("ana", at: desk)
            try await fresh.join(server.invite("--role", "reader"))
            #expect(try await fresh.checksum(of: "river") == checksum)
            let sync = try await mira.gloss("sync")
            #expect(!sync.output.contains("given back"), "\(sync)")
        }

        @Test("What has no receipt is left out when asked, and comes back with whoever made it")
        func withoutLost() async throws {
            let copy = "\(desk.path)/copy.db"
            #expect(try await server.administer(["backup", copy]).status == 0)
            try await jo.note("river", "climb", "acknowledged in the last second")
            for person in [jo, mira] { try await person.gloss("sync") }
            // The server dies before its receipt for that has gone out.
            let library = try LibraryStore(path: mira.file)
            try library.write { writer in
                for replica in try writer.replicas() {
                    try writer.keepReceipt(nil, for: replica.id)
                }
            }
            try library.close()
            try await restore(copy)

            let told = try await mira.gloss("sync")
            #expect(told.output.contains("only here      1   by jo"), "\(told)")
            #expect(told.output.contains("gloss sync --without-lost"), "\(told)")
            #expect(try await mira.objects("notes").count == 1)
            let asked = try await mira.objects("sync", "--without-lost")
            #expect(asked.first?["unreturned"] == .number(1), "\(asked)")
            #expect(try await mira.objects("notes").isEmpty)
            let kept = try await mira.objects("outbox")
            #expect(kept.map { $0["user"] } == [.string("jo")], "\(kept)")

            for person in [jo, mira] { try await person.gloss("sync") }
            #expect(try await mira.objects("notes").count == 1)
            #expect(try await mira.objects("outbox").isEmpty)
            #expect(try await mira.checksum(of: "river") == jo.checksum(of: "river"))
        }
    }
}

import Foundation
import Testing

extension EndToEnd {
    /// What `glossd` does when its data cannot be used.
    @Suite("Server data that cannot be used")
    struct ServerFileTests {
        let desk: Desk

        init() throws {
            desk = try Desk()
        }

        private func serve(_ data: String, _ wrapper: [String] = []) async throws -> Ran {
            try await desk.run(
                wrapper + [
                    Binaries.glossd, "serve", "--data", data, "--listen", "127.0.0.1:0",
                ])
        }

        /// A server's data directory, whose server has stopped.
        private func data(_ path: String = "server", _ wrapper: [String] = []) async throws {
            let server = GlossServerProcess(desk, data: path, wrapper: wrapper)
            try await server.start()
            #expect(await server.stop()?.ending == .exited(0))
        }

        @Test("A second server on the same data is refused, and the first goes on")
        func second() async throws {
            let server = GlossServerProcess(desk)
            try await server.start()
            let other = try await serve("server")
            #expect(other.status == 9, "\(other)")
            #expect(other.output.isEmpty)
            #expect(other.errors.contains("server"))
            #expect(other.errors.contains("Stop it, or choose another --data"), "\(other)")
            try await Person("mira", at: desk).join(server.firstInvitation())
        }

        @Test("A port that is taken is refused")
        func port() async throws {
            let server = GlossServerProcess(desk)
            try await server.start()
            let other = try await desk.run([
                Binaries.glossd, "serve", "--data", "other", "--listen", server.address,
            ])
            #expect(other.status == 9, "\(other)")
            #expect(other.errors.contains(await server.address), "\(other)")
        }

        @Test("A file that is no database is refused and stays as it is", arguments: [false, true])
        func noDatabase(_ isLibrary: Bool) async throws {
            try await data()
            let file = "\(desk.path)/server/glossd.db"
            try FileManager.default.removeItem(atPath: file)
            if isLibrary {
                try await Person("mira", at: desk).initialize()
                try FileManager.default.copyItem(
                    atPath: "\(desk.path)/mira/library.db", toPath: file)
            } else {
                try desk.write(
                    String(repeating: "not a database\n", count: 99), to: "server/glossd.db")
            }
            let before = try Data(contentsOf: URL(fileURLWithPath: file))
            let ran = try await serve("server")
            #expect(ran.status == 9, "\(ran)")
            #expect(ran.output.isEmpty)
            #expect(ran.errors.contains("glossd.db"), "\(ran)")
            #expect(ran.errors.contains("database"), "\(ran)")
            #expect(try Data(contentsOf: URL(fileURLWithPath: file)) == before)
        }

        @Test(
            "Data on a read-only mount is refused with its path",
            .enabled(if: Tool.mayMount, "needs the right to mount"))
        func readOnly() async throws {
            let disk = try await SmallDisk(desk, kilobytes: 8_192)
            try await data(disk.path + "/server", disk.wrapper)
            try await disk.setReadOnly(true)
            let ran = try await serve(disk.path + "/server", disk.wrapper)
            #expect(ran.status == 1, "\(ran)")
            #expect(ran.output.isEmpty)
            #expect(ran.errors.contains(disk.path + "/server"), "\(ran)")
            try await disk.setReadOnly(false)
            try await data(disk.path + "/server", disk.wrapper)
        }

        @Test(
            "A disk that fills up: pushes are put off, the server lives, and goes on",
            .enabled(if: Tool.mayMount, "needs the right to mount"))
        func fullDisk() async throws {
            let disk = try await SmallDisk(desk, kilobytes: 2_048)
            let server = GlossServerProcess(
                desk, data: disk.path + "/server", wrapper: disk.wrapper)
            try await server.start()
            let mira = Person("mira", at: desk)
            try await mira.join(server.firstInvitation())
            try desk.write(Sample.article, to: "piece.txt")
            try await mira.gloss("add", "piece.txt", "--name", "piece")
            try await mira.gloss("sync")
            try await disk.fill()
            var random = Seeded(3)
            let long = (0..<6_000).map { _ in String(UInt64.random(in: 0...9, using: &random)) }
                .joined(separator: " ")
            for word in ["amber", "basalt", "cedar"] {
                try await mira.note("piece", word, long)
            }
            let full = try await mira.attempt("sync")
            #expect(try await mira.waiting() > 0, "\(full)")
            #expect(full.status == 0 || full.status == 6, "\(full)")
            #expect((full.output + full.errors).contains("later"), "\(full)")
            #expect(await server.program?.soFar.ending == nil, "the server lives")
            try await disk.clear()
            try await mira.gloss("sync")
            #expect(try await mira.waiting() == 0)
            let jo = Person("jo", at: desk)
            try await jo.join(server.invite())
            let checksum = try await mira.checksum(of: "piece")
            #expect(try await jo.checksum(of: "piece") == checksum)
            #expect(try await jo.objects("notes", "piece").count == 3)
        }
    }
}

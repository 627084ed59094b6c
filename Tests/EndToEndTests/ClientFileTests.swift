import Foundation
import GlossStorage
import Testing

extension EndToEnd {
    /// What `gloss` does when its file cannot be used.
    @Suite("Library files that cannot be used")
    struct ClientFileTests {
        let desk: Desk

        init() throws {
            desk = try Desk()
            try desk.write(Sample.article, to: "piece.txt")
        }

        private func library(
            _ name: String = "mira", _ wrapper: [String] = []
        ) async throws
            -> Person
        {
            let mira = Person("mira", at: desk, library: name, wrapper: wrapper)
            try await mira.initialize()
            try await mira.gloss("add", "piece.txt", "--name", "piece")
            return mira
        }

        /// Status 9, nothing on standard output, the file's name and what to do on the other.
        private func expectRefusal(
            _ ran: Ran, naming file: String, _ words: String,
            at location: SourceLocation = #_sourceLocation
        ) {
            #expect(ran.status == 9, "\(ran)", sourceLocation: location)
            #expect(ran.output.isEmpty, "\(ran)", sourceLocation: location)
            #expect(ran.errors.contains(file), "\(ran)", sourceLocation: location)
            #expect(ran.errors.contains(words), "\(ran)", sourceLocation: location)
        }

        @Test("A file that another process writes to: commands wait, then say so")
        func locked() async throws {
            let mira = try await library()
            let store = try LibraryStore(path: mira.file)
            let (taken, took) = AsyncStream.makeStream(of: Void.self)
            let release = DispatchSemaphore(value: 0)
            let holder = Thread {
                _ = try? store.write { _ in
                    took.finish()
                    release.wait()
                }
            }
            holder.start()
            for await _ in taken {}
            let note = try await mira.attempt("note", "piece", "amber", "-m", "x")
            expectRefusal(note, naming: "library.db", "try:")
            #expect(try await mira.gloss("notes", "piece").output.isEmpty, "reading goes on")
            async let waiting = mira.attempt("note", "piece", "basalt", "-m", "y")
            release.signal()
            #expect(try await waiting.status == 0, "who waits gets through")
            try store.close()
            #expect(try await mira.objects("notes", "piece").count == 1)
        }

        @Test(
            "A file that is no database stays as it is", arguments: ["garbage", "empty", "other"])
        func noDatabase(_ kind: String) async throws {
            let mira = Person("mira", at: desk)
            try FileManager.default.createDirectory(
                atPath: "\(desk.path)/mira", withIntermediateDirectories: true)
            switch kind {
            case "garbage":
                try desk.write(
                    String(repeating: "not a database\n", count: 99), to: "mira/library.db")
            case "other":
                let server = GlossServerProcess(desk)
                try await server.start()
                _ = await server.stop()
                try FileManager.default.copyItem(
                    atPath: "\(desk.path)/server/glossd.db", toPath: mira.file)
            default: try desk.write("gloss", to: "mira/library.db")
            }
            let before = try Data(contentsOf: URL(fileURLWithPath: mira.file))
            expectRefusal(
                try await mira.attempt("note", "piece", "amber", "-m", "x"), naming: "library.db",
                "database")
            expectRefusal(try await mira.attempt("status"), naming: "library.db", "database")
            #expect(try Data(contentsOf: URL(fileURLWithPath: mira.file)) == before)
        }

        @Test(
            "On a read-only mount nothing is written, and reading goes on",
            .enabled(if: Tool.mayMount, "needs the right to mount"))
        func readOnly() async throws {
            let disk = try await SmallDisk(desk, kilobytes: 4_096)
            let mira = try await library(disk.path + "/mira", disk.wrapper)
            try await disk.setReadOnly(true)
            expectRefusal(
                try await mira.attempt("note", "piece", "amber", "-m", "x"), naming: "library.db",
                "cannot be written")
            #expect(try await mira.gloss("export", "piece").output == Sample.article)
            try await disk.setReadOnly(false)
            try await mira.note("piece", "amber", "x")
            #expect(try await mira.objects("notes", "piece").count == 1)
        }

        @Test(
            "On a full disk nothing is half stored, and all goes on when there is room",
            .enabled(if: Tool.mayMount, "needs the right to mount"))
        func fullDisk() async throws {
            let disk = try await SmallDisk(desk, kilobytes: 512)
            let mira = try await library(disk.path + "/mira", disk.wrapper)
            let before = try await mira.objects("history")
            try await disk.fill()
            expectRefusal(
                try await mira.attempt("note", "piece", "amber", "-m", "x"), naming: "library.db",
                "no room")
            #expect(try await mira.objects("history") == before)
            #expect(try await mira.gloss("export", "piece").output == Sample.article)
            try await disk.clear()
            try await mira.note("piece", "amber", "x")
            #expect(try await mira.objects("notes", "piece").count == 1)
        }
    }
}

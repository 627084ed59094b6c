import Foundation
import Glibc
import Testing

extension EndToEnd {
    /// A disk that no longer confirms writes.
    @Suite(
        "A disk that fails",
        .enabled(if: Tool.mayTrace, "needs strace, and the right to trace"))
    struct DiskFailureTests {
        @Test("A server whose disk confirms nothing stops with a clear last word, and no ack")
        func server() async throws {
            let (desk, server, mira, jo) = try await Start.together()
            let program = try #require(await server.program)
            let tracer = try desk.start([
                "strace", "-f", "-p", "\(program.id)", "-o", "/dev/null", "-e",
                "trace=fsync,fdatasync", "-e", "inject=fsync,fdatasync:error=EIO",
            ])
            await tracer.wait { $0.errorText.contains("attached") }
            try #require(tracer.soFar.ending == nil, "\(tracer.soFar.errorText)")
            let before = try Ledger.acknowledged(in: mira.file)
            try await mira.note("piece", "amber", "onto a disk that fails")
            let sync = try await mira.attempt("sync")
            #expect(sync.status == 6, "\(sync)")
            let end = await program.end()
            #expect(end.ending == .exited(74), "\(end.errorText)")
            let words = end.errorText.split(separator: "\n").suffix(2)
            #expect(
                words == [
                    "glossd: server/glossd.db: the disk did not confirm a write. Check the disk, "
                        + "then start again.",
                    "glossd: stopped, because what is on disk is no longer certain.",
                ], "\(end.errorText)")
            #expect(try Ledger.acknowledged(in: mira.file) == before, "nothing was promised")

            try await server.start()
            try await mira.gloss("sync")
            try await jo.gloss("sync")
            let checksum = try await mira.checksum(of: "piece")
            #expect(try await jo.checksum(of: "piece") == checksum)
            #expect(try await jo.objects("notes", "piece").count == 1)
        }

        @Test("A command whose disk confirms nothing fails, and says so")
        func client() async throws {
            let (desk, mira) = try await Start.alone()
            let ran = try await desk.run(
                [
                    "strace", "-f", "-o", "/dev/null", "-e", "trace=fdatasync", "-e",
                    "inject=fdatasync:error=EIO", Binaries.gloss, "note", "piece", "amber", "-m",
                    "x",
                ], mira.environment)
            #expect(ran.status == 9, "\(ran)")
            #expect(ran.errors.contains("did not confirm a write"), "\(ran)")
            try await mira.note("piece", "amber", "x")
            #expect(try await mira.objects("notes", "piece").count == 1)
        }
    }
}

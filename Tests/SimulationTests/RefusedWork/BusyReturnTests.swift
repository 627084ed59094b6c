import GlossCore
import TestSupport
import Testing

@testable import GlossClient

/// Mira's and jo's work is acknowledged and lost, and only bo has jo's. A copy of mira's library takes
/// the numbers of hers: behind that nothing can be given back that was signed after it.
@Suite("A restored server that has no time for what it is given back")
struct BusyReturnTests {
    /// Loses the work; gives bo's library and the copy.
    private static func lose(
        _ desk: inout SimulatedDesk, _ backup: () async throws -> Void,
        _ restore: (inout SimulatedDesk) async throws -> Void
    ) async throws -> (bo: Library, copy: Library) {
        let bo = try await desk.bo()
        try await desk.server.sync(desk.jo)
        try await backup()
        let copy = try desk.mira.rehearsal()
        try desk.edit("Rivers", "Streams", by: desk.jo)
        try desk.edit("Walls", "Dams", by: desk.mira)
        for library in [desk.mira, desk.jo, bo] { try await desk.server.sync(library) }
        try await restore(&desk)
        return (bo, copy)
    }

    private static func busy(_ article: DocumentID) -> RefusingWire {
        RefusingWire(
            "give", answering: "nack",
            #""doc":"\#(article)","code":"overloaded","retry":"later","msg":"busy""#)
    }

    /// Everything that anybody wrote comes back to bo and mira.
    private static func expectAll(_ desk: SimulatedDesk, _ bo: Library) async throws {
        for library in [bo, desk.mira, desk.mira, bo] {
            let report = try await desk.server.sync(library)
            #expect(report.failures.isEmpty, "\(report)")
        }
        for library in [bo, desk.mira] {
            let text = try library.view(desk.article).text
            for words in ["Streams", "Dams", "Di"] { #expect(text.contains(words), "\(text)") }
        }
    }

    @Test("It is given back by the next sync")
    func sync() async throws {
        try await SimulatedDesk.withBackups(signs: true) { desk, backup, restore in
            let (bo, copy) = try await Self.lose(&desk, backup, restore)
            try desk.edit("Walls", "Di", by: copy)
            try await desk.server.sync(copy)
            let server = Self.busy(desk.article)
            desk.server.alteration = server.alteration
            #expect(try await desk.server.sync(bo).postponed == ["busy"])
            desk.server.alteration = nil
            try await Self.expectAll(desk, bo)
        }
    }

    @Test(
        "It is given back in a watch when what stands in the way comes", .timeLimit(.minutes(1)))
    func watch() async throws {
        try await SimulatedDesk.withBackups(signs: true) { desk, backup, restore in
            let (bo, copy) = try await Self.lose(&desk, backup, restore)
            let server = Self.busy(desk.article)
            var watch = Watch(of: bo, on: desk.server, altering: server.alteration)
            await watch.settle()
            #expect(server.refusals == 1)
            server.stop()
            try desk.edit("Walls", "Di", by: copy)
            try await desk.server.sync(copy)
            while try !bo.view(desk.article).text.contains("Di") { await Task.yield() }
            let text = try bo.view(desk.article).text
            #expect(text.contains("Streams") && !text.contains("Dams"), "\(text)")
            let report = try await watch.end()
            #expect(report.failures.isEmpty && report.returned == 1, "\(report)")
            try await Self.expectAll(desk, bo)
        }
    }

    @Test(
        "If the article is hidden meanwhile, it is given back once it is shown again",
        .timeLimit(.minutes(1)))
    func hidden() async throws {
        try await SimulatedDesk.withBackups(signs: true) { desk, backup, restore in
            let (bo, copy) = try await Self.lose(&desk, backup, restore)
            try desk.edit("Walls", "Di", by: copy)
            try await desk.server.sync(copy)
            let server = Self.busy(desk.article)
            var watch = Watch(of: bo, on: desk.server, altering: server.alteration)
            while server.refusals < 2 { await Task.yield() }
            try await desk.server.setRole(nil, of: "bo", on: desk.article)
            await watch.wait { if case .failed = $0 { true } else { false } }
            server.stop()
            try await desk.server.setRole(.editor, of: "bo", on: desk.article)
            while try !bo.view(desk.article).text.contains("Di") { await Task.yield() }
            let text = try bo.view(desk.article).text
            #expect(text.contains("Streams") && !text.contains("Dams"), "\(text)")
            #expect(try await watch.end().failures.isEmpty)
            try await Self.expectAll(desk, bo)
        }
    }
}

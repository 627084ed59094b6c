import GlossCore
import TestSupport
import Testing

@testable import GlossClient

@Suite("A server that cannot do just now what it is asked, while somebody watches")
struct HesitatingServerTests {
    private static let refusal = #""code":"overloaded","retry":"later","msg":"busy""#

    @Test("A document that it would not give is followed later", .timeLimit(.minutes(1)))
    func document() async throws {
        let desk = try await SimulatedDesk()
        let wire = RefusingWire(
            "sub", with: "\(desk.article)", answering: "err",
            #""scope":"doc","doc":"\#(desk.article)",\#(Self.refusal)"#)
        let watch = Watch(of: desk.mira, on: desk.server, altering: wire.alteration)
        while wire.refusals < 2 { await Task.yield() }
        wire.stop()
        try desk.edit("Walls", "Dams", by: desk.jo)
        try await desk.server.sync(desk.jo)
        while try !desk.mira.view(desk.article).text.contains("Dams") { await Task.yield() }
        try desk.edit("Rivers", "Streams", by: desk.mira)
        while try !desk.mira.outbox().isEmpty { await Task.yield() }
        #expect(try await watch.end().failures.isEmpty)
    }

    @Test("An article that it would not make is made later", .timeLimit(.minutes(1)))
    func article() async throws {
        let desk = try await SimulatedDesk()
        _ = try desk.mira.addArticle(name: "lake", title: "", text: "Still water.")
        let wire = RefusingWire(
            "docs", with: #""new""#, answering: "err", #""scope":"msg",\#(Self.refusal)"#)
        let watch = Watch(of: desk.mira, on: desk.server, altering: wire.alteration)
        while wire.refusals < 2 { await Task.yield() }
        wire.stop()
        while try !desk.mira.outbox().isEmpty { await Task.yield() }
        let report = try await watch.end()
        #expect(report.failures.isEmpty && report.postponed.isEmpty, "\(report)")
        try await desk.server.sync(desk.jo)
        #expect(try desk.jo.articles().map(\.name).contains("lake"))
    }
}

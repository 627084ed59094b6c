import GlossCore
import GlossProtocol
import GlossStorage
import Synchronization
import TestSupport
import Testing

@testable import GlossClient

@Suite("Two processes that sync one library at once")
struct TwoProcessesTests {
    /// Takes the rest of a log into a library when the first line of a type comes by, as another
    /// process on it would.
    private static func taking(
        _ rows: [GlossProtocol.ReceivedChange], of document: DocumentID, into library: Library,
        at type: String
    ) -> Wire.Alteration {
        { line in
            let text = String(decoding: line, as: UTF8.self)
            guard text.hasPrefix(#"{"t":"\#(type)""#), text.contains("\(document)") else {
                return [line]
            }
            do {
                try library.store.write { writer in
                    let position = try writer.replica(document)?.position ?? 0
                    _ = try writer.integrate(
                        document, rows.filter { $0.at > position }, to: rows.last?.at ?? 0,
                        environment: library.environment)
                }
            } catch { Issue.record("\(error)") }
            return [line]
        }
    }

    @Test(
        "What one of them took in does not mislead the other",
        arguments: ["have", "ops", "live"], [false, true])
    func rows(type: String, isAhead: Bool) async throws {
        var desk = try await SimulatedDesk()
        try desk.edit("Walls", "Dams", by: desk.jo)
        try desk.edit("Rivers", "Streams", by: desk.jo)
        try await desk.server.sync(desk.jo)
        var rows = try await desk.server.log(of: desk.article).map { row in
            GlossProtocol.ReceivedChange(
                at: row.position, user: row.user, device: row.deviceLabel, time: row.receivedAt,
                change: try EncodedChange(bytes: row.bytes))
        }
        if isAhead {
            // The other is told of one more before this one is.
            try desk.edit("climb", "rise", by: desk.jo)
            let change = try #require(try desk.jo.outbox().first).change
            rows.append(
                GlossProtocol.ReceivedChange(
                    at: rows.count + 1, user: "jo", device: "laptop", time: desk.clock.now,
                    change: try EncodedChange(change)))
        }
        desk.server.alteration = Self.taking(rows, of: desk.article, into: desk.mira, at: type)
        let report = try await desk.server.sync(desk.mira)
        #expect(report.resynced == 0 && report.failures.isEmpty, "\(report)")
        desk.server.alteration = nil
        for library in [desk.jo, desk.mira] {
            let report = try await desk.server.sync(library)
            #expect(report.resynced == 0 && report.failures.isEmpty, "\(report)")
        }
        #expect(try desk.sight(desk.mira) == desk.sight(desk.jo))
        let record = try desk.mira.store.read { try $0.replica(desk.article) }
        #expect(record?.position == rows.count)
    }

    @Test("What one of them made and pushed is not taken for a copy's by the other")
    func push() async throws {
        var desk = try await SimulatedDesk()
        let before = try #require(try desk.mira.store.read { try $0.replica(desk.article) })
        let isFirst = Mutex(true)
        desk.server.alteration = { [desk] line in
            guard case .have(var have)? = try? ServerMessage.decode(line), have.doc == desk.article,
                isFirst.withLock({ isFirst in
                    defer { isFirst = false }
                    return isFirst
                })
            else { return [line] }
            do {
                // The server has it already, and the other has not heard of that.
                try desk.edit("Walls", "Dams", by: desk.mira)
                let item = try #require(try desk.mira.outbox().first)
                try desk.mira.store.write { writer in
                    for stored in try writer.unacknowledged() {
                        try writer.markOffered(stored.document, stored.index)
                    }
                }
                have.vector[before.agent] = item.change.endSeq
            } catch { Issue.record("\(error)") }
            return [ServerMessage.have(have).encode()]
        }
        let report = try await desk.server.sync(desk.mira)
        #expect(report.failures.isEmpty && report.sent == 1, "\(report)")
        #expect(try desk.mira.store.read { try $0.replica(desk.article)?.agent } == before.agent)
        desk.server.alteration = nil
        try await desk.server.sync(desk.jo)
        #expect(try desk.sight(desk.mira) == desk.sight(desk.jo))
    }
}

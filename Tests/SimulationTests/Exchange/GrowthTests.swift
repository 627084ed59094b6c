import GlossCore
import GlossCrypto
import GlossProtocol
import GlossStorage
import TestSupport
import Testing

@testable import GlossClient

@Suite("Libraries of this version among programs of a later one")
struct GrowthTests {
    /// A change of a later version: with fields and an operation that are not known now.
    private static let later = Array(
        (#"{"a":"00000000000000f1","o":[{"k":"ins","t":"Later. ","~wide":[{"z":1}]},"#
            + #"{"at":{"x":[[1]]},"k":"reaction","of":"👍"}],"s":0,"w":5,"~sig":"QQ"}"#).utf8)

    /// Adds fields to every line, and lines of types that are not known behind all but the first.
    @Sendable private static func alter(_ line: [UInt8]) -> [[UInt8]] {
        let text = String(decoding: line.prefix(20), as: UTF8.self)
        let isFirst = ["hello", "welcome"].contains { text.hasPrefix(#"{"t":"\#($0)""#) }
        let unknown = Array(#"{"t":"glance","id":1099511627775,"s":{"at":[1]}}"#.utf8)
        return [FutureLine.extending(line)] + (isFirst || text.contains(#""err""#) ? [] : [unknown])
    }

    @Test("They sync, keep what they do not know word for word, and agree with the server")
    func later() async throws {
        let store = MemoryStore(lineage: 1)
        var desk = try await SimulatedDesk(store: store)
        let change = try EncodedChange(bytes: Self.later)
        let hash = ChangeHash(of: change, previous: nil, dependencies: [])
        let head = try #require(try await store.document(desk.article)).head
        _ = try await store.commit([
            Append(
                document: desk.article, expectedHead: head,
                rows: [
                    NewRow(
                        agent: change.change.agent, seq: 0, count: change.change.count,
                        bytes: change.bytes, hash: hash.digest.bytes, user: "mira",
                        device: DeviceID(rawValue: 9), deviceLabel: "later", receivedAt: 5)
                ])
        ])
        let clock = desk.clock
        desk.server = try await SimulatedServer(store: store, clock: { clock.now })
        desk.server.alteration = Self.alter
        try desk.edit("Walls", "Dams", by: desk.mira)
        _ = try desk.note("climb", "rise?", by: desk.jo)
        for library in [desk.mira, desk.jo, desk.mira] {
            let report = try await desk.server.sync(library)
            #expect(report.failures.isEmpty && report.postponed.isEmpty)
        }
        #expect(try desk.sight(desk.mira) == desk.sight(desk.jo))
        #expect(try desk.mira.view(desk.article).text.contains("Later. "))
        for library in [desk.mira, desk.jo] {
            let kept = try library.read { try $0.changes(of: desk.article) }
            #expect(kept.contains { $0.bytes == Self.later })
            #expect(try library.outbox().isEmpty)
        }
    }
}

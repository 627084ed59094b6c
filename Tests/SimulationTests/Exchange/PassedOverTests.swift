import GlossCore
import GlossProtocol
import GlossStorage
import TestSupport
import Testing

@testable import GlossClient

@Suite("Private annotation sets beside libraries that do not follow them")
struct PassedOverTests {
    @Test("They are passed over, in lists and as news, and everything else is synced")
    func passedOver() async throws {
        let desk = try await SimulatedDesk()
        let set = DocumentID.privateSet(of: desk.article, for: "jo")
        _ = try await desk.server.store.createPrivateSet(
            set, of: desk.article, for: "jo", now: 1)
        try desk.note("Rivers", "all of them?", by: desk.jo)
        for library in [desk.jo, desk.mira] {
            let report = try await desk.server.sync(library)
            #expect(report.failures.isEmpty && report.postponed.isEmpty)
            #expect(try library.read { try $0.replica(set) } == nil)
        }
        #expect(try desk.sight(desk.mira) == desk.sight(desk.jo))
    }
}

import GlossCore
import TestSupport
import Testing

@testable import GlossClient

@Suite("Libraries and a server, with lines in memory between them")
struct SyncTests {
    let desk: SimulatedDesk

    init() async throws {
        desk = try await SimulatedDesk()
    }

    @Test("What two write comes to both, and each sees it as the other does")
    func two() async throws {
        try desk.edit("Walls", "Dams", by: desk.mira)
        _ = try desk.note("climb", "rise?", by: desk.jo)
        for library in [desk.mira, desk.jo, desk.mira] {
            let report = try await desk.server.sync(library)
            #expect(report.failures.isEmpty && report.postponed.isEmpty)
        }
        let (mira, jo) = (try desk.mira.view(desk.article), try desk.jo.view(desk.article))
        #expect(mira.text == "Dams teach the water to climb. Rivers go on.")
        #expect(Sight(mira, of: "mira") == Sight(jo, of: "jo"))
    }

    @Test("What follows a command that wrote into both documents goes out behind it")
    func order() async throws {
        let note = try desk.note("Walls", "better", proposal: "Dams", by: desk.mira)
        _ = try desk.mira.accept([note], message: nil, command: "accept")
        // Takes the words out of the article, and writes a verdict.
        _ = try desk.mira.reject([note], why: nil, command: "reject")
        try desk.edit("Rivers", "Streams", by: desk.mira)
        _ = try desk.note("climb", "rise?", by: desk.mira)
        let report = try await desk.server.sync(desk.mira)
        #expect(report.postponed.isEmpty)
        #expect(try desk.mira.outbox().isEmpty)
    }
}

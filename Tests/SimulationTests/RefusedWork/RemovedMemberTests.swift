import GlossCore
import TestSupport
import Testing

@testable import GlossClient

@Suite("Somebody who worked offline, and is no member any more")
struct RemovedMemberTests {
    let desk: SimulatedDesk

    init() async throws {
        desk = try await SimulatedDesk()
        try desk.edit("Walls", "Dams", by: desk.jo)
        try desk.note("Dams", "better", by: desk.jo)
        try await desk.server.setRole(nil, of: "jo")
    }

    @Test("A sync says so, and leaves everything as it was")
    func sync() async throws {
        let before = try desk.sight(desk.jo)
        let error = await desk.failure(desk.jo)
        #expect(error?.code == .notAllowed)
        #expect(error?.message.contains("no member") == true)
        let outbox = try desk.jo.outbox()
        #expect(outbox.count == 2 && outbox.allSatisfy { $0.refusal == nil })
        #expect(try desk.sight(desk.jo) == before)
        try await desk.server.sync(desk.mira)
        #expect(try desk.mira.view(desk.article).text == SimulatedDesk.text)
        #expect(try desk.mira.view(desk.article).notes.isEmpty)
    }

    @Test("Work goes on here, and all of it is sent once they are a member again")
    func again() async throws {
        _ = await desk.failure(desk.jo)
        try desk.note("Rivers", "still here", by: desk.jo)
        _ = try desk.jo.undo()
        _ = try desk.jo.redo()
        try desk.edit("teach", "show", by: desk.mira)
        try await desk.server.sync(desk.mira)
        #expect(await desk.failure(desk.jo)?.code == .notAllowed)
        try await desk.server.setRole(.editor, of: "jo")
        let report = try await desk.server.sync(desk.jo)
        #expect(report.refused == 0 && report.postponed.isEmpty)
        #expect(try desk.jo.outbox().isEmpty)
        try await desk.server.sync(desk.mira)
        let seen = try desk.mira.view(desk.article)
        #expect(seen.text == "Dams show the water to climb. Rivers go on.")
        #expect(seen.notes.map(\.body) == ["better", "still here"])
        #expect(try desk.sight(desk.mira) == desk.sight(desk.jo))
    }

    @Test("Who comes back with less may send what that allows")
    func lowered() async throws {
        _ = await desk.failure(desk.jo)
        try desk.note("Rivers", "still here", by: desk.jo)
        try await desk.server.setRole(.reviewer, of: "jo")
        let report = try await desk.server.sync(desk.jo)
        #expect(report.refused == 2 && report.sent == 1)
        try await desk.server.sync(desk.mira)
        #expect(try desk.mira.view(desk.article).notes.map(\.body) == ["still here"])
        #expect(try desk.sight(desk.mira) == desk.sight(desk.jo))
    }
}

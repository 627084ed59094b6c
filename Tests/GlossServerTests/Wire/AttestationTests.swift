import GlossCore
import GlossProtocol
import Testing

@testable import GlossServer

@Suite("What a server has signed or computed of a log", .timeLimit(.minutes(1)))
struct AttestationTests {
    @Test("It is told to who may read the document, and to nobody whose role has just gone")
    func role() async throws {
        let desk = try await Desk()
        let change = Sample.typing("x", agent: Sample.agent(1))
        _ = try await desk.push([(Sample.article, [change])], device: 9)
        try await LoneConnection.run(on: desk) { lone in
            try await lone.subscribe()
            var end: Live?
            while end == nil, let message = try await lone.client.receive() {
                if case .live(let live) = message { end = live }
            }
            let live = try #require(end)
            func attest(_ state: UInt64) {
                lone.connection.logGrew(
                    by: ServerSession.LogSlice(
                        doc: Sample.article, after: live.at, rows: [], head: live.at,
                        sum: live.sum, state: state))
            }
            attest(5)
            var told: UInt64?
            while told == nil, let message = try await lone.client.receive() {
                if case .live(let live) = message { told = live.state }
            }
            #expect(told == 5)
            // The connection has not heard of it yet.
            desk.access.remove(lone.connection)
            desk.setRole(nil, of: "ana")
            attest(6)
            #expect(try await lone.client.everything(number: 1).isEmpty)
        }
    }
}

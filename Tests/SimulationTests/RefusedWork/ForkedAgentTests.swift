import GlossCore
import GlossProtocol
import Synchronization
import TestSupport
import Testing

@testable import GlossClient

@Suite("Somebody whose work a server refuses as another device's, again and again")
struct ForkedAgentTests {
    /// A server that takes no change, under whatever agent: pushes do not reach it.
    private final class Forks: Sendable {
        private let pushes = Mutex<[Int: Nack]>([:])

        var count: Int { pushes.withLock { $0.count } }

        /// A push goes there as a ping, whose pong comes back as the refusal.
        @Sendable func alter(_ line: [UInt8]) -> [[UInt8]] {
            if case .push(let push)? = try? ClientMessage.decode(line), let part = push.parts.first,
                let raw = part.changes.first, let change = try? ChangeCodec.decode(raw.bytes)
            {
                let number = pushes.withLock { pushes in
                    pushes[pushes.count + 1] = Nack(
                        id: push.id, doc: part.doc, agent: change.agent, seq: change.seq,
                        code: .agentFork, message: "the agent is another device's")
                    return pushes.count
                }
                return [ClientMessage.ping(Ping(number: number)).encode()]
            }
            if case .pong(let ping)? = try? ServerMessage.decode(line), let number = ping.number,
                let nack = pushes.withLock({ $0[number] })
            {
                return [ServerMessage.nack(nack).encode()]
            }
            return [line]
        }
    }

    @Test(
        "It is refused in the end, kept with the reason, and can be sent later",
        .timeLimit(.minutes(1)))
    func again() async throws {
        var desk = try await SimulatedDesk()
        let forks = Forks()
        try desk.edit("Walls", "Dams", by: desk.jo)
        try desk.note("Rivers", "all of them?", by: desk.jo)
        desk.server.alteration = { forks.alter($0) }
        let report = try await desk.server.sync(desk.jo)
        #expect(report.sent == 0 && report.refused == 2)
        let outbox = try desk.jo.outbox()
        #expect(outbox.count == 2)
        #expect(outbox.allSatisfy { $0.refusal?.code == "agent_fork" })
        #expect(forks.count <= 6)

        desk.server.alteration = nil
        #expect(try await desk.server.sync(desk.jo).refused == 0)
        try desk.jo.retry(desk.jo.outbox(), command: "outbox --retry all")
        #expect(try await desk.server.sync(desk.jo).sent == 2)
        try await desk.server.sync(desk.mira)
        #expect(try desk.sight(desk.mira) == desk.sight(desk.jo))
        #expect(try desk.mira.view(desk.article).text.hasPrefix("Dams"))
    }
}

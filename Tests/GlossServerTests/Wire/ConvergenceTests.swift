import GlossCore
import GlossProtocol
import GlossStorage
import Testing

@testable import GlossServer

@Suite("Several people at once, over TLS", .timeLimit(.minutes(1)))
struct ConvergenceTests {
    private static let people = 4
    private static let pushes = 40

    @Test("Four who push at once without waiting all end with the same log and the same text")
    func convergence() async throws {
        try await TestServer.run { server in
            _ = try await server.bystander()
            let texts = try await withThrowingTaskGroup(of: Outcome.self) { group in
                for number in 1...Self.people {
                    let name = "p\(number)"
                    let client = try await server.join(name, device: UInt64(number))
                    group.addTask {
                        try await Self.write(client, agent: Sample.agent(UInt64(number)))
                    }
                }
                var found: [Outcome] = []
                for try await outcome in group { found.append(outcome) }
                return found
            }
            let total = Self.people * Self.pushes
            #expect(texts.allSatisfy { $0 == texts[0] })
            #expect(texts[0].text.unicodeScalars.count == total)
            #expect(texts[0].at == total)
            let sum = try await server.store.sum(of: Sample.article, at: total)
            #expect(sum == texts[0].sum.rawValue)
        }
    }

    /// What somebody ends with.
    private struct Outcome: Equatable {
        var text: String
        var at: Int
        var sum: Checksum
    }

    /// Follows the article, pushes without waiting for answers, and goes on until everything of
    /// everybody is there.
    private static func write(_ client: TestClient, agent: AgentID) async throws -> Outcome {
        try await client.send(
            .sub(
                SubscribeRequest(
                    id: 1, doc: Sample.article, at: 0, sum: Checksum(), vector: VersionVector())))
        var replica = Replica(id: Sample.article)
        for number in 0..<pushes {
            let change = Sample.typing("x", agent: agent, seq: number)
            try await client.send(.push(try Push(id: 10 + number, [(Sample.article, [change])])))
            try replica.integrate(change)
        }
        var acks: [Int] = []
        var positions = 0
        var live = Live(doc: Sample.article, at: 0, sum: Checksum())
        while live.at < people * pushes || acks.count < pushes {
            guard let message = try await client.receive() else {
                throw Unexpected(message: "the server closed")
            }
            switch message {
            case .ack(let ack):
                acks.append(ack.id)
                let position = ack.parts[0].positions[0]
                #expect(position > positions)
                positions = position
            case .ops(let page):
                for row in page.changes {
                    try replica.integrate(try EncodedChange(row.change).change)
                }
            case .live(let next): live = next
            case .have: continue
            default: throw Unexpected(message: "\(message)")
            }
        }
        #expect(acks == Array(10..<10 + pushes))
        return Outcome(text: replica.text, at: live.at, sum: live.sum)
    }
}

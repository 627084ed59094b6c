import NIOCore
import Testing

@testable import GlossTransport

/// When what comes in a crowd may start.
@Suite struct PaceTests {
    private static func time(_ milliseconds: Int64) -> NIODeadline {
        .uptimeNanoseconds(UInt64(1_000_000_000_000 + milliseconds * 1_000_000))
    }

    @Test func `a crowd is spread over time, and who would wait too long is sent away`() {
        var pace = Pace(perSecond: 100, patience: .seconds(2))
        let delays = (0..<1_000).map { _ in pace.delay(now: Self.time(0)) }
        // A tenth of a second's turns and the one that is due at once.
        #expect(delays.prefix(11).allSatisfy { $0 == .nanoseconds(0) })
        #expect(delays[11] == .milliseconds(10))
        #expect(delays[111] == .milliseconds(1_010))
        #expect(delays.count { $0 != nil } == 211)
        #expect(delays.drop { $0 != nil }.allSatisfy { $0 == nil })
        // Later there is room again, for as many as have had their turn since.
        let later = (0..<300).map { _ in pace.delay(now: Self.time(1_000)) }
        #expect(later.count { $0 != nil } == 100)
    }

    @Test func `who comes at leisure never waits`() {
        var pace = Pace(perSecond: 100, patience: .seconds(2))
        for turn in 0..<1_000 {
            #expect(pace.delay(now: Self.time(Int64(turn) * 10)) == .nanoseconds(0))
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `who has to wait for a turn is served then, and who would wait too long is closed`()
        async throws
    {
        let log = EventLog()
        let key = try ServerKey()
        let configuration = log.configuration {
            $0.handshakesPerSecond = 10
            $0.handshakeTimeout = .seconds(1)
        }
        try await withServer(key: key, configuration: configuration, session: echo) { port in
            let outcomes = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<40 {
                    group.addTask {
                        let connection = try? await Dialer().connect(
                            host: "127.0.0.1", port: port, fingerprint: key.fingerprint)
                        await connection?.close()
                        return connection != nil
                    }
                }
                return await group.reduce(into: [Bool]()) { $0.append($1) }
            }
            let served = outcomes.count { $0 }
            #expect((2..<40).contains(served), "\(served)")
        }
    }
}

import GlossCore
import GlossProtocol
import GlossTransport
import Testing

@testable import GlossServer

@Suite("Presence, over TLS", .timeLimit(.minutes(1)))
struct PresenceTests {
    private static let words = PresenceState(at: OpID(agent: Sample.agent(1), seq: 3))

    private func follow(_ client: TestClient) async throws {
        try await client.send(
            .sub(
                SubscribeRequest(
                    id: 20, doc: Sample.article, at: 0, sum: Checksum(), vector: VersionVector())))
        guard case .have = try await client.receive(), case .live = try await client.receive()
        else { throw Unexpected(message: "no subscription") }
    }

    private func say(_ client: TestClient, _ state: PresenceState?) async throws {
        try await client.send(.pres(PresenceReport(doc: Sample.article, state: state)))
    }

    private func news(_ client: TestClient) async throws -> PresenceNews {
        guard case .pres(let news) = try await client.receive() else {
            throw Unexpected(message: "no news of who is there")
        }
        return news
    }

    private func entry(_ key: String, _ user: String, _ state: PresenceState) -> PresenceNews.Entry
    {
        PresenceNews.Entry(key: key, user: user, device: "laptop", state: state)
    }

    @Test("People see who comes, moves and goes, and nobody else is told")
    func people() async throws {
        try await TestServer.run { server in
            let bystander = try await server.bystander()
            let ana = try await server.join("ana")
            let bo = try await server.join("bo", .reader, device: 2)
            for client in [ana, bo] { try await follow(client) }
            await server.running.rooms.unload()
            try await say(ana, PresenceState(at: nil))
            let mine = try #require(try await news(ana).own)
            let first = entry(mine, "ana", PresenceState(at: nil))
            #expect(try await news(ana) == PresenceNews(doc: Sample.article, present: [first]))
            try await say(bo, Self.words)
            let everybody = try await news(bo)
            let other = try #require(everybody.own)
            #expect(
                everybody == PresenceNews(doc: Sample.article, own: other, present: [first]))
            // Nobody can tell from a key how many came unseen.
            #expect(![1, 2].contains(UInt64(mine)) && ![1, 2].contains(UInt64(other)))
            let second = PresenceNews(
                doc: Sample.article, present: [entry(other, "bo", Self.words)])
            for client in [ana, bo] { #expect(try await news(client) == second) }
            try await say(bo, PresenceState(at: nil))
            #expect(
                try await news(ana)
                    == PresenceNews(
                        doc: Sample.article, present: [entry(other, "bo", PresenceState(at: nil))]))
            bo.line.abort()
            #expect(
                try await news(ana)
                    == PresenceNews(doc: Sample.article, present: [], left: [other]))
            // Nothing was loaded, and nothing written.
            #expect(await server.running.rooms.count == 0)
            try await bystander.goesOn()
        }
    }

    @Test("Who is removed from the library hears no more, and is seen no more")
    func removed() async throws {
        try await TestServer.run { server in
            _ = try await server.bystander()
            let ana = try await server.join("ana")
            let bo = try await server.join("bo", device: 2)
            for client in [ana, bo] {
                try await follow(client)
                try await say(client, Self.words)
            }
            var other: String?
            while other == nil {
                other = try await news(ana).present.first { $0.user == "bo" }?.key
            }
            _ = try await server.running.administrator.perform(
                AdminRequest(.role, name: "bo"))
            #expect(try await news(ana).left == [other])
            try await say(ana, PresenceState(at: nil))
            #expect(try await news(ana).present.map(\.user) == ["ana"])
            var isOver = false
            try await bo.send(.ping(Ping(number: 3)))
            while let message = try await bo.receive() {
                if case .revoked = message { isOver = true }
                if case .pres(let news) = message, isOver {
                    Issue.record("bo still hears \(news)")
                }
                if case .pong(let ping) = message, ping.number == 3 { break }
            }
            #expect(isOver)
        }
    }

    @Test("Whoever reads too slowly is told nothing, and of everybody when they have caught up")
    func slow() async throws {
        try await LoneConnection.run(on: try await ConnectionTests.fullDesk()) { lone in
            let connection = lone.connection
            try await lone.client.send(
                .sub(
                    SubscribeRequest(
                        id: 4, doc: Sample.set, at: 0, sum: Checksum(), vector: VersionVector())))
            try await lone.client.send(.pres(PresenceReport(doc: Sample.set, state: nil)))
            var first: PresenceNews?
            while first == nil, let message = try await lone.client.receive() {
                if case .pres(let news) = message { first = news }
            }
            #expect(first == PresenceNews(doc: Sample.set, own: "1", present: []))
            try await lone.subscribe()
            while connection.outbox.byteCount <= Outbox.highWater { await Task.yield() }
            let other = Watcher()
            _ = connection.services.presence.take(
                PresenceReport(doc: Sample.set, state: Self.words), of: other, user: "bo",
                device: "laptop")
            // The board's clock stands still: as if others had moved since.
            for _ in 0..<3 {
                connection.presenceChanged(PresenceNews(doc: Sample.set, present: [], left: ["9"]))
            }
            var position = 0
            var heard: [PresenceNews] = []
            while heard.isEmpty || position < ConnectionTests.changes,
                let message = try await lone.client.receive()
            {
                if case .live(let live) = message { position = live.at }
                if case .pres(let news) = message { heard.append(news) }
            }
            let bo = entry("2", "bo", Self.words)
            #expect(heard == [PresenceNews(doc: Sample.set, own: "1", present: [bo])])
        }
    }
}

/// Somebody who listens to nothing.
private final class Watcher: PresenceWatcher {
    func presenceChanged(_ news: PresenceNews) {}
}

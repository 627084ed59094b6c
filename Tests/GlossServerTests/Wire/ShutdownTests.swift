import Glibc
import GlossCore
import GlossCrypto
import GlossProtocol
import GlossStorage
import GlossTransport
import Testing

@testable import GlossServer

@Suite("Stopping and starting again", .timeLimit(.minutes(1)))
struct ShutdownTests {
    private let agent = Sample.agent(1)

    @Test("Stopping says goodbye with a delay, answers what it took, and loses nothing")
    func drainAndRestart() async throws {
        try await TestServer.withDirectory { path in
            var credential: Credential?
            let change = Sample.typing("Walls", agent: agent)
            try await TestServer.run(in: path) { server in
                let bystander = try await server.bystander()
                let client = try await server.join("ana")
                credential = client.credential
                guard case .ack = try await client.push(id: 5, [(Sample.article, [change])])
                else { throw Unexpected(message: "no ack") }
                async let stopped: Void = server.running.shutDown(drainTime: .seconds(2))
                for leaving in [client, bystander.client] {
                    var bye: Bye?
                    while let message = try await leaving.receive() {
                        if case .bye(let found) = message { bye = found }
                    }
                    #expect(bye?.code == .shuttingDown)
                    #expect((200...2_000).contains(bye?.delay ?? 0))
                }
                await stopped
            }
            try await TestServer.run(in: path) { server in
                let client = try await server.dial()
                try await client.hello(credential)
                guard case .welcome = try await client.receive() else {
                    throw Unexpected(message: "no welcome")
                }
                let again = try await client.push(id: 1, [(Sample.article, [change])])
                guard case .ack(let ack) = again else { throw Unexpected(message: "\(again)") }
                #expect(ack.parts.map(\.positions) == [[1]])
                let next = Sample.typing("!", agent: agent, seq: 5)
                guard
                    case .ack(let second) = try await client.push(
                        id: 2, [(Sample.article, [next])])
                else { throw Unexpected(message: "no ack") }
                #expect(second.parts.map(\.positions) == [[2]])
            }
        }
    }

    @Test("SIGTERM stops a server that started by itself, and its files can be opened again")
    func sigterm() async throws {
        try await TestServer.withDirectory { path in
            var configuration = ServerConfiguration(dataDirectory: path)
            configuration.listen.port = 0
            let ready = Mailslot<Server.Report>()
            let server = Server(
                configuration: configuration, onReady: { ready.put($0) },
                onFatal: { Issue.record("\($0)") })
            let task = Task { try await server.runUntilSignalled() }
            let report = await ready.take()
            #expect(report.isNew)
            let link = try #require(report.firstInvitation.flatMap { JoinLink($0) })
            let fingerprint = try #require(KeyFingerprint(bytes: link.fingerprint))
            #expect(report.fingerprint == fingerprint.description)
            let client = TestClient(
                line: try await Dialer().connect(
                    host: link.host, port: link.port, fingerprint: fingerprint))
            try await client.hello(.invitation(client.taking(link.secret)))
            guard case .welcome(let welcome) = try await client.receive() else {
                throw Unexpected(message: "no welcome")
            }
            #expect(welcome.libraries.map(\.role) == [.owner])
            kill(getpid(), SIGTERM)
            guard case .bye = try await client.receive() else {
                throw Unexpected(message: "no farewell")
            }
            try await task.value
            let store = try SQLiteStore(
                path: path + "/glossd.db", lineage: 1, packing: HistoryPacking())
            #expect(try await store.users().map(\.name) == ["ana"])
            #expect(try await store.invitations(to: welcome.libraries[0].id).map(\.usesLeft) == [0])
            try await store.close()
        }
    }

    @Test("A client that says nothing is asked for a sign of life")
    func heartbeat() async throws {
        try await TestServer.withDirectory { path in
            try await TestServer.run(in: path, heartbeat: 1) { server in
                let client = try await server.join("ana")
                guard case .ping = try await client.receive() else {
                    throw Unexpected(message: "no ping")
                }
            }
        }
    }

    @Test("A server that cannot listen at first invites its owner when it can")
    func secondFirstStart() async throws {
        try await TestServer.run { occupant in
            try await TestServer.withDirectory { path in
                var configuration = ServerConfiguration(dataDirectory: path)
                configuration.listen.port = occupant.port
                let failing = Server(
                    configuration: configuration, onFatal: { Issue.record("\($0)") })
                let error = await #expect(throws: ServerError.self) { try await failing.run() }
                #expect(error?.code == .inUse)

                configuration.listen.port = 0
                let ready = Mailslot<Server.Report>()
                let server = Server(
                    configuration: configuration, onReady: { ready.put($0) },
                    onFatal: { Issue.record("\($0)") })
                let task = Task { try await server.run() }
                #expect(await ready.take().firstInvitation != nil)
                task.cancel()
                try await task.value
            }
        }
    }

    @Test("Two servers cannot have one data directory")
    func lock() async throws {
        try await TestServer.withDirectory { path in
            let directory = DataDirectory(path: path)
            try directory.prepare()
            let lock = try directory.lock()
            let error = #expect(throws: ServerError.self) { _ = try directory.lock() }
            #expect(error?.code == .inUse)
            withExtendedLifetime(lock) {}
        }
    }

    @Test("Who does not read is served from the log again, and others are not kept waiting")
    func slowReader() async throws {
        try await TestServer.run { server in
            let bystander = try await server.bystander()
            let slow = try await server.join("ana")
            try await slow.send(
                .sub(
                    SubscribeRequest(
                        id: 3, doc: Sample.article, at: 0, sum: Checksum(),
                        vector: VersionVector())))
            guard case .have = try await slow.receive(), case .live = try await slow.receive()
            else { throw Unexpected(message: "no subscription") }
            // Far more than the sockets between take: 25 pushes of 15 times 16 KB.
            let text = String(repeating: "x", count: 16_000)
            for number in 0..<25 {
                let changes = (0..<15).map { index in
                    Sample.typing(
                        text, agent: Sample.agent(99), seq: (15 * number + index) * 16_000)
                }
                let answer = try await bystander.client.push(
                    id: 10 + number, [(Sample.article, changes)])
                guard case .ack = answer else { throw Unexpected(message: "\(answer)") }
            }
            var expected = 1
            var isLive = false
            var lags = 0
            while !isLive, let message = try await slow.receive() {
                switch message {
                case .ops(let page):
                    #expect(page.from == expected)
                    #expect(page.changes.map(\.at) == Array(page.from...page.to))
                    expected = page.to + 1
                case .live(let live): isLive = live.at == 375
                case .lag: lags += 1
                default: continue
                }
            }
            #expect(lags >= 1)
            #expect(expected == 376)
        }
    }
}

import NIOCore
import NIOPosix
import Testing

@testable import GlossTransport

@Suite(.timeLimit(.minutes(1))) struct HandshakeTests {
    @Test func `another key than the pinned one ends the handshake on both sides`() async throws {
        let key = try ServerKey()
        let pinned = try ServerKey().fingerprint
        let log = EventLog()
        try await withServer(
            key: key, configuration: log.configuration(),
            session: { _ in Issue.record("a session began") }
        ) { port in
            await #expect(
                throws: TransportError.serverKeyMismatch(expected: pinned, found: key.fingerprint)
            ) {
                try await Dialer().connect(host: "127.0.0.1", port: port, fingerprint: pinned)
            }
            let failure = await log.nextHandshakeFailure()
            guard case .handshakeFailed(let reason)? = failure else {
                Issue.record("\(String(describing: failure))")
                return
            }
            #expect(reason.contains("alert"), "\(reason)")
        }
    }

    @Test(arguments: [
        "GET / HTTP/1.1\r\nHost: gloss\r\n\r\n", "{\"t\":\"hello\",\"id\":1,\"v\":[1]}\n", "x",
    ])
    func `plain text gets an alert and is closed`(text: String) async throws {
        let log = EventLog()
        try await withServer(
            key: ServerKey(), configuration: log.configuration(),
            session: { _ in Issue.record("a session began") }
        ) { port in
            let peer = try await RawPeer.connect(port: port)
            try await peer.send(Array(text.utf8))
            #expect(await peer.receiveAll() == [21, 3, 3, 0, 2, 2, 10])
            #expect(
                await log.nextHandshakeFailure()
                    == .handshakeFailed(reason: "the peer does not speak TLS"))
        }
    }

    @Test func `a client that knows only TLS 1.2 gets protocol_version and is closed`() async throws
    {
        let log = EventLog()
        try await withServer(
            key: ServerKey(), configuration: log.configuration(),
            session: { _ in Issue.record("a session began") }
        ) { port in
            let peer = try await RawPeer.connect(port: port)
            try await peer.send(Self.helloOfTLS12)
            #expect(await Array(peer.receiveAll().suffix(2)) == [2, 70])
            #expect(
                await log.nextHandshakeFailure()
                    == .handshakeFailed(reason: "unsupported protocol"))
        }
    }

    /// A ClientHello without extensions, so without supported_versions.
    private static var helloOfTLS12: [UInt8] {
        var random = Seeded(state: 12)
        let body: [UInt8] = [3, 3] + random.bytes(32) + [0, 0, 2, 0xc0, 0x2b, 1, 0]
        let handshake = [1, 0, 0, UInt8(body.count)] + body
        return [22, 3, 1, 0, UInt8(handshake.count)] + handshake
    }

    @Test func `a client that offers only other protocols is refused`() async throws {
        let key = try ServerKey()
        let log = EventLog()
        try await withServer(
            key: key, configuration: log.configuration(),
            session: { _ in Issue.record("a session began") }
        ) { port in
            do {
                _ = try await dial(port: port, key: key, protocols: ["h2", "gloss/10"])
                Issue.record("connected")
            } catch TransportError.handshakeFailed(let reason) {
                #expect(reason.contains("no application protocol"), "\(reason)")
            }
            #expect(
                await log.nextHandshakeFailure()
                    == .handshakeFailed(reason: "no application protocol"))
        }
    }

    @Test(arguments: [[], ["h2", "gloss/1"]])
    func `a client that offers nothing or also others is accepted`(
        protocols: [String]
    ) async throws {
        let key = try ServerKey()
        try await withServer(key: key, session: echo) { port in
            let connection = try await dial(port: port, key: key, protocols: protocols)
            try await connection.send([[1, 2, 3]])
            var lines = connection.lines.makeAsyncIterator()
            #expect(try await lines.next() == [1, 2, 3])
            await connection.close()
        }
    }

    @Test func `a client that says nothing is closed at the deadline`() async throws {
        let log = EventLog()
        try await withServer(
            key: ServerKey(),
            configuration: log.configuration { $0.handshakeTimeout = .milliseconds(100) },
            session: { _ in Issue.record("a session began") }
        ) { port in
            let peer = try await RawPeer.connect(port: port)
            #expect(await peer.receiveAll() == [])
            #expect(await log.nextHandshakeFailure() == .timedOut)
        }
    }

    @Test func `a server that says nothing is given up at the deadline`() async throws {
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(server.localAddress?.port)
        await #expect(throws: TransportError.timedOut) {
            try await Dialer().connect(
                host: "127.0.0.1", port: port, fingerprint: ServerKey().fingerprint,
                timeout: .milliseconds(100))
        }
        try await server.close()
    }

    @Test func `a port where nobody listens is unreachable, with the system's reason`() async throws
    {
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(server.localAddress?.port)
        try await server.close()
        await #expect(throws: TransportError.unreachable(reason: "Connection refused")) {
            try await Dialer().connect(
                host: "127.0.0.1", port: port, fingerprint: ServerKey().fingerprint)
        }
        await #expect(throws: TransportError.unreachable(reason: "No such file or directory")) {
            try await Dialer().connect(unixPath: "/nonexistent/socket")
        }
    }

    @Test func `random bytes never disturb the connections beside them`() async throws {
        let key = try ServerKey()
        let log = EventLog()
        try await withServer(
            key: key, configuration: log.configuration { $0.handshakeTimeout = .seconds(50) },
            session: echo
        ) { port in
            let witness = try await Dialer().connect(
                host: "127.0.0.1", port: port, fingerprint: key.fingerprint)
            var lines = witness.lines.makeAsyncIterator()
            for seed in 0..<60 as Range<UInt64> {
                var random = Seeded(state: seed)
                let peer = try await RawPeer.connect(port: port)
                // The server may hang up before it has read everything.
                try? await peer.send(Self.noise(&random))
                peer.channel.close(mode: .output, promise: nil)
                _ = await peer.receiveAll()
                let failure = await log.nextHandshakeFailure()
                // Noise that could go on is ended by the end of the stream, not by the deadline.
                #expect(failure != nil && failure != .timedOut, "seed \(seed)")
                try await witness.send([[0x80 + UInt8(seed)]])
                #expect(try await lines.next() == [0x80 + UInt8(seed)])
            }
            await witness.close()
        }
    }

    /// Noise that begins like TLS more or less.
    private static func noise(_ random: inout Seeded) -> [UInt8] {
        let tail = random.bytes(Int.random(in: 1...20_000, using: &random))
        switch Int.random(in: 0..<4, using: &random) {
        case 0:
            return tail
        case 1:
            return [22, 3, 1] + tail
        case 2:
            return [22, 3, 1, 0x40, 0, 1, 0, 0x3f, 0xfc, 3, 3] + tail
        default:
            var hello = helloOfTLS12
            let index = Int.random(in: 0..<hello.count, using: &random)
            hello[index] ^= UInt8.random(in: 1...255, using: &random)
            return hello + tail
        }
    }

    /// Connects with a client that offers `protocols`.
    private func dial(
        port: Int, key: ServerKey, protocols: [String]
    ) async throws -> LineConnection {
        let setup = ConnectionSetup(
            encryption: .client(
                try TLSContext.client(applicationProtocols: protocols), expecting: key.fingerprint),
            handshakeTimeout: .seconds(10), lineLimit: 1 << 20)
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.autoRead, value: false)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .connect(host: "127.0.0.1", port: port).get()
        return try await channel.eventLoop.flatSubmit {
            channel.eventLoop.makeCompletedFuture {
                try setup.install(on: channel, peer: Endpoint(channel.remoteAddress))
            }.flatMap { $0 }
        }.get()
    }
}

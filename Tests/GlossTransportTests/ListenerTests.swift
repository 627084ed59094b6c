import Glibc
import GlossTransport
import Testing

@Suite(.timeLimit(.minutes(1))) struct ListenerTests {
    @Test func `who waits for a turn, or has not finished the handshake, holds up no stop`()
        async throws
    {
        let log = EventLog()
        let configuration = log.configuration {
            $0.handshakesPerSecond = 1
            $0.handshakeTimeout = .seconds(3_000)
        }
        let listener = try await Listener.bind(
            host: "127.0.0.1", port: 0, key: ServerKey(), configuration: configuration)
        guard case .tcp(_, let port) = listener.address else { return }
        let running = Task { await listener.run { _ in Issue.record("a session began") } }
        var peers: [RawPeer] = []
        for _ in 0..<4 { peers.append(try await RawPeer.connect(port: port)) }
        await listener.stop(grace: .seconds(3_000))
        await running.value
        for peer in peers { #expect(await peer.receiveAll() == []) }
    }

    @Test func `stopping cuts the connections that are still open, and the sessions end`()
        async throws
    {
        let key = try ServerKey()
        let listener = try await Listener.bind(host: "127.0.0.1", port: 0, key: key)
        guard case .tcp(_, let port) = listener.address else { return }
        let (begun, begin) = AsyncStream.makeStream(of: Void.self)
        let running = Task {
            await listener.run { connection in
                begin.yield()
                var lines = connection.lines.makeAsyncIterator()
                await #expect(throws: TransportError.self) { try await lines.next() }
            }
        }
        var connections: [LineConnection] = []
        var iterator = begun.makeAsyncIterator()
        for _ in 0..<5 {
            connections.append(
                try await Dialer().connect(
                    host: "127.0.0.1", port: port, fingerprint: key.fingerprint))
            await iterator.next()
        }
        await listener.stop()
        await running.value
        for connection in connections { await connection.close() }
        // Refused, or reset by the kernel where the port was in use a moment ago.
        await #expect(throws: TransportError.self) {
            try await Dialer().connect(
                host: "127.0.0.1", port: port, fingerprint: key.fingerprint)
        }
    }

    @Test func `a session that ends within the grace is not cut`() async throws {
        let key = try ServerKey()
        let listener = try await Listener.bind(host: "127.0.0.1", port: 0, key: key)
        guard case .tcp(_, let port) = listener.address else { return }
        let running = Task { await listener.run(echo) }
        let connection = try await Dialer().connect(
            host: "127.0.0.1", port: port, fingerprint: key.fingerprint)
        var lines = connection.lines.makeAsyncIterator()
        try await connection.send([[1]])
        #expect(try await lines.next() == [1])
        let stopping = Task { await listener.stop(grace: .seconds(30)) }
        try await connection.send([[2]])
        #expect(try await lines.next() == [2])
        await connection.close()
        await stopping.value
        await running.value
    }

    @Test func `cancelling the run ends sessions and listener`() async throws {
        let key = try ServerKey()
        let listener = try await Listener.bind(host: "127.0.0.1", port: 0, key: key)
        guard case .tcp(_, let port) = listener.address else { return }
        let (ends, end) = AsyncStream.makeStream(of: TransportError?.self)
        let running = Task {
            await listener.run { connection in
                do throws(TransportError) {
                    try await connection.send([[9]])
                    var lines = connection.lines.makeAsyncIterator()
                    _ = try await lines.next()
                    end.yield(nil)
                } catch {
                    end.yield(error)
                }
            }
        }
        let connection = try await Dialer().connect(
            host: "127.0.0.1", port: port, fingerprint: key.fingerprint)
        var lines = connection.lines.makeAsyncIterator()
        #expect(try await lines.next() == [9])
        running.cancel()
        var iterator = ends.makeAsyncIterator()
        #expect(await iterator.next() == .cancelled)
        #expect(try await lines.next() == nil)
        await connection.close()
        await running.value
    }

    @Test func `connections beyond the limit are closed at once, and a free place is used again`()
        async throws
    {
        let key = try ServerKey()
        let log = EventLog()
        try await withServer(
            key: key, configuration: log.configuration { $0.maximumConnections = 2 }, session: echo
        ) { port in
            let dialer = Dialer()
            func connect() async throws -> LineConnection {
                try await dialer.connect(
                    host: "127.0.0.1", port: port, fingerprint: key.fingerprint)
            }
            let first = try await connect()
            let second = try await connect()
            await #expect(throws: TransportError.self) { try await connect() }
            await log.wait { if case .refused = $0 { true } else { false } }
            await first.close()
            await log.wait { if case .closed = $0 { true } else { false } }
            let third = try await connect()
            try await third.send([[3]])
            var lines = third.lines.makeAsyncIterator()
            #expect(try await lines.next() == [3])
            await second.close()
            await third.close()
        }
    }

    @Test func `connections that end together are taken down in turn, and a stop waits for none`()
        async throws
    {
        let key = try ServerKey()
        let (ends, end) = AsyncStream.makeStream(of: ContinuousClock.Instant.self)
        let (lines, line) = AsyncStream.makeStream(of: Void.self)
        var configuration = Listener.Configuration()
        configuration.endsPerSecond = 10
        let clock = ContinuousClock()
        let session: @Sendable (LineConnection) async -> Void = { connection in
            line.yield()
            await echo(connection)
            end.yield(clock.now)
        }
        var stopped = clock.now
        try await withServer(key: key, configuration: configuration, session: session) { port in
            var connections: [LineConnection] = []
            var begun = lines.makeAsyncIterator()
            for _ in 0..<40 {
                connections.append(
                    try await Dialer().connect(
                        host: "127.0.0.1", port: port, fingerprint: key.fingerprint))
                await begun.next()
            }
            let cut = clock.now
            for connection in connections { connection.abort() }
            // Two have their turn at once, then one comes every tenth of a second.
            var iterator = ends.makeAsyncIterator()
            for turn in 0..<6 {
                let time = try #require(await iterator.next())
                #expect(time - cut >= .milliseconds(100 * (turn - 1) - 10))
            }
            stopped = clock.now
        }
        // The 34 others would have taken another 3.4 seconds.
        #expect(clock.now - stopped < .seconds(2))
    }

    @Test func `a port in use is told apart`() async throws {
        let key = try ServerKey()
        try await withServer(key: key, session: echo) { port in
            await #expect(throws: TransportError.addressInUse("127.0.0.1:\(port)")) {
                try await Listener.bind(host: "127.0.0.1", port: port, key: key)
            }
        }
    }

    @Test
    func
        `a socket file is for its owner, is not taken over while served, and goes with the listener`()
        async throws
    {
        try await withTemporaryDirectory { directory in
            let path = "\(directory)/admin"
            let listener = try await Listener.bind(unixPath: path)
            #expect(names(in: directory) == ["admin"])
            #expect(mode(of: path) == 0o600)
            try await run(listener, session: echo) {
                await #expect(throws: TransportError.addressInUse(path)) {
                    try await Listener.bind(unixPath: path)
                }
            }
            #expect(names(in: directory) == [])
        }
    }

    @Test func `a socket file that nobody serves is replaced, any other file is not`() async throws
    {
        try await withTemporaryDirectory { directory in
            let path = "\(directory)/admin"
            leaveStaleSocket(at: path)
            #expect(names(in: directory) == ["admin"])
            let listener = try await Listener.bind(unixPath: path)
            try await run(listener, session: echo) {
                let connection = try await Dialer().connect(unixPath: path)
                try await connection.send([[1]])
                var lines = connection.lines.makeAsyncIterator()
                #expect(try await lines.next() == [1])
                await connection.close()
            }
            close(open(path, O_CREAT | O_WRONLY, 0o600))
            await #expect(
                throws: TransportError.cannotListen(reason: "\(path): the file is no socket")
            ) { try await Listener.bind(unixPath: path) }
            #expect(names(in: directory) == ["admin"])
        }
    }

    /// Binds a socket and closes it without removing its file, as a killed process does.
    private func leaveStaleSocket(at path: String) {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, size) }
        }
        #expect(bound == 0)
        close(descriptor)
    }
}

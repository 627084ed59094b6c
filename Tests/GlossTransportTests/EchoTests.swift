import GlossTransport
import Testing

@Suite(.timeLimit(.minutes(1))) struct EchoTests {
    @Test(arguments: ["127.0.0.1", "localhost"])
    func `many lines of all sizes come back in order`(host: String) async throws {
        let key = try ServerKey()
        var configuration = Listener.Configuration()
        configuration.lineLimit = 1 << 20
        try await withServer(key: key, configuration: configuration, session: echo) { port in
            let connection = try await Dialer().connect(
                host: host, port: port, fingerprint: key.fingerprint)
            try await exchange(over: connection)
            await connection.close()
        }
    }

    @Test func `lines cross a Unix socket`() async throws {
        try await withTemporaryDirectory { directory in
            var configuration = Listener.Configuration()
            configuration.lineLimit = 1 << 20
            let path = "\(directory)/s"
            let listener = try await Listener.bind(unixPath: path, configuration: configuration)
            try await run(listener, session: echo) {
                let connection = try await Dialer().connect(unixPath: path)
                #expect(connection.peerAddress == .unix(path: path))
                try await exchange(over: connection)
                await connection.close()
            }
        }
    }

    @Test func `lines cross IPv6`() async throws {
        let key = try ServerKey()
        let listener = try await Listener.bind(host: "::1", port: 0, key: key)
        guard case .tcp("::1", let port) = listener.address else {
            Issue.record("\(listener.address)")
            return
        }
        try await run(listener, session: echo) {
            let connection = try await Dialer().connect(
                host: "::1", port: port, fingerprint: key.fingerprint)
            try await connection.send([Array("hello".utf8)])
            var lines = connection.lines.makeAsyncIterator()
            #expect(try await lines.next() == Array("hello".utf8))
            await connection.close()
        }
    }

    @Test func `two hundred connections work at once`() async throws {
        let key = try ServerKey()
        try await withServer(key: key, session: echo) { port in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<200 {
                    group.addTask {
                        let connection = try await Dialer().connect(
                            host: "127.0.0.1", port: port, fingerprint: key.fingerprint,
                            timeout: .seconds(50))
                        var lines = connection.lines.makeAsyncIterator()
                        for round in 0..<5 {
                            let line = Array("\(number) \(round)".utf8)
                            try await connection.send([line])
                            #expect(try await lines.next() == line)
                        }
                        await connection.close()
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    /// Sends tiny lines and lines of a mebibyte from one task and reads them back in another.
    private func exchange(over connection: LineConnection) async throws {
        var random = Seeded(state: 7)
        var sent: [[UInt8]] = (0..<500).map { number in
            Array("line \(number)".utf8.prefix(number % 9))
        }
        for size in [1 << 20, (1 << 20) - 1, 16_384, 16_383, 65_537, 1 << 20] {
            sent.append(random.bytes(size).map { $0 == 0x0a || $0 == 0x0d ? 0 : $0 })
        }
        let lines = sent
        async let writing: Void = {
            try await connection.send(Array(lines[..<250]))
            for line in lines[250...] { try await connection.send([line]) }
        }()
        var received = connection.lines.makeAsyncIterator()
        for line in lines {
            let found = try await received.next()
            guard found == line else {
                Issue.record("a line of \(line.count) bytes came as \(found?.count ?? -1)")
                break
            }
        }
        try await writing
    }
}

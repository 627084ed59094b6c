import GlossTransport
import NIOCore
import NIOPosix
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct LineConnectionTests {
    @Test func `an overlong line fails once, and an answer still arrives`() async throws {
        let key = try ServerKey()
        try await withServer(
            key: key,
            session: { connection in
                var lines = connection.lines.makeAsyncIterator()
                do {
                    #expect(try await lines.next() == Array("short".utf8))
                    _ = try await lines.next()
                    Issue.record("a line beyond the limit was given out")
                } catch {
                    #expect(error as? TransportError == .lineTooLong(limit: 4096))
                }
                #expect((try? await lines.next()) == .some(nil))
                try? await connection.send([Array("too long".utf8)])
            }
        ) { port in
            let connection = try await Dialer().connect(
                host: "127.0.0.1", port: port, fingerprint: key.fingerprint)
            // Far more than the server wants to read: it must not reset the connection.
            let line = [UInt8](repeating: 120, count: 200_000)
            async let sending: Void? = try? connection.send([Array("short".utf8), line])
            var lines = connection.lines.makeAsyncIterator()
            #expect(try await lines.next() == Array("too long".utf8))
            #expect(try await lines.next() == nil)
            _ = await sending
            await connection.close()
        }
    }

    @Test func `long lines of several senders arrive whole`() async throws {
        let key = try ServerKey()
        let senders = 8
        try await withServer(
            key: key,
            session: { connection in
                await withTaskGroup { group in
                    for number in 0..<senders {
                        let line = [UInt8](repeating: UInt8(97 + number), count: 50_000)
                        group.addTask { for _ in 0..<10 { try? await connection.send([line]) } }
                    }
                }
            }
        ) { port in
            let connection = try await Dialer().connect(
                host: "127.0.0.1", port: port, fingerprint: key.fingerprint)
            connection.setLineLimit(100_000)
            var counts = [UInt8: Int]()
            for try await line in connection.lines {
                let first = try #require(line.first)
                #expect(line.count == 50_000 && line.allSatisfy { $0 == first })
                counts[first, default: 0] += 1
            }
            #expect(counts.count == senders && counts.values.allSatisfy { $0 == 10 })
            await connection.close()
        }
    }

    @Test func `a raised limit holds for lines that came together with the login`() async throws {
        let key = try ServerKey()
        try await withServer(
            key: key,
            session: { connection in
                var lines = connection.lines.makeAsyncIterator()
                _ = try? await lines.next()
                connection.setLineLimit(1 << 20)
                let second = (try? await lines.next()) ?? nil
                try? await connection.send([Array("\(second?.count ?? -1)".utf8)])
            }
        ) { port in
            let connection = try await Dialer().connect(
                host: "127.0.0.1", port: port, fingerprint: key.fingerprint)
            try await connection.send([[1], [UInt8](repeating: 2, count: 10_000)])
            var lines = connection.lines.makeAsyncIterator()
            #expect(try await lines.next() == Array("10000".utf8))
            await connection.close()
        }
    }

    @Test func `a sender waits for a peer that does not read, and loses nothing`() async throws {
        let key = try ServerKey()
        let sent = Mutex(0)
        let total = 64
        try await withServer(
            key: key,
            session: { connection in
                for number in 0..<total {
                    let line = [UInt8](repeating: UInt8(33 + number), count: 1 << 20)
                    guard (try? await connection.send([line])) != nil else { return }
                    sent.withLock { $0 += 1 }
                }
            }
        ) { port in
            let connection = try await Dialer().connect(
                host: "127.0.0.1", port: port, fingerprint: key.fingerprint)
            // Nothing happens any more once everything in between is full.
            var progress = -1
            while progress != sent.withLock({ $0 }) {
                progress = sent.withLock { $0 }
                try await Task.sleep(for: .milliseconds(200))
            }
            #expect(progress < total / 2)
            var lines = connection.lines.makeAsyncIterator()
            for number in 0..<total {
                let line = try await lines.next()
                #expect(line?.count == 1 << 20)
                #expect(line?.last == UInt8(33 + number))
            }
            #expect(try await lines.next() == nil)
            await connection.close()
        }
    }

    @Test func `a peer that vanishes ends the lines with an error`() async throws {
        let key = try ServerKey()
        let (ends, end) = AsyncStream.makeStream(of: TransportError?.self)
        try await withServer(
            key: key,
            session: { connection in
                do throws(TransportError) {
                    var lines = connection.lines.makeAsyncIterator()
                    while try await lines.next() != nil {}
                    end.yield(nil)
                } catch {
                    end.yield(error)
                }
            }
        ) { port in
            let proxy = try await CuttingProxy.start(to: port)
            let connection = try await Dialer().connect(
                host: "127.0.0.1", port: proxy.port, fingerprint: key.fingerprint)
            try await connection.send([[1]])
            try await proxy.cut()
            var iterator = ends.makeAsyncIterator()
            guard case .connectionLost?? = await iterator.next() else {
                Issue.record("the server took the cut for a proper end")
                return
            }
            var lines = connection.lines.makeAsyncIterator()
            await #expect(throws: TransportError.self) { try await lines.next() }
            #expect(try await lines.next() == nil)
            await connection.close()
            try await proxy.stop()
        }
    }

    @Test func `closing delivers what was sent, and both sides see a proper end`() async throws {
        let key = try ServerKey()
        try await withServer(
            key: key,
            session: { connection in
                try? await connection.send(
                    (0..<100).map { [UInt8](repeating: 65, count: $0 * 100) })
            }
        ) { port in
            let connection = try await Dialer().connect(
                host: "127.0.0.1", port: port, fingerprint: key.fingerprint)
            var sizes: [Int] = []
            for try await line in connection.lines { sizes.append(line.count) }
            #expect(sizes == (0..<100).map { $0 * 100 })
            await connection.close()
            await #expect(throws: TransportError.closed) { try await connection.send([[1]]) }
            await connection.close()
        }
    }

    @Test func `a sender that is stuck can be cancelled, and closing gives up in time`()
        async throws
    {
        let key = try ServerKey()
        let (stuck, report) = AsyncStream.makeStream(of: TransportError.self)
        try await withServer(
            key: key,
            session: { connection in
                let sending = Task {
                    let line = [UInt8](repeating: 65, count: 1 << 20)
                    while true { try await connection.send([line, line, line, line]) }
                }
                sending.cancel()
                if case .failure(let error as TransportError) = await sending.result {
                    report.yield(error)
                }
                // Too much for the buffers in between, so this cannot be sent to the end.
                let rest = Task {
                    let line = [UInt8](repeating: 66, count: 1 << 26)
                    do throws(TransportError) {
                        try await connection.send([line])
                    } catch {
                        report.yield(error)
                    }
                }
                await connection.close(timeout: .milliseconds(100))
                await rest.value
            }
        ) { port in
            let connection = try await Dialer().connect(
                host: "127.0.0.1", port: port, fingerprint: key.fingerprint)
            var errors = stuck.makeAsyncIterator()
            #expect(await errors.next() == .cancelled)
            #expect(await errors.next() == .closed)
            await connection.close()
        }
    }

    @Test func `a connection that is let go without closing is cut`() async throws {
        let key = try ServerKey()
        let (ends, end) = AsyncStream.makeStream(of: Void.self)
        try await withServer(
            key: key,
            session: { connection in
                var lines = connection.lines.makeAsyncIterator()
                while case .some(.some) = try? await lines.next() {}
                end.yield()
            }
        ) { port in
            _ = try await Dialer().connect(
                host: "127.0.0.1", port: port, fingerprint: key.fingerprint)
            var iterator = ends.makeAsyncIterator()
            await iterator.next()
        }
    }

    @Test func `iterating the lines keeps the connection`() async throws {
        let key = try ServerKey()
        try await withServer(
            key: key,
            session: { connection in
                for number in 0..<100 as Range<UInt8> {
                    try? await connection.send([[number | 64]])
                }
            }
        ) { port in
            let lines = try await Dialer().connect(
                host: "127.0.0.1", port: port, fingerprint: key.fingerprint
            ).lines
            var count = 0
            for try await _ in lines { count += 1 }
            #expect(count == 100)
        }
    }

    @Test func `cancelling a task that waits for a line ends the wait only`() async throws {
        let key = try ServerKey()
        try await withServer(key: key, session: echo) { port in
            let connection = try await Dialer().connect(
                host: "127.0.0.1", port: port, fingerprint: key.fingerprint)
            let waiting = Task {
                var lines = connection.lines.makeAsyncIterator()
                return try await lines.next()
            }
            waiting.cancel()
            await #expect(throws: TransportError.cancelled) { try await waiting.value }
            try await connection.send([[5]])
            var lines = connection.lines.makeAsyncIterator()
            #expect(try await lines.next() == [5])
            await connection.close()
        }
    }
}

/// Passes bytes between a client and a server until it is told to drop both.
private struct CuttingProxy: Sendable {
    let port: Int
    private let server: any Channel
    private let clients: AsyncStream<any Channel>

    static func start(to target: Int) async throws -> CuttingProxy {
        let (clients, continuation) = AsyncStream.makeStream(of: (any Channel).self)
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelOption(.autoRead, value: false)
            .childChannelInitializer { client in
                continuation.yield(client)
                return ClientBootstrap(group: client.eventLoop)
                    .channelOption(.autoRead, value: false)
                    .connect(host: "127.0.0.1", port: target)
                    .flatMapThrowing { upstream in
                        try client.pipeline.syncOperations.addHandler(Forward(to: upstream))
                        try upstream.pipeline.syncOperations.addHandler(Forward(to: client))
                        client.setOption(.autoRead, value: true).whenComplete { _ in }
                        upstream.setOption(.autoRead, value: true).whenComplete { _ in }
                    }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(server.localAddress?.port)
        return CuttingProxy(port: port, server: server, clients: clients)
    }

    /// Closes the client's connection, and with it the server's, without any TLS.
    func cut() async throws {
        var clients = clients.makeAsyncIterator()
        try await clients.next()?.close()
    }

    func stop() async throws {
        try await server.close()
    }

    private final class Forward: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let target: any Channel

        init(to target: any Channel) {
            self.target = target
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            target.writeAndFlush(unwrapInboundIn(data), promise: nil)
        }

        func channelInactive(context: ChannelHandlerContext) {
            target.close(promise: nil)
        }
    }
}

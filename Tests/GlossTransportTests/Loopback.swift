import GlossTransport
import NIOCore
import NIOPosix
import Testing

/// Runs a listener on 127.0.0.1 around `body`, with `session` on each connection; everything is
/// stopped and awaited when this returns.
func withServer(
    key: ServerKey, configuration: Listener.Configuration = Listener.Configuration(),
    session: @escaping @Sendable (LineConnection) async -> Void,
    body: (_ port: Int) async throws -> Void
) async throws {
    let listener = try await Listener.bind(
        host: "127.0.0.1", port: 0, key: key, configuration: configuration)
    guard case .tcp(_, let port) = listener.address else {
        Issue.record("\(listener.address) is no TCP address")
        return
    }
    try await run(listener, session: session) { try await body(port) }
}

/// Runs `session` on each connection of `listener` around `body`.
func run(
    _ listener: Listener, session: @escaping @Sendable (LineConnection) async -> Void,
    body: () async throws -> Void
) async throws {
    async let running: Void = listener.run(session)
    do {
        try await body()
    } catch {
        await listener.stop()
        await running
        throw error
    }
    await listener.stop()
    await running
}

/// Sends every line back until the peer ends.
@Sendable func echo(_ connection: LineConnection) async {
    do {
        for try await line in connection.lines {
            try await connection.send([line])
        }
    } catch {
        // The peer is gone or broke a rule: the tests look at its side.
    }
}

/// What a listener reports, one event after the other.
struct EventLog: Sendable {
    let stream: AsyncStream<ListenerEvent>
    private let continuation: AsyncStream<ListenerEvent>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream()
    }

    func configuration(
        _ change: (inout Listener.Configuration) -> Void = { _ in }
    ) -> Listener.Configuration {
        var configuration = Listener.Configuration()
        let continuation = continuation
        configuration.onEvent = { continuation.yield($0) }
        change(&configuration)
        return configuration
    }

    /// The error of the next failed handshake. Waits for it.
    func nextHandshakeFailure() async -> TransportError? {
        for await event in stream {
            if case .handshakeFailed(_, let error) = event { return error }
        }
        return nil
    }

    /// Waits until `isMatch` holds for an event.
    func wait(for isMatch: (ListenerEvent) -> Bool) async {
        for await event in stream where isMatch(event) { return }
    }
}

/// A TCP client without TLS that keeps what it receives.
struct RawPeer: Sendable {
    let channel: any Channel
    private let received: AsyncStream<[UInt8]>

    static func connect(port: Int) async throws -> RawPeer {
        let (received, continuation) = AsyncStream.makeStream(of: [UInt8].self)
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Collector(continuation))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        return RawPeer(channel: channel, received: received)
    }

    func send(_ bytes: [UInt8]) async throws {
        try await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()
    }

    /// Everything that came until the connection was closed. Waits for that.
    func receiveAll() async -> [UInt8] {
        await received.reduce(into: []) { $0 += $1 }
    }

    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let continuation: AsyncStream<[UInt8]>.Continuation

        init(_ continuation: AsyncStream<[UInt8]>.Continuation) {
            self.continuation = continuation
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            continuation.yield(Array(unwrapInboundIn(data).readableBytesView))
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }

        func channelInactive(context: ChannelHandlerContext) {
            continuation.finish()
        }
    }
}

/// SplitMix64: a small generator whose run is told by its seed.
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return word ^ (word >> 31)
    }

    mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
    }
}

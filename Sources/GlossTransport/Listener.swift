import GlossProtocol
public import NIOCore
public import NIOPosix

/// Accepts connections and runs a session on each.
///
/// Bind, then `run` once; `stop` from anywhere. A connection whose handshake fails or stalls is
/// closed and reported, and no other one notices.
public final class Listener: Sendable {
    /// Limits of a listener.
    public struct Configuration: Sendable {
        /// Connections open at once, handshakes included. Those beyond it are closed at once.
        public var maximumConnections = 10_000
        /// The time a connection has for its TLS handshake.
        public var handshakeTimeout = Duration.seconds(10)
        /// Handshakes started in a second. Who comes beyond that waits for a turn, no longer than the
        /// time for a handshake; when that is not enough, the connection is closed at once.
        public var handshakesPerSecond = WireLimits.handshakesPerSecond
        /// Connections that their peers ended and that are taken down in a second; what is beyond that
        /// waits for its turn. Each takes 0.1 to 0.2 ms of a processor.
        public var endsPerSecond = 3_000
        /// The longest line a new connection may send, in bytes.
        public var lineLimit = LineConnection.initialLineLimit
        /// Connections the operating system keeps waiting to be accepted.
        public var backlog: Int32 = 1024
        /// Called for each event, on an event loop: must not block.
        public var onEvent: @Sendable (ListenerEvent) -> Void = { _ in }

        /// The defaults.
        public init() {}
    }

    /// Groups of tasks that connections are shared out to: when a task ends its group looks for it among
    /// all that it has, and many may end at once.
    private static let groupCount = 64

    /// Where the listener is bound; with the actual port if 0 was asked for.
    public let address: Endpoint

    private let channel: any Channel
    private let accepted: AsyncStream<LineConnection>
    private let acceptor: ConnectionAcceptor
    private let socketFile: UnixSocketFile?

    private init(
        channel: any Channel, address: Endpoint, accepted: AsyncStream<LineConnection>,
        acceptor: ConnectionAcceptor, socketFile: UnixSocketFile?
    ) {
        self.channel = channel
        self.address = address
        self.accepted = accepted
        self.acceptor = acceptor
        self.socketFile = socketFile
    }

    deinit {
        closeSocket()
        acceptor.abortAll()
    }

    /// The same with a key that stays.
    public static func bind(
        host: String, port: Int, key: ServerKey, configuration: Configuration = Configuration(),
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) async throws(TransportError) -> Listener {
        try await bind(
            host: host, port: port, presenting: PresentedKey(key), configuration: configuration,
            group: group)
    }

    /// Listens at a TCP port with TLS 1.3, showing the current key of `presented`. Port 0 means any free one. Blocks while
    /// it looks up `host`, unless that is numeric. Throws `addressInUse` or `cannotListen`.
    public static func bind(
        host: String, port: Int, presenting presented: PresentedKey,
        configuration: Configuration = Configuration(),
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) async throws(TransportError) -> Listener {
        let context: TLSContext
        do throws(TLSFailure) {
            context = try TLSContext.server(presenting: presented)
        } catch {
            throw .cannotListen(reason: error.reason)
        }
        let (accepted, acceptor) = makeAcceptor(.server(context), configuration)
        let bootstrap = bootstrap(group, configuration, acceptor)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
        do {
            let channel = try await bootstrap.bind(host: host, port: port).get()
            return Listener(
                channel: channel, address: Endpoint(channel.localAddress), accepted: accepted,
                acceptor: acceptor, socketFile: nil)
        } catch {
            throw .whileBinding(error, address: "\(Endpoint.tcp(host: host, port: port))")
        }
    }

    /// Listens at a Unix socket without TLS. The socket's file has mode 0600; a file left by a
    /// process that died is replaced. Throws `addressInUse` or `cannotListen`.
    public static func bind(
        unixPath: String, configuration: Configuration = Configuration(),
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) async throws(TransportError) -> Listener {
        let (accepted, acceptor) = makeAcceptor(.none, configuration)
        let bootstrap = bootstrap(group, configuration, acceptor)
        let (channel, file) = try await UnixSocketFile.bind(
            bootstrap, path: unixPath, group: group)
        return Listener(
            channel: channel, address: .unix(path: unixPath), accepted: accepted,
            acceptor: acceptor, socketFile: file)
    }

    /// Runs `session` for each connection, in a child task of its own, and closes the connection
    /// behind it. Call once.
    ///
    /// Returns after `stop`, when every session has returned. Cancelling the calling task stops
    /// the listener and cancels the sessions.
    public func run(_ session: @escaping @Sendable (LineConnection) async -> Void) async {
        await withTaskCancellationHandler {
            await withDiscardingTaskGroup { groups in
                for _ in 0..<Self.groupCount {
                    groups.addTask { [accepted] in await Self.run(session, on: accepted) }
                }
            }
        } onCancel: {
            closeSocket()
        }
        closeSocket()
        acceptor.abortAll()
    }

    private static func run(
        _ session: @escaping @Sendable (LineConnection) async -> Void,
        on accepted: AsyncStream<LineConnection>
    ) async {
        await withDiscardingTaskGroup { group in
            for await connection in accepted {
                group.addTask {
                    await session(connection)
                    await connection.close()
                }
            }
        }
    }

    /// Accepts no more connections, gives those whose handshake is done `grace` to end, and cuts the rest.
    ///
    /// Returns when all connections are gone, at once if the task is cancelled. It does not tell
    /// the sessions: send them a farewell first.
    public func stop(grace: Duration = .zero) async {
        closeSocket()
        let drained = Outcome<Void>()
        acceptor.whenDrained { drained.complete(.success(())) }
        let acceptor = acceptor
        let cut = channel.eventLoop.scheduleTask(in: TimeAmount(grace)) { acceptor.abortAll() }
        if case .failure = await drained.wait() { acceptor.abortAll() }
        cut.cancel()
    }

    private func closeSocket() {
        acceptor.refuseAll()
        channel.close(mode: .all, promise: nil)
        socketFile?.remove()
    }

    private static func makeAcceptor(
        _ encryption: ConnectionSetup.Encryption, _ configuration: Configuration
    ) -> (AsyncStream<LineConnection>, ConnectionAcceptor) {
        let (accepted, continuation) = AsyncStream.makeStream(of: LineConnection.self)
        let setup = ConnectionSetup(
            encryption: encryption,
            handshakeTimeout: TimeAmount(configuration.handshakeTimeout),
            lineLimit: configuration.lineLimit,
            ends: EndPace(perSecond: configuration.endsPerSecond))
        let acceptor = ConnectionAcceptor(
            setup: setup, maximumConnections: configuration.maximumConnections,
            pace: Pace(
                perSecond: configuration.handshakesPerSecond,
                patience: TimeAmount(configuration.handshakeTimeout)),
            ready: continuation, onEvent: configuration.onEvent)
        return (accepted, acceptor)
    }

    private static func bootstrap(
        _ group: any EventLoopGroup, _ configuration: Configuration,
        _ acceptor: ConnectionAcceptor
    ) -> ServerBootstrap {
        ServerBootstrap(group: group)
            .serverChannelOption(
                .backlog, value: ChannelOptions.Types.BacklogOption.Value(configuration.backlog)
            )
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    // Without the back-off, a lack of file descriptors would become a busy loop.
                    try channel.pipeline.syncOperations.addHandlers([
                        AcceptBackoffHandler(),
                        AcceptFailureHandler(onEvent: configuration.onEvent),
                    ])
                }
            }
            .childChannelOption(.autoRead, value: false)
            .childChannelOption(.maxMessagesPerRead, value: 1)
            // Each channel keeps the buffer it read into last: small for those who say little.
            .childChannelOption(
                .recvAllocator,
                value: AdaptiveRecvByteBufferAllocator(
                    minimum: 256, initial: 512, maximum: 65_536)
            )
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { acceptor.accept($0) }
    }
}

/// Reports what the listening socket complains about; accepting goes on.
private final class AcceptFailureHandler: ChannelInboundHandler {
    typealias InboundIn = any Channel

    private let onEvent: @Sendable (ListenerEvent) -> Void

    init(onEvent: @escaping @Sendable (ListenerEvent) -> Void) {
        self.onEvent = onEvent
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        onEvent(.acceptFailed(reason: "\(error)"))
    }
}

public import NIOCore
public import NIOPosix

/// Makes connections to servers.
public struct Dialer: Sendable {
    private let group: any EventLoopGroup
    private let lineLimit: Int
    private let tickets: TicketCache?

    /// A dialer whose connections run on `group` and accept lines of at most `lineLimit` bytes
    /// (1 MiB unless said; a session may change it). With `tickets`, who connects again resumes.
    public init(
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        lineLimit: Int = 1_048_576, tickets: TicketCache? = nil
    ) {
        self.group = group
        self.lineLimit = lineLimit
        self.tickets = tickets
    }

    /// Connects over TLS 1.3 to the server that holds the key with `fingerprint`.
    ///
    /// `host` is a name or a numeric IPv4 or IPv6 address; of several addresses the first that
    /// answers is taken. `timeout` covers looking up the name, connecting and the handshake.
    /// Throws `unreachable`, `timedOut`, `serverKeyMismatch`, `handshakeFailed`, `connectionLost` or
    /// `cancelled`.
    public func connect(
        host: String, port: Int, fingerprint: KeyFingerprint, timeout: Duration = .seconds(10)
    ) async throws(TransportError) -> LineConnection {
        guard (1...65_535).contains(port) else {
            throw .unreachable(reason: "\(port) is not a TCP port")
        }
        let context: TLSContext
        do throws(TLSFailure) {
            context = try TLSContext.client()
        } catch {
            throw .handshakeFailed(reason: error.reason)
        }
        let connect = bootstrap(timeout)
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
            .connect(host: host, port: port)
        return try await finish(
            connect,
            encryption: .client(
                context, expecting: fingerprint,
                tickets: tickets?.slot(host: host, port: port, fingerprint: fingerprint)),
            timeout: timeout)
    }

    /// Connects to the Unix socket at `unixPath`, without TLS: the file's permissions say who may.
    ///
    /// Throws `unreachable`, `timedOut` or `cancelled`.
    public func connect(
        unixPath: String, timeout: Duration = .seconds(10)
    ) async throws(TransportError) -> LineConnection {
        let connect = bootstrap(timeout).connect(unixDomainSocketPath: unixPath)
        return try await finish(
            connect, encryption: .none, timeout: timeout, peer: .unix(path: unixPath))
    }

    private func bootstrap(_ timeout: Duration) -> ClientBootstrap {
        ClientBootstrap(group: group)
            .connectTimeout(TimeAmount(timeout))
            .channelOption(.autoRead, value: false)
            .channelOption(.maxMessagesPerRead, value: 1)
            .channelOption(.allowRemoteHalfClosure, value: true)
    }

    private func finish(
        _ connect: EventLoopFuture<any Channel>, encryption: ConnectionSetup.Encryption,
        timeout: Duration, peer: Endpoint? = nil
    ) async throws(TransportError) -> LineConnection {
        let deadline = NIODeadline.now() + TimeAmount(timeout)
        let lineLimit = lineLimit
        let outcome = Outcome<LineConnection>()
        connect.flatMapErrorThrowing { error in
            throw TransportError.whileConnecting(error)
        }.flatMap { channel in
            let setup = ConnectionSetup(
                encryption: encryption,
                handshakeTimeout: max(.nanoseconds(0), deadline - .now()), lineLimit: lineLimit)
            return channel.eventLoop.flatSubmit {
                channel.eventLoop.makeCompletedFuture {
                    try setup.install(
                        on: channel, peer: peer ?? Endpoint(channel.remoteAddress))
                }.flatMap { $0 }
            }.flatMapErrorThrowing { error in
                if !Self.closesItself(error) { channel.close(mode: .all, promise: nil) }
                throw TransportError.onConnection(error)
            }
        }.whenComplete { result in
            outcome.complete(result.mapError { .onConnection($0) })
        }
        return try await outcome.wait().get()
    }

    /// Whether the handler that failed closes the channel, after its alert is out.
    private static func closesItself(_ error: any Error) -> Bool {
        switch error as? TransportError {
        case .handshakeFailed, .serverKeyMismatch, .timedOut: true
        default: false
        }
    }
}

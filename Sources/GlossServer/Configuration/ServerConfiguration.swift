import GlossProtocol

/// How to run a server.
public struct ServerConfiguration: Sendable {
    /// Where to listen.
    public var listen = ListenAddress(host: "127.0.0.1", port: JoinLink.defaultPort)
    /// Where everything is kept.
    public var dataDirectory: String
    /// What invitations name instead of the address listened at.
    public var publicAddress: ListenAddress?
    /// Connections open at once.
    public var connections = 10_000
    /// Documents kept in memory, at least 64: more than one push can need.
    public var documentsInMemory = 256
    /// Milliseconds a push may wait for others to be written with.
    public var commitMilliseconds = 2
    /// Seconds of silence after which a client is asked for a sign of life.
    public var heartbeatSeconds = WireLimits.heartbeat
    /// Seconds that connections are given to end when the server stops.
    public var drainSeconds = 5

    /// The defaults, with everything kept in `dataDirectory`.
    public init(dataDirectory: String) {
        self.dataDirectory = dataDirectory
    }
}

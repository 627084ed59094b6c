import GlossProtocol

/// How to run a server.
public struct ServerConfiguration: Sendable {
    /// Where to listen.
    public var listen = ListenAddress(host: "127.0.0.1", port: JoinLink.defaultPort)
    /// Where everything is kept.
    public var dataDirectory: String
    /// What invitations name instead of the address listened at.
    public var publicAddress: ListenAddress?
    /// A PEM file with a certificate to show, instead of a key of the server's own.
    public var certificate: String?
    /// The PEM file with its private key; `nil` if that is in the same file.
    public var key: String?
    /// Where `/healthz`, `/readyz` and `/metrics` are answered; `nil` for nowhere.
    public var http: ListenAddress?
    /// Whether others than this machine may ask there.
    public var isHTTPPublic = false
    /// How lines of the log look.
    public var logFormat = LogFormat.text
    /// Which lines there are.
    public var logLevel = LogLevel.info
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

    /// Values that are fine alone and make no sense together: the key to change, and why.
    var contradictions: [(key: String, problem: String)] {
        var found: [(key: String, problem: String)] = []
        if key != nil, certificate == nil {
            found.append(("key", "key is set and certificate is not: set both, or neither."))
        }
        if let http, !http.isLoopback, !isHTTPPublic {
            found.append(
                (
                    "http",
                    "http = \(http): the network could read it. Take 127.0.0.1, or say "
                        + "http_public = true."
                ))
        }
        return found
    }
}

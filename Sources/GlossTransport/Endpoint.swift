import NIOCore

/// Where a connection comes from or a listener is bound.
public enum Endpoint: Hashable, Sendable {
    /// A numeric IPv4 or IPv6 address, or a host name to bind, and a TCP port.
    case tcp(host: String, port: Int)
    /// A Unix socket. Empty for a peer whose socket has no name.
    case unix(path: String)

    /// The address without the port; a path for a Unix socket.
    public var host: String {
        switch self {
        case .tcp(let host, _): host
        case .unix(let path): path
        }
    }

    init(_ address: SocketAddress?) {
        switch address {
        case .v4, .v6:
            self = .tcp(host: address?.ipAddress ?? "", port: address?.port ?? 0)
        case .unixDomainSocket, nil:
            self = .unix(path: address?.pathname ?? "")
        }
    }
}

extension Endpoint: CustomStringConvertible {
    /// `192.0.2.1:4717`, `[2001:db8::1]:4717` or `unix:/path`.
    public var description: String {
        switch self {
        case .tcp(let host, let port):
            host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unix(let path): "unix:\(path)"
        }
    }
}

public import GlossProtocol

/// Where to listen: a host to bind and a TCP port.
public struct ListenAddress: Hashable, Sendable, CustomStringConvertible {
    /// A name or numeric address; `0.0.0.0` for every IPv4 one.
    public var host: String
    /// The port; 0 for any free one.
    public var port: Int

    /// An address.
    public init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// An address written as `host:port`, `[ipv6]:port`, `:port` or `host`; `nil` if it is none.
    public init?(_ text: String, defaultPort: Int = JoinLink.defaultPort) {
        var host = text
        var port = defaultPort
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return nil }
            host = String(text[text.index(after: text.startIndex)..<end])
            let rest = text[text.index(after: end)...]
            if !rest.isEmpty {
                guard rest.first == ":", let number = Self.port(rest.dropFirst()) else {
                    return nil
                }
                port = number
            }
        } else if let colon = text.lastIndex(of: ":") {
            host = String(text[..<colon])
            guard !host.contains(":"), let number = Self.port(text[text.index(after: colon)...])
            else { return nil }
            port = number
            if host.isEmpty { host = "0.0.0.0" }
        }
        guard !host.isEmpty, !host.contains(" "), !host.contains("/") else { return nil }
        self.init(host: host, port: port)
    }

    private static func port(_ text: Substring) -> Int? {
        guard let number = Int(text), (0...65_535).contains(number) else { return nil }
        return number
    }

    /// Whether it stands for all addresses of the machine.
    var isWildcard: Bool { ["0.0.0.0", "::", "*"].contains(host) }

    /// Whether only this machine can reach it.
    var isLoopback: Bool {
        let digits = "0123456789."
        return host == "localhost" || host == "::1"
            || host.hasPrefix("127.") && host.allSatisfy { digits.contains($0) }
    }

    /// `host:port`, an IPv6 address in brackets.
    public var description: String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}

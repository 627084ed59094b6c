import Glibc
import GlossTransport

/// What to call this server in an invitation.
enum PublicAddress {
    /// The configured address; else the bound one, with the machine's name for a wildcard.
    static func choose(_ configuration: ServerConfiguration, bound: Endpoint) -> ListenAddress {
        if let chosen = configuration.publicAddress { return chosen }
        var address = configuration.listen
        if case .tcp(_, let port) = bound { address.port = port }
        if address.isWildcard { address.host = hostName() ?? "localhost" }
        return address
    }

    private static func hostName() -> String? {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0, name[0] != 0 else { return nil }
        return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}

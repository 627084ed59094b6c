import Glibc
import NIOCore

extension LineConnection {
    /// What the operating system says of the process at the other end of a Unix socket.
    private struct PeerCredentials {
        var process: Int32 = 0
        var user: UInt32 = 0
        var group: UInt32 = 0
    }

    /// The system's id of the user at the other end of a Unix socket; `nil` for any other
    /// connection, or where the system does not say.
    public func peerUser() async -> UInt32? {
        guard case .unix = peerAddress, let provider = channel as? any SocketOptionProvider else {
            return nil
        }
        let credentials: EventLoopFuture<PeerCredentials> = provider.unsafeGetSocketOption(
            level: .socket, name: NIOBSDSocket.Option(rawValue: SO_PEERCRED))
        return try? await credentials.map(\.user).get()
    }
}

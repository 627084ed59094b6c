/// Why a connection, a listener or a server key cannot do what was asked.
public enum TransportError: Error, Hashable, Sendable {
    /// Nobody can be reached at the address; the operating system's reason.
    case unreachable(reason: String)
    /// Connecting or the TLS handshake took longer than allowed.
    case timedOut
    /// The server's key is not the pinned one. Nothing was sent to it.
    case serverKeyMismatch(expected: KeyFingerprint, found: KeyFingerprint)
    /// The two sides did not agree on a TLS session; OpenSSL's reason.
    case handshakeFailed(reason: String)
    /// The peer sent a line longer than `limit` bytes. Writing is still possible.
    case lineTooLong(limit: Int)
    /// The connection broke: reset, cut without a proper end, or corrupted.
    case connectionLost(reason: String)
    /// The connection is closed already, by this side or by a failure told before.
    case closed
    /// The calling task was cancelled.
    case cancelled
    /// Somebody already listens at the address.
    case addressInUse(String)
    /// The address cannot be listened at; the operating system's reason.
    case cannotListen(reason: String)
    /// The server's key file cannot be read, trusted or made.
    case keyFile(path: String, reason: String)
}

extension TransportError: CustomStringConvertible {
    /// One line for a person to read.
    public var description: String {
        switch self {
        case .unreachable(let reason): "cannot connect: \(reason)"
        case .timedOut: "timed out"
        case .serverKeyMismatch(let expected, let found):
            "the server's key is \(found), expected \(expected)"
        case .handshakeFailed(let reason): "TLS handshake failed: \(reason)"
        case .lineTooLong(let limit): "a line of more than \(limit) bytes"
        case .connectionLost(let reason): "connection lost: \(reason)"
        case .closed: "connection closed"
        case .cancelled: "cancelled"
        case .addressInUse(let address): "\(address) is in use"
        case .cannotListen(let reason): "cannot listen: \(reason)"
        case .keyFile(let path, let reason): "server key \(path): \(reason)"
        }
    }
}

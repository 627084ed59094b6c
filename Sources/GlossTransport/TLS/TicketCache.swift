import COpenSSL
import Synchronization

/// The session tickets that servers gave a client, in memory: who comes back with one does without
/// certificate and signature.
///
/// A ticket belongs to a host, a port and the key that was pinned when it was given, and is used for
/// these alone. There is one for each, the newest.
public final class TicketCache: Sendable {
    /// Whose a ticket is.
    struct Server: Hashable {
        var host: String
        var port: Int
        var fingerprint: KeyFingerprint
    }

    /// One server's place in a cache.
    struct Slot: Sendable {
        fileprivate let cache: TicketCache
        fileprivate let server: Server

        /// The newest ticket of the server.
        var ticket: SessionTicket? { cache.tickets.withLock { $0[server] } }

        /// Keeps a ticket in place of the one before.
        func keep(_ ticket: SessionTicket) {
            cache.tickets.withLock { $0[server] = ticket }
        }
    }

    private let tickets = Mutex<[Server: SessionTicket]>([:])

    /// A cache without tickets.
    public init() {}

    func slot(host: String, port: Int, fingerprint: KeyFingerprint) -> Slot {
        Slot(
            cache: self, server: Server(host: host, port: port, fingerprint: fingerprint))
    }
}

/// A session that can be resumed.
///
/// `@unchecked Sendable`: OpenSSL marks a session that breaks off as spent, so this is a copy that no
/// connection has, and only ever copied.
final class SessionTicket: @unchecked Sendable {
    private let session: OpaquePointer

    /// A copy of a session that stays the caller's; `nil` if it cannot be resumed.
    init?(copying session: OpaquePointer) {
        guard SSL_SESSION_is_resumable(session) == 1, let copy = SSL_SESSION_dup(session) else {
            return nil
        }
        self.session = copy
    }

    deinit {
        SSL_SESSION_free(session)
    }

    /// Has a connection that has not begun offer it. Without success there is a whole handshake.
    func offer(on connection: OpaquePointer) {
        guard let copy = SSL_SESSION_dup(session) else { return }
        SSL_set_session(connection, copy)
        SSL_SESSION_free(copy)
    }
}

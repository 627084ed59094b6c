/// What a listener has to tell whoever watches over it.
public enum ListenerEvent: Hashable, Sendable {
    /// A connection is ready for its session.
    case accepted(peer: Endpoint)
    /// A connection was closed at once: as many as allowed are open, or its turn for a handshake would
    /// come too late.
    case refused(peer: Endpoint)
    /// A connection never got as far as a session.
    case handshakeFailed(peer: Endpoint, error: TransportError)
    /// A connection is gone. Comes for every connection but the refused ones.
    case closed(peer: Endpoint)
    /// Accepting failed for a moment, for want of file descriptors for instance.
    case acceptFailed(reason: String)
}

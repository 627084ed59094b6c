import GlossTransport
import Synchronization

/// What invitations say of a server: where it is, and which key it shows. Both may change while it
/// runs; invitations made from then on follow.
final class ServerIdentity: Sendable {
    /// The key that new connections are shown; `nil` if the server is stopped.
    let presented: PresentedKey?
    private let stoppedFingerprint: KeyFingerprint?
    private let place: Mutex<ListenAddress>

    /// The identity of a running server.
    init(presented: PresentedKey, address: ListenAddress) {
        self.presented = presented
        stoppedFingerprint = nil
        place = Mutex(address)
    }

    /// The identity that a stopped server had.
    init(fingerprint: KeyFingerprint, address: ListenAddress) {
        presented = nil
        stoppedFingerprint = fingerprint
        place = Mutex(address)
    }

    /// Names the key.
    var fingerprint: KeyFingerprint {
        guard let fingerprint = presented?.current.fingerprint ?? stoppedFingerprint else {
            preconditionFailure("each initializer sets one of the two")
        }
        return fingerprint
    }

    /// Where the server is.
    var address: ListenAddress {
        get { place.withLock { $0 } }
        set { place.withLock { $0 = newValue } }
    }
}

extension ServerKey {
    /// The key a configuration asks for: that of its certificate, else the one in the data
    /// directory, made if there is none.
    static func configured(_ configuration: ServerConfiguration) throws(TransportError) -> ServerKey
    {
        guard let certificate = configuration.certificate else {
            return try loadOrCreate(in: configuration.dataDirectory)
        }
        return try load(certificate: certificate, key: configuration.key ?? certificate)
    }
}

import GlossTransport
import Synchronization

/// What invitations say of a server: where it is, and which key it shows. Both may change while it
/// runs; invitations made from then on follow.
final class ServerIdentity: Sendable {
    /// The key that new connections are shown; `nil` if the server is stopped.
    let presented: PresentedKey?
    private let directory: DataDirectory?
    private let place: Mutex<ListenAddress>

    /// The identity of a running server.
    init(presented: PresentedKey, address: ListenAddress) {
        self.presented = presented
        directory = nil
        place = Mutex(address)
    }

    /// The identity that a stopped server had, with its files in a directory.
    init(of directory: DataDirectory, address: ListenAddress) {
        presented = nil
        self.directory = directory
        place = Mutex(address)
    }

    /// Names the key; `nil` if a stopped server never had one.
    ///
    /// - Parameter isMade: whether to make the key then. Where the former one is only to be put back,
    ///   another in its place would keep everybody out.
    func fingerprint(making isMade: Bool = false) throws(TransportError) -> KeyFingerprint? {
        if let presented { return presented.current.fingerprint }
        return try directory?.fingerprint(making: isMade)
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

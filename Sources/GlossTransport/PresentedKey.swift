import COpenSSL
import Synchronization

/// The key that a listener shows to those who connect. Replacing it concerns new connections only.
public final class PresentedKey: Sendable {
    private let key: Mutex<ServerKey>

    /// Starts with a key.
    public init(_ key: ServerKey) {
        self.key = Mutex(key)
    }

    /// The key shown from now on.
    public var current: ServerKey {
        get { key.withLock { $0 } }
        set { key.withLock { $0 = newValue } }
    }

    /// Has each session of a server's context show the current key. The context must keep this
    /// object alive.
    func install(on context: OpaquePointer) {
        SSL_CTX_set_cert_cb(context, showCurrentKey, Unmanaged.passUnretained(self).toOpaque())
    }
}

private let showCurrentKey: @convention(c) (OpaquePointer?, UnsafeMutableRawPointer?) -> Int32 = {
    session, stored in
    guard let session, let stored else { return 0 }
    let presented = Unmanaged<PresentedKey>.fromOpaque(stored).takeUnretainedValue()
    let material = presented.current.material
    // The context's own may be of another kind, and would stay beside this one.
    SSL_certs_clear(session)
    guard SSL_use_certificate(session, material.certificate) == 1,
        SSL_use_PrivateKey(session, material.privateKey) == 1
    else { return 0 }
    return 1
}

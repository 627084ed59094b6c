import COpenSSL
import Glibc
import Synchronization

/// What a server seals its session tickets with.
///
/// The keys follow from the server's private key and the time, so that nothing has to be kept: a server
/// that was restarted opens the tickets of the one before, and one with another key opens none of them.
/// Whoever has the private key can pass for the server anyway. What was said earlier stays secret: each
/// resumption has a key exchange of its own.
final class TicketKeys: Sendable {
    /// Seconds after which tickets are sealed with another key. Those of the key before are still taken.
    static let period = 43_200

    /// The keys of one period.
    struct Key: Sendable {
        /// 16 bytes in front of each ticket that tell which key it is.
        let name: [UInt8]
        let cipher: [UInt8]
        let mac: [UInt8]

        /// The key of a period; `nil` if OpenSSL fails.
        init?(_ material: KeyMaterial, period: Int) {
            let time = "\(period)"
            guard let name = material.secret(for: "gloss ticket name \(time)"),
                let cipher = material.secret(for: "gloss ticket cipher \(time)"),
                let mac = material.secret(for: "gloss ticket mac \(time)")
            else { return nil }
            self.name = Array(name.prefix(16))
            self.cipher = cipher
            self.mac = mac
        }
    }

    private struct Derived {
        var fingerprint: KeyFingerprint
        var period: Int
        /// Of this period, and of the one before.
        var keys: [Key]
    }

    private let presented: PresentedKey
    private let clock: @Sendable () -> Int
    private let derived = Mutex<Derived?>(nil)

    /// - Parameter clock: seconds since 1970.
    init(_ presented: PresentedKey, clock: @escaping @Sendable () -> Int = { time(nil) }) {
        self.presented = presented
        self.clock = clock
    }

    /// The keys of now: that of this period, then the one before; none if OpenSSL fails.
    var current: [Key] {
        let key = presented.current
        let period = clock() / Self.period
        return derived.withLock { derived in
            if let derived, derived.fingerprint == key.fingerprint, derived.period == period {
                return derived.keys
            }
            let keys = [period, period - 1].compactMap { Key(key.material, period: $0) }
            derived = Derived(fingerprint: key.fingerprint, period: period, keys: keys)
            return keys
        }
    }

    /// Has a server's context seal and open tickets with these keys. The context must keep this object
    /// alive.
    func install(on context: OpaquePointer) -> Bool {
        SSL_CTX_set_timeout(context, Self.period)
        return SSL_CTX_set_ex_data(context, 0, Unmanaged.passUnretained(self).toOpaque()) == 1
            && SSL_CTX_set_tlsext_ticket_key_evp_cb(context, useTicketKey) == 1
    }
}

extension KeyMaterial {
    /// 32 bytes that follow from the private key and a purpose.
    fileprivate func secret(for purpose: String) -> [UInt8]? {
        var secret = [UInt8](repeating: 0, count: 32)
        let info = Array(purpose.utf8)
        guard gloss_derive_from_key(privateKey, info, info.count, &secret) == 1 else { return nil }
        return secret
    }
}

/// 1: the ticket is sealed; 2: it opens, and the client gets a new one; 0: it is nobody's, so that there
/// is a whole handshake; -1: OpenSSL failed.
private let useTicketKey:
    @convention(c) (
        OpaquePointer?, UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<UInt8>?, OpaquePointer?,
        OpaquePointer?, Int32
    ) -> Int32 = { session, name, iv, cipher, mac, seals in
        guard let session, let name, let iv,
            let stored = SSL_CTX_get_ex_data(SSL_get_SSL_CTX(session), 0)
        else { return -1 }
        let keys = Unmanaged<TicketKeys>.fromOpaque(stored).takeUnretainedValue().current
        let named = UnsafeMutableBufferPointer(start: name, count: 16)
        if seals == 1 {
            guard let key = keys.first, RAND_bytes(iv, 16) == 1,
                gloss_use_ticket_key(cipher, mac, key.cipher, key.mac, iv, 1) == 1
            else { return -1 }
            _ = named.update(from: key.name)
            return 1
        }
        guard let key = keys.first(where: { named.elementsEqual($0.name) }) else { return 0 }
        return gloss_use_ticket_key(cipher, mac, key.cipher, key.mac, iv, 0) == 1 ? 2 : -1
    }

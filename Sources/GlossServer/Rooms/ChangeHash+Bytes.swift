import GlossCrypto
import GlossProtocol

extension ChangeHash {
    /// The hash of the given 32 bytes; `nil` if they are not 32.
    init?(bytes: [UInt8]) {
        guard let digest = SHA256Digest(bytes) else { return nil }
        self.init(digest: digest)
    }
}

public import GlossCrypto

/// Names a server's key: the SHA-256 of its DER-encoded SubjectPublicKeyInfo. 32 bytes.
public struct KeyFingerprint: Hashable, Sendable {
    /// The hash itself.
    public let digest: SHA256Digest

    /// The fingerprint that is this hash.
    public init(_ digest: SHA256Digest) {
        self.digest = digest
    }

    /// The fingerprint with these bytes; nil unless there are exactly 32.
    public init?(bytes: [UInt8]) {
        guard let digest = SHA256Digest(bytes) else { return nil }
        self.digest = digest
    }

    /// The 32 bytes.
    public var bytes: [UInt8] { digest.bytes }
}

extension KeyFingerprint: CustomStringConvertible {
    /// 64 lower-case hex digits.
    public var description: String { digest.description }
}

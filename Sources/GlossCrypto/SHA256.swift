import COpenSSL

/// SHA-256 (FIPS 180-4), fed piece by piece. For bytes already at hand use `SHA256.hash`.
///
/// Owns a libcrypto context, so it cannot be copied; `finalize` consumes it.
public struct SHA256: ~Copyable {
    private let context: OpaquePointer

    /// The algorithm, looked up once: a lookup costs more than hashing a short message.
    private static let algorithm = Algorithm()

    /// A hash of no bytes yet.
    public init() {
        guard let context = EVP_MD_CTX_new() else { preconditionFailure("out of memory") }
        precondition(EVP_DigestInit_ex(context, Self.algorithm.pointer, nil) == 1)
        self.context = context
    }

    deinit {
        EVP_MD_CTX_free(context)
    }

    /// Adds `bytes` to the message. O(count).
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        precondition(EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1)
    }

    /// Adds `bytes` to the message. O(count).
    public mutating func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { update($0) }
    }

    /// Adds `bytes` to the message. O(count).
    public mutating func update(_ bytes: ArraySlice<UInt8>) {
        bytes.withUnsafeBytes { update($0) }
    }

    /// The digest of everything added.
    public consuming func finalize() -> SHA256Digest {
        let context = self.context
        return SHA256Digest { EVP_DigestFinal_ex(context, $0, nil) == 1 }
    }

    /// The digest of `bytes`. O(count).
    public static func hash(_ bytes: UnsafeRawBufferPointer) -> SHA256Digest {
        SHA256Digest {
            EVP_Digest(bytes.baseAddress, bytes.count, $0, nil, algorithm.pointer, nil) == 1
        }
    }

    /// The digest of `bytes`. O(count).
    public static func hash(_ bytes: [UInt8]) -> SHA256Digest {
        bytes.withUnsafeBytes { hash($0) }
    }

    /// The digest of `bytes`. O(count).
    public static func hash(_ bytes: ArraySlice<UInt8>) -> SHA256Digest {
        bytes.withUnsafeBytes { hash($0) }
    }
}

/// `@unchecked Sendable`: the pointer is never written after it was fetched and the algorithm it
/// names is immutable and lives as long as the process.
private struct Algorithm: @unchecked Sendable {
    let pointer: OpaquePointer

    init() {
        guard let pointer = EVP_MD_fetch(nil, "SHA256", nil) else {
            preconditionFailure("libcrypto has no SHA-256")
        }
        self.pointer = pointer
    }
}

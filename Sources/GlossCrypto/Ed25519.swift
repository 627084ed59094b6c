import COpenSSL

/// Ed25519 signatures (RFC 8032): 32-byte keys, 64-byte signatures.
public enum Ed25519 {
    /// Bytes in a raw key, private (the seed) or public.
    public static let keyByteCount = 32
    /// Bytes in a signature.
    public static let signatureByteCount = 64

    /// A key that can sign.
    public struct PrivateKey: Sendable {
        private let handle: KeyHandle
        /// The key that verifies what this one signs.
        public let publicKey: PublicKey

        /// A new random key. Throws `libraryFailure`.
        public init() throws(CryptoError) {
            guard let key = gloss_generate_ed25519_key() else { throw .fromLibrary() }
            try self.init(handle: KeyHandle(key))
        }

        /// The key with this 32-byte seed. Throws `wrongKeyLength`.
        public init(rawRepresentation seed: [UInt8]) throws(CryptoError) {
            guard seed.count == keyByteCount else {
                throw .wrongKeyLength(expected: keyByteCount, found: seed.count)
            }
            let made = EVP_PKEY_new_raw_private_key_ex(nil, "ED25519", nil, seed, seed.count)
            guard let made else {
                ERR_clear_error()
                throw .invalidKey
            }
            try self.init(handle: KeyHandle(made))
        }

        private init(handle: KeyHandle) throws(CryptoError) {
            self.handle = handle
            let raw = try handle.rawBytes(EVP_PKEY_get_raw_public_key)
            publicKey = try PublicKey(rawRepresentation: raw)
        }

        /// The 32-byte seed. A secret: keep it out of logs and errors.
        public var rawRepresentation: [UInt8] {
            get throws(CryptoError) { try handle.rawBytes(EVP_PKEY_get_raw_private_key) }
        }

        /// The 64-byte signature of `message`; the same message gives the same signature.
        public func sign(_ message: [UInt8]) throws(CryptoError) -> [UInt8] {
            guard let context = EVP_MD_CTX_new() else { throw .fromLibrary() }
            defer { EVP_MD_CTX_free(context) }
            var signature = [UInt8](repeating: 0, count: signatureByteCount)
            var count = signatureByteCount
            guard EVP_DigestSignInit(context, nil, nil, nil, handle.key) == 1,
                EVP_DigestSign(context, &signature, &count, message, message.count) == 1,
                count == signatureByteCount
            else { throw .fromLibrary() }
            return signature
        }
    }

    /// A key that verifies.
    public struct PublicKey: Sendable, Hashable {
        private let handle: KeyHandle
        /// The 32 bytes of the key.
        public let rawRepresentation: [UInt8]

        /// The key with these 32 bytes. Throws `wrongKeyLength`. Whether they are a point of the
        /// curve is found out when verifying.
        public init(rawRepresentation bytes: [UInt8]) throws(CryptoError) {
            guard bytes.count == keyByteCount else {
                throw .wrongKeyLength(expected: keyByteCount, found: bytes.count)
            }
            let made = EVP_PKEY_new_raw_public_key_ex(nil, "ED25519", nil, bytes, bytes.count)
            guard let made else {
                ERR_clear_error()
                throw .invalidKey
            }
            handle = KeyHandle(made)
            rawRepresentation = bytes
        }

        /// Whether `signature` is this key's signature of `message`. Anything malformed is false.
        public func isValidSignature(_ signature: [UInt8], of message: [UInt8]) -> Bool {
            guard signature.count == signatureByteCount, let context = EVP_MD_CTX_new() else {
                return false
            }
            defer {
                EVP_MD_CTX_free(context)
                ERR_clear_error()
            }
            guard EVP_DigestVerifyInit(context, nil, nil, nil, handle.key) == 1 else {
                return false
            }
            return EVP_DigestVerify(
                context, signature, signature.count, message, message.count) == 1
        }

        /// Whether both are the same 32 bytes.
        public static func == (left: Self, right: Self) -> Bool {
            left.rawRepresentation == right.rawRepresentation
        }

        /// Feeds the 32 bytes to `hasher`.
        public func hash(into hasher: inout Hasher) {
            hasher.combine(rawRepresentation)
        }
    }
}

/// Owns a libcrypto key.
///
/// `@unchecked Sendable`: the key is never changed after it was made, and libcrypto allows any
/// number of threads to use one key at once, each with its own operation context.
private final class KeyHandle: @unchecked Sendable {
    let key: OpaquePointer

    init(_ key: OpaquePointer) {
        self.key = key
    }

    deinit {
        EVP_PKEY_free(key)
    }

    func rawBytes(
        _ read: (OpaquePointer, UnsafeMutablePointer<UInt8>, UnsafeMutablePointer<Int>) -> Int32
    ) throws(CryptoError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: Ed25519.keyByteCount)
        var count = bytes.count
        guard read(key, &bytes, &count) == 1, count == bytes.count else { throw .fromLibrary() }
        return bytes
    }
}

/// What can go wrong with keys that came from outside, or inside libcrypto.
public enum CryptoError: Error, Hashable, Sendable {
    /// Raw key bytes have the wrong length.
    case wrongKeyLength(expected: Int, found: Int)
    /// The bytes are not a key.
    case invalidKey
    /// libcrypto refused an operation that should have worked; its own reason.
    case libraryFailure(String)
}

extension CryptoError: CustomStringConvertible {
    /// One line for a person to read.
    public var description: String {
        switch self {
        case .wrongKeyLength(let expected, let found):
            "a key of \(found) bytes, expected \(expected)"
        case .invalidKey: "not a valid key"
        case .libraryFailure(let reason): "libcrypto: \(reason)"
        }
    }
}

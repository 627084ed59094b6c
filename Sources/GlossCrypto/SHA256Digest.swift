/// The 32 bytes of a SHA-256, kept without an allocation.
public struct SHA256Digest: Hashable, Sendable {
    /// Bytes in a digest.
    public static let byteCount = 32

    private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    /// Takes a digest that was made elsewhere; nil unless it has exactly 32 bytes.
    public init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        Swift.withUnsafeMutableBytes(of: &words) { $0.copyBytes(from: bytes) }
    }

    /// Lets `fill` write the 32 bytes; traps if it reports a failure.
    init(_ fill: (UnsafeMutablePointer<UInt8>) -> Bool) {
        let filled = Swift.withUnsafeMutableBytes(of: &words) { buffer in
            buffer.withMemoryRebound(to: UInt8.self) { bytes in
                bytes.baseAddress.map(fill) ?? false
            }
        }
        precondition(filled, "libcrypto refused to hash")
    }

    /// The digest as an array of 32 bytes.
    public var bytes: [UInt8] {
        Swift.withUnsafeBytes(of: words) { Array($0) }
    }

    /// The first 8 bytes as a big-endian integer: what checksums add up.
    public var leadingWord: UInt64 {
        UInt64(bigEndian: words.0)
    }

    /// Calls `body` with the 32 bytes in place.
    public func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try Swift.withUnsafeBytes(of: words, body)
    }

    /// Whether both digests have the same bytes.
    public static func == (left: Self, right: Self) -> Bool {
        left.words == right.words
    }

    /// Feeds all 32 bytes to `hasher`.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
        hasher.combine(words.2)
        hasher.combine(words.3)
    }
}

extension SHA256Digest: CustomStringConvertible {
    /// 64 lower-case hex digits.
    public var description: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(unsafeUninitializedCapacity: 2 * Self.byteCount) { text in
            withUnsafeBytes { bytes in
                for (index, byte) in bytes.enumerated() {
                    text[2 * index] = digits[Int(byte >> 4)]
                    text[2 * index + 1] = digits[Int(byte & 15)]
                }
            }
            return 2 * Self.byteCount
        }
    }
}

import GlossCore

/// An order-free sum over the changes of a document: what two replicas compare to find that they
/// have the same ones.
///
/// The sum modulo 2^64 of the first 8 bytes of each change's hash, big-endian. 0 for none.
public struct Checksum: Hashable, Sendable, CustomStringConvertible {
    /// The 64 bits.
    public var rawValue: UInt64

    /// A sum of the given bits; that of an empty document unless told otherwise.
    public init(rawValue: UInt64 = 0) {
        self.rawValue = rawValue
    }

    /// 16 lower-case hex digits.
    public var description: String { Hex.string(rawValue) }
}

public import GlossCore
public import GlossCrypto

/// A hash over all rows of a document's log up to a position: what each change is, and who brought
/// it when, in their order.
///
/// Who has the hash at a position cannot find other rows that lead to it. So rows, and the hash in
/// front of them, are proven by the hash behind them.
public struct LogChain: Hashable, Sendable {
    /// The position of the last row; 0 in front of the first.
    public private(set) var position: Int
    /// The hash there.
    public private(set) var digest: SHA256Digest

    /// The chain of a document without changes.
    public init(of document: DocumentID) {
        position = 0
        digest = SHA256.hash(Array("gloss log chain 1".utf8) + document.bytes)
    }

    /// A chain that was computed before.
    public init(position: Int, digest: SHA256Digest) {
        self.position = position
        self.digest = digest
    }

    /// Adds the row at the next position.
    ///
    /// - Parameters:
    ///   - user: the account it came from.
    ///   - device: what that account called the device.
    ///   - time: when the server received it, in milliseconds since 1970.
    ///   - hash: the hash of the change.
    /// - Complexity: O(1), as names are short.
    public mutating func append(user: String, device: String, time: Int, hash: SHA256Digest) {
        position += 1
        var bytes: [UInt8] = []
        bytes.reserveCapacity(2 * SHA256Digest.byteCount + 24 + user.utf8.count + device.utf8.count)
        digest.withUnsafeBytes { bytes.append(contentsOf: $0) }
        bytes.appendBigEndian(UInt64(position))
        for name in [user, device] {
            bytes.appendBigEndian(UInt16(truncatingIfNeeded: name.utf8.count))
            bytes.append(contentsOf: name.utf8)
        }
        bytes.appendBigEndian(UInt64(bitPattern: Int64(time)))
        hash.withUnsafeBytes { bytes.append(contentsOf: $0) }
        digest = SHA256.hash(bytes)
    }
}

extension DocumentID {
    /// The 16 bytes that the id spells.
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.appendBigEndian(high)
        bytes.appendBigEndian(low)
        return bytes
    }
}

extension [UInt8] {
    /// Adds the bytes of a number, the most significant one first.
    mutating func appendBigEndian(_ number: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: number.bigEndian) { append(contentsOf: $0) }
    }
}

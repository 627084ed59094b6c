import GlossCore
public import GlossCrypto

/// The hash of a change and, through its causes, of everything it follows from.
///
/// SHA-256 over the bytes of the change, then the hash of its agent's previous change (unless it
/// is the agent's first), then those of its dependencies in the order they are listed. So equal
/// hashes mean equal histories, and no hash need travel.
public struct ChangeHash: Hashable, Sendable, CustomStringConvertible {
    /// The 32 bytes.
    public let digest: SHA256Digest

    /// A hash that was computed before.
    public init(digest: SHA256Digest) {
        self.digest = digest
    }

    /// The hash of a change.
    ///
    /// - Parameters:
    ///   - change: The change.
    ///   - previous: The hash of its agent's previous change; `nil` exactly if `change` starts at
    ///     sequence number 0.
    ///   - dependencies: The hashes of the changes its dependencies end, in their order.
    /// - Complexity: O(size of the change).
    public init(
        of change: EncodedChange, previous: ChangeHash?, dependencies: [ChangeHash]
    ) {
        precondition((previous == nil) == (change.change.seq == 0), "previous is there from seq 1")
        precondition(dependencies.count == change.change.dependencies.count)
        var hash = SHA256()
        hash.update(change.bytes)
        if let previous { previous.digest.withUnsafeBytes { hash.update($0) } }
        for dependency in dependencies { dependency.digest.withUnsafeBytes { hash.update($0) } }
        self.init(digest: hash.finalize())
    }

    /// 64 lower-case hex digits.
    public var description: String { digest.description }
}

extension Checksum {
    /// Adds a change.
    public mutating func add(_ hash: ChangeHash) {
        rawValue &+= hash.digest.leadingWord
    }

    /// The sum with one more change.
    public func adding(_ hash: ChangeHash) -> Checksum {
        Checksum(rawValue: rawValue &+ hash.digest.leadingWord)
    }
}

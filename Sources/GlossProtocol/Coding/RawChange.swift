public import GlossCore

/// The bytes of a change as they travel, not yet looked into.
public struct RawChange: Hashable, Sendable {
    /// The bytes.
    public let bytes: [UInt8]

    /// A change of the given bytes.
    public init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The bytes of a change that was decoded or made here.
    public init(_ change: EncodedChange) {
        self.init(bytes: change.bytes)
    }
}

/// A change together with the bytes it was read from. They are what is hashed, stored and sent on,
/// so that what this version does not understand survives.
public struct EncodedChange: Hashable, Sendable {
    /// The bytes, canonical.
    public let bytes: [UInt8]
    /// What they say.
    public let change: Change

    init(bytes: [UInt8], change: Change) {
        self.bytes = bytes
        self.change = change
    }
}

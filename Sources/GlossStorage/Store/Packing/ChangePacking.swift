public import GlossCore

/// How the changes of a log are packed into one piece and got out again. Storage looks into neither,
/// so whoever makes a store says how.
public protocol ChangePacking: Sendable {
    /// The first changes of a document's log, which were packed into `packed`.
    ///
    /// - Throws: ``StoreError`` with `corrupt`, naming the document, if that cannot be.
    func unpack(
        _ packed: [UInt8], of document: DocumentID
    ) throws(StoreError) -> any PackedChanges
}

/// Changes in one piece, each to be had again byte for byte.
public protocol PackedChanges: Sendable {
    /// How many there are.
    var count: Int { get }
    /// The bytes of the change at a position less one.
    ///
    /// - Throws: ``StoreError`` with `corrupt` if they cannot be had.
    func bytes(at index: Int) throws(StoreError) -> [UInt8]
}

/// For stores of logs that nobody has compacted.
public struct NoPacking: ChangePacking {
    /// No packing.
    public init() {}

    /// Always throws `unsupported`.
    public func unpack(
        _ packed: [UInt8], of document: DocumentID
    ) throws(StoreError) -> any PackedChanges {
        throw StoreError(
            .unsupported, "Document \(document) is compacted, which this program cannot read.")
    }
}

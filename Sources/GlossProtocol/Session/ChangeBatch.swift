public import GlossCore

/// Changes for one document that have been looked into.
public struct ChangeBatch: Hashable, Sendable {
    /// The document.
    public var doc: DocumentID
    /// The changes, in the order to commit them in.
    public var changes: [EncodedChange]

    /// Changes for a document.
    public init(doc: DocumentID, changes: [EncodedChange]) {
        self.doc = doc
        self.changes = changes
    }

    /// Bytes of its changes.
    ///
    /// - Complexity: O(changes).
    public var byteCount: Int { changes.reduce(0) { $0 + $1.bytes.count } }
}

/// A change out of a server's log that has been looked into.
public struct ReceivedChange: Hashable, Sendable {
    /// Its position in the log.
    public var at: Int
    /// The name of the user who brought it.
    public var user: String
    /// What that user calls the device.
    public var device: String
    /// When the server received it, in milliseconds since 1970.
    public var time: Int
    /// The change.
    public var change: EncodedChange

    /// A received change.
    public init(at: Int, user: String, device: String, time: Int, change: EncodedChange) {
        self.at = at
        self.user = user
        self.device = device
        self.time = time
        self.change = change
    }
}

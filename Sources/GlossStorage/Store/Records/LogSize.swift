/// How large a document's log is, and how much of it is compacted.
public struct LogSize: Hashable, Sendable {
    /// The position of its last row.
    public var head: Int
    /// The position its block reaches to; 0 if there is none.
    public var blockHead: Int
    /// About how many bytes the block takes.
    public var blockBytes: Int
    /// About how many bytes the rows behind it take.
    public var tailBytes: Int

    /// A size of the given values.
    public init(head: Int, blockHead: Int, blockBytes: Int, tailBytes: Int) {
        self.head = head
        self.blockHead = blockHead
        self.blockBytes = blockBytes
        self.tailBytes = tailBytes
    }

    /// How many rows are behind the block.
    public var tailCount: Int { head - blockHead }

    /// About how many bytes the numbers of a row take, and its place in the index on them.
    static let rowBytes = 64

    /// About how many bytes a row takes that is in no block.
    public static func bytes(of row: LogRow) -> Int {
        row.bytes.count + row.hash.count + row.user.utf8.count + row.deviceLabel.utf8.count
            + rowBytes
    }
}

/// The changes of a document's first rows, packed.
public struct LogBlock: Hashable, Sendable {
    /// How many there are.
    public var head: Int
    /// What they were packed into, never looked into here.
    public var changes: [UInt8]

    /// A block of the given values.
    public init(head: Int, changes: [UInt8]) {
        self.head = head
        self.changes = changes
    }
}

/// Every change of a replica in the order it took them in, to be read.
///
/// It shows the log as it was when it was asked for, whatever becomes of the replica.
public struct ChangeLog: Sendable {
    private let storage: Replica.Storage

    init(_ storage: Replica.Storage) { self.storage = storage }

    /// A change and where its operations lie.
    public struct Entry: Sendable {
        /// The change.
        public let change: Change
        /// The local version of its first operation.
        public let start: LocalVersion
        /// What its first operation follows: a minimal frontier, ascending.
        public let parents: [LocalVersion]

        /// The local versions of its operations.
        public var versions: Range<LocalVersion> { start..<start + change.count }
    }

    /// The changes, each after its causes. Each is written down when it is asked for, O(log n) for
    /// each of its operations.
    public struct Entries: RandomAccessCollection, Sendable {
        fileprivate let storage: Replica.Storage

        /// 0.
        public var startIndex: Int { 0 }
        /// How many there are.
        public var endIndex: Int { storage.document.changeCount }

        /// The change at an index.
        public subscript(index: Int) -> Entry {
            let start = storage.document.changes.versions(of: index).lowerBound
            return Entry(
                change: storage.document.change(at: index), start: start,
                parents: storage.document.graph.parents(of: start))
        }
    }

    /// The changes, each after its causes.
    public var entries: Entries { Entries(storage: storage) }

    /// What the log holds, by agent.
    public var versionVector: VersionVector { storage.document.versionVector }

    /// The operations nobody has followed yet, in ascending order of ids.
    public var frontier: [OpID] { storage.document.frontier }

    /// The entry that holds an operation, or `nil`. O(log n).
    public func entry(of id: OpID) -> Entry? {
        storage.document.version(of: id).map { entries[entryIndex(of: $0)] }
    }

    /// The local version of an operation, or `nil` if it is not known. O(log n).
    public func version(of id: OpID) -> LocalVersion? { storage.document.version(of: id) }

    /// The index of the change that holds a local version. O(log n).
    public func entryIndex(of version: LocalVersion) -> Int {
        storage.document.changes.index(of: version)
    }

    /// The local versions of the operations of the change at an index. O(log n).
    public func versions(at index: Int) -> Range<LocalVersion> {
        storage.document.changes.versions(of: index)
    }

    /// The id of the operation at a local version. O(log n).
    public func id(of version: LocalVersion) -> OpID { storage.document.identity(of: version) }

    /// Compares operations by Lamport time, then agent, then number: the order of all ties.
    public func precedes(_ first: OpID, _ second: OpID) -> Bool {
        storage.document.precedes(first, second)
    }
}

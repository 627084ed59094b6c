/// A single-valued field that keeps every concurrent value.
///
/// Each write names the writes it replaces; those that nobody has replaced stand. One of them, the
/// same on every replica, is shown meanwhile.
public struct Register: Sendable {
    /// One write.
    public struct Entry: Hashable, Sendable {
        /// The operation that wrote it.
        public let id: OpID
        /// What it wrote.
        public let value: Value
        /// The writes it replaced.
        public let replaces: [OpID]
        /// Why, where its author said so.
        public let why: String?
    }

    /// Every write ever made, in ascending order of time, and so each after those it replaces.
    public private(set) var writes: [Entry] = []
    /// Those that stand, if there are several. The last does: whatever replaced it would come later.
    private var standing: [OpID] = []

    /// A field nobody has written to.
    public init() {}

    /// A field with one write.
    init(_ entry: Entry) {
        writes = [entry]
    }

    /// The writes that stand, in ascending order of time (Lamport time, then agent, then number).
    /// O(1) where one or all of them do, else O(writes × those that stand).
    public var heads: [Entry] {
        if standing.isEmpty { return writes.suffix(1) }
        if standing.count == writes.count { return writes }
        return writes.filter { standing.contains($0.id) }
    }

    /// The write that shows: the last of those that stand; `nil` if nothing was ever written.
    public var shown: Entry? { writes.last }

    /// The value that shows.
    public var value: Value? { writes.last?.value }

    /// Whether values stand side by side that differ.
    public var isContested: Bool {
        guard !standing.isEmpty, let value else { return false }
        return heads.contains { $0.value != value }
    }

    /// The write of the given id.
    public func write(_ id: OpID) -> Entry? { writes.first { $0.id == id } }

    /// Whether a write replaced another, or one that did. O(writes).
    func follows(_ later: OpID, _ earlier: OpID) -> Bool {
        var reached: Set<OpID> = [later]
        for entry in writes.reversed() where reached.contains(entry.id) {
            if entry.replaces.contains(earlier) { return true }
            reached.formUnion(entry.replaces)
        }
        return false
    }

    /// Where a new write goes among the others.
    func place(of entry: Entry, precedes: (OpID, OpID) -> Bool) -> Int {
        writes.lastIndex { precedes($0.id, entry.id) }.map { $0 + 1 } ?? 0
    }

    /// Takes in a write at its place.
    mutating func insert(_ entry: Entry, at place: Int) {
        let former = standing.isEmpty ? writes.suffix(1).map(\.id) : standing
        let next = former.filter { !entry.replaces.contains($0) } + [entry.id]
        standing = next.count > 1 ? next : []
        writes.insert(entry, at: place)
    }
}

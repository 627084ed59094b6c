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
    /// The writes that stand, in ascending order of time (Lamport time, then agent, then number).
    public private(set) var heads: [Entry] = []

    /// A field nobody has written to.
    public init() {}

    /// The write that shows: the last of those that stand; `nil` if nothing was ever written.
    public var shown: Entry? { heads.last }

    /// The value that shows.
    public var value: Value? { heads.last?.value }

    /// Whether values stand side by side that differ.
    public var isContested: Bool { heads.contains { $0.value != heads[0].value } }

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

    /// Takes in a write.
    mutating func add(_ entry: Entry, precedes: (OpID, OpID) -> Bool) {
        let end = writes.lastIndex { precedes($0.id, entry.id) }.map { $0 + 1 } ?? 0
        writes.insert(entry, at: end)
        heads.removeAll { entry.replaces.contains($0.id) }
        let place = heads.firstIndex { precedes(entry.id, $0.id) } ?? heads.count
        heads.insert(entry, at: place)
    }
}

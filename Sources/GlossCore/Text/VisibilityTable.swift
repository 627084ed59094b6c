/// What hides each character: how often it was undone, how many deletions cover it, and whether it
/// repeats an accepted suggestion.
///
/// A document keeps it only once something was undone or accepted twice. Until then a character shows
/// if nobody deleted it, which the tree knows by itself.
struct VisibilityTable: ~Copyable {
    struct Slot: BitwiseCopyable {
        /// Of an insertion or deletion; it is undone while this is odd.
        var undoCount: Int32 = 0
        /// Of a character: twice the number of deletions that are not undone, plus one if it is
        /// repeated.
        var hiding: Int32 = 0
    }

    private var slots = Slab<Slot>()
    /// Whether the table is kept at all.
    private(set) var isKept = false

    /// How many operations it holds.
    var count: Int { slots.count }

    /// How many bytes it has taken from the system.
    var byteCount: Int { slots.byteCount }

    /// Gives the room back that no operation takes. O(n).
    mutating func shrink() { slots.shrink() }

    /// A table of its own with the same content.
    borrowing func copy() -> VisibilityTable {
        var copy = VisibilityTable()
        copy.slots = slots.copy()
        copy.isKept = isKept
        return copy
    }

    /// Starts to keep it, for so many operations of which none is undone and none deletes.
    mutating func start(count: Int) {
        isKept = true
        slots = Slab(capacity: count + count / 8)
        slots.append(repeating: Slot(), count: count)
    }

    /// Takes operations in that delete nothing.
    mutating func append(count added: Int) { slots.append(repeating: Slot(), count: added) }

    /// Takes in deletions, one for each character of the range.
    mutating func appendDeletion(of targets: Range<Int>) {
        append(count: targets.count)
        cover(targets)
    }

    /// Counts one more deletion of each character.
    mutating func cover(_ targets: Range<Int>) {
        for target in targets { slots[target].hiding += 2 }
    }

    /// The undo count of an operation.
    func undoCount(of version: Int) -> Int32 { isKept ? slots[version].undoCount : 0 }

    /// Whether an operation is undone.
    func isUndone(_ version: Int) -> Bool { undoCount(of: version) & 1 == 1 }

    /// Whether a character repeats what another acceptance of the same suggestion shows.
    func isRepeated(_ version: Int) -> Bool { isKept && slots[version].hiding & 1 == 1 }

    /// Whether a character shows.
    func shows(_ version: Int) -> Bool {
        slots[version].undoCount & 1 == 0 && slots[version].hiding == 0
    }

    /// Says whether a character is repeated.
    mutating func setRepeated(_ version: Int, _ isRepeated: Bool) {
        slots[version].hiding = slots[version].hiding & ~1 | (isRepeated ? 1 : 0)
    }

    /// Raises an undo count; gives whether that undid or redid the operation.
    mutating func raiseCount(of version: Int, to count: Int32) -> Bool {
        let former = slots[version].undoCount
        guard former < count else { return false }
        slots[version].undoCount = count
        return (former ^ count) & 1 == 1
    }

    /// Counts one deletion of a character more or less, because it was redone or undone.
    mutating func count(deletionOf version: Int, isUndone: Bool) {
        slots[version].hiding += isUndone ? -2 : 2
    }
}

/// Counts set by an undo or redo, kept for judging later ones and for looking back.
struct CountChange: Hashable, Sendable {
    /// The local version of the operation that set them.
    var version: LocalVersion
    /// The insertions or deletions that got the count.
    var targets: Range<LocalVersion>
    /// The count.
    var count: Int32
}

/// One change's acceptance of a suggestion.
struct Acceptance: Hashable, Sendable {
    /// The id of the change.
    var change: OpID
    /// The tagged operations in the order of the change.
    var operations: [Range<LocalVersion>]
    /// The characters among them.
    var inserted: [Range<LocalVersion>]

    /// Whether it stands: some of what it inserted is not undone, or, if it only deleted, some of
    /// that.
    func isLive(isUndone: (LocalVersion) -> Bool) -> Bool {
        (inserted.isEmpty ? operations : inserted).joined().contains { !isUndone($0) }
    }
}

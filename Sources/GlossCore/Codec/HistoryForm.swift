/// The parts of a history beside its head: see ``Document/encodeHistory()``.
enum HistoryForm {
    /// How the columns of operations say what a run does. The number that goes with it is how many
    /// operations the run has.
    enum Item {
        /// Insertion at a position.
        static let insertion = 0
        /// Deletion of the characters in front of a position, the last first.
        static let backwardDeletion = 1
        /// Deletion of the characters behind a position.
        static let forwardDeletion = 2
        /// As above, where the last item was and as a further span of the same deletion.
        static let furtherSpan = 3
        /// Insertion behind the last character that the item before it deleted, in place of what
        /// that deletion deleted.
        static let replacement = 4
        /// A run by ids, or an operation that is not about text: see ``Escape``.
        static let escape = 5
        /// More of the last run, a deletion, with the position as for ``backwardDeletion``: its
        /// characters followed one another once and do so no more.
        static let continuedDeletion = 6
        static let count = 7
    }

    /// The first byte of a run by ids.
    enum Escape {
        static let insertion: UInt8 = 0
        static let deletion: UInt8 = 1
        static let other: UInt8 = 2
        static let kindMask: UInt8 = 3
        /// More of the run before it, which something happened to meanwhile.
        static let continues: UInt8 = 4
        /// Of an insertion: it replaces just what the deletion before it deletes.
        static let replaces: UInt8 = 8
        /// Of a deletion: from here on, ``OpRuns/reversed`` and the other two flags.
        static let deletionFlagsShift: UInt8 = 4
    }
}

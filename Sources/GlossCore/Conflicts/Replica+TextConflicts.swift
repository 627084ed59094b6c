/// Concurrent edits that touch, judged in the text at their merge base.
///
/// The unit is an edit: what one change did at one place. Two edits touch when their ranges of the
/// merge base's text overlap or adjoin, an insertion being an empty range. Edits that did the same
/// are no conflict. Those that touch, directly or through others, make one question.
extension Replica {
    /// An edit whatever the base: the same operations give the same one.
    struct TextNode: Hashable {
        /// The entry of the log.
        var entry: Int
        /// The first operation.
        var first: OpID
    }

    /// The open text conflicts.
    ///
    /// - Complexity: O(changes), O(runs) for each merge base, O(log n) for each edit, and O(1) for each
    ///   two that touch.
    var textConflicts: [Conflict] {
        let settled = settlements(of: .text)
        let elsewhere = OtherQuestions(self)
        var groups = Groups<TextNode>()
        for encounter in encounters {
            forEachTouchingPair(of: encounter, elsewhere.acceptances) { first, second in
                if settled.cover([first.first, second.first]) { return }
                if elsewhere.ask(about: first, second) { return }
                groups.join(
                    TextNode(entry: first.entry, first: first.first),
                    TextNode(entry: second.entry, first: second.first))
            }
        }
        let found = groups.all
        return found.isEmpty ? [] : textConflicts(of: found, now: document.textIndex)
    }

    /// Calls `body` with all edits of two concurrent branches that touch and are not the same, ordered
    /// by where the one that starts later starts.
    private func forEachTouchingPair(
        of encounter: Encounter, _ acceptances: AcceptanceRanges,
        _ body: (PlacedEdit, PlacedEdit) -> Void
    ) {
        let base = document.index(at: encounter.base)
        for (first, second) in encounter.pairs {
            let edits = [first, second].enumerated().flatMap { side, entries in
                entries.flatMap { entry in
                    placedEdits(of: entry, in: base, known: encounter.base, acceptances)
                        .map { (side: side, edit: $0) }
                }
            }.sorted {
                ($0.edit.range.lowerBound, $0.edit.entry) < (
                    $1.edit.range.lowerBound, $1.edit.entry
                )
            }
            // Those that reach the place where the next one starts.
            var reaching: [(side: Int, edit: PlacedEdit)] = []
            for next in edits {
                reaching.removeAll { $0.edit.range.upperBound < next.edit.range.lowerBound }
                for other in reaching
                where other.side != next.side && !other.edit.isSame(as: next.edit) {
                    body(other.edit, next.edit)
                }
                reaching.append(next)
            }
        }
    }
}

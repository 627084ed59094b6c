/// Edits in the coordinates of some earlier text.
extension Replica {
    /// What a change did at one place, in the coordinates of some base text.
    struct PlacedEdit {
        /// The entry of the log.
        var entry: Int
        /// The first operation of the change at that place.
        var first: OpID
        var range: Range<Int>
        var inserted: [Unicode.Scalar]
        /// For each insertion what it accepts, or the tag of the edit.
        var tags: [OpID?] = []
        /// The suggestions it decides on, ascending, if that is all it does; else none.
        var decides: [OpID] = []

        func touches(_ other: PlacedEdit) -> Bool {
            range.lowerBound <= other.range.upperBound && other.range.lowerBound <= range.upperBound
        }

        /// Whether both do the same, and what they insert shows once.
        func isSame(as other: PlacedEdit) -> Bool {
            range == other.range && inserted == other.inserted && tags == other.tags
                && !tags.contains(nil)
        }
    }

    /// What a change did and what of it is not undone, place by place, ascending. Undoing what the
    /// base does not know shows in that edit itself, not here.
    ///
    /// - Parameters:
    ///   - known: the operations that made the base.
    ///   - acceptances: what accepts suggestions.
    func placedEdits(
        of index: Int, in base: TextIndex, known: VersionSet,
        _ acceptances: AcceptanceRanges = AcceptanceRanges()
    ) -> [PlacedEdit] {
        let start = document.changes.versions(of: index).lowerBound
        let change = document.change(at: index)
        var edits: [PlacedEdit] = []
        var seq = change.seq
        for op in change.ops {
            let id = OpID(agent: change.agent, seq: seq)
            let first = start + seq - change.seq
            switch op {
            case .insert(let insertion):
                let place = base.offset(before: first)
                let typed = first..<first + insertion.scalarCount
                guard typed.contains(where: { !document.table.isUndone($0) }) else { break }
                edits.append(
                    PlacedEdit(
                        entry: index, first: id, range: place..<place, inserted: insertion.text,
                        tags: [insertion.accepts],
                        decides: insertion.suggestion.map { [$0] } ?? []))
            case .delete(let deletion):
                let live = (first..<first + op.width).filter { !document.table.isUndone($0) }
                edits += live.compactMap {
                    edit(
                        of: $0, in: base, known, entry: index, first: id,
                        decides: deletion.suggestion)
                }
            case .visibility(let visibility):
                for mark in visibility.marks {
                    for version in (document.versions(of: mark.span) ?? []).joined()
                    where known.contains(version)
                        && Int(document.table.undoCount(of: version)) == mark.count
                    {
                        let edit = edit(
                            of: version, in: base, known, entry: index, first: id,
                            decides: acceptances.suggestion(of: version))
                        if let edit { edits.append(edit) }
                    }
                }
            default: break
            }
            seq += op.width
        }
        return joined(edits)
    }

    /// The place of a character that was hidden or shown: the character itself where the base shows
    /// it, the gap it stands in where the base only knows it. Text that one side alone ever saw is no
    /// matter between the two.
    ///
    /// - Parameter version: an insertion, or a deletion of the character meant.
    private func edit(
        of version: LocalVersion, in base: TextIndex, _ known: VersionSet, entry: Int, first: OpID,
        decides suggestion: OpID?
    ) -> PlacedEdit? {
        let character: LocalVersion
        switch document.ops.kind(of: version) {
        case .insertion: character = version
        case .deletion: character = document.ops.target(of: version) ?? version
        case .other: return nil
        }
        guard known.contains(character) else { return nil }
        let place = base.offset(before: character)
        let end = base.isVisible(character) ? place + 1 : place
        return PlacedEdit(
            entry: entry, first: first, range: place..<end, inserted: [],
            decides: suggestion.map { [$0] } ?? [])
    }

    /// Joins what a change did at adjoining places.
    private func joined(_ edits: [PlacedEdit]) -> [PlacedEdit] {
        let sorted = edits.enumerated().sorted {
            ($0.element.range.lowerBound, $0.offset) < ($1.element.range.lowerBound, $1.offset)
        }
        var joined: [PlacedEdit] = []
        for (_, edit) in sorted {
            if let last = joined.last, last.touches(edit) {
                joined[joined.count - 1].range =
                    last.range.lowerBound..<max(last.range.upperBound, edit.range.upperBound)
                joined[joined.count - 1].inserted += edit.inserted
                joined[joined.count - 1].tags += edit.tags
                joined[joined.count - 1].first = min(last.first, edit.first)
                joined[joined.count - 1].decides =
                    last.decides.isEmpty || edit.decides.isEmpty
                    ? [] : Set(last.decides + edit.decides).sorted()
            } else {
                joined.append(edit)
            }
        }
        return joined
    }
}

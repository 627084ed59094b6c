/// Concurrent edits that touch, judged in the text at their merge base.
///
/// The unit is an edit: what one change did at one place. Two edits touch when their ranges of the
/// merge base's text overlap or adjoin, an insertion being an empty range. Edits that did the same
/// are no conflict. Those that touch, directly or through others, make one question.
extension Replica {
    /// What a change did at one place, in the coordinates of some base text.
    struct PlacedEdit {
        /// The entry of the log.
        var entry: Int
        /// The first operation of the change at that place.
        var first: OpID
        var range: Range<Int>
        var inserted: [Unicode.Scalar]

        func touches(_ other: PlacedEdit) -> Bool {
            range.lowerBound <= other.range.upperBound && other.range.lowerBound <= range.upperBound
        }

        func isSame(as other: PlacedEdit) -> Bool {
            range == other.range && inserted == other.inserted
        }
    }

    /// An edit whatever the base: the same operations give the same one.
    private struct Node: Hashable {
        var entry: Int
        var first: OpID
    }

    /// The open text conflicts.
    ///
    /// - Complexity: O(pairs of concurrent changes), O(operations) for each merge base.
    var textConflicts: [Conflict] {
        let settled = document.store.entities.compactMap { entity -> Set<OpID>? in
            guard case .resolution(let resolution) = entity.kind, resolution.kind == .text,
                !entity.isWithdrawn
            else { return nil }
            return Set(resolution.settles)
        }
        var groups = Groups<Node>()
        for pair in touchingPairs {
            let ids = [pair.0.first, pair.1.first]
            if settled.contains(where: { $0.isSuperset(of: ids) }) { continue }
            groups.join(
                Node(entry: pair.0.entry, first: pair.0.first),
                Node(entry: pair.1.entry, first: pair.1.first))
        }
        return groups.all.map { textConflict(of: $0) }
    }

    /// Pairs of edits by concurrent changes that touch in the text at their merge base.
    private var touchingPairs: [(PlacedEdit, PlacedEdit)] {
        var pairs: [(PlacedEdit, PlacedEdit)] = []
        var bases: [VersionSet: TextIndex] = [:]
        var placed: [VersionSet: [Int: [PlacedEdit]]] = [:]
        var histories: [Int: VersionSet] = [:]
        func history(_ index: Int) -> VersionSet {
            if let known = histories[index] { return known }
            let history = document.graph.history(of: parents(ofChange: index))
            histories[index] = history
            return history
        }
        func edits(_ index: Int, base: VersionSet) -> [PlacedEdit] {
            if let known = placed[base]?[index] { return known }
            let text = bases[base] ?? document.index(at: base)
            bases[base] = text
            let edits = placedEdits(of: index, in: text, known: base)
            placed[base, default: [:]][index] = edits
            return edits
        }
        for later in 0..<document.changeCount where hasText(later) {
            for earlier in concurrent(history(later), before: later) where hasText(earlier) {
                let base = history(later).intersection(history(earlier))
                for first in edits(earlier, base: base) {
                    for second in edits(later, base: base)
                    where first.touches(second) && !first.isSame(as: second) {
                        pairs.append((first, second))
                    }
                }
            }
        }
        return pairs
    }

    /// The changes before one in the log that are not in its history, ascending.
    private func concurrent(_ history: VersionSet, before index: Int) -> [Int] {
        var found: [Int] = []
        var seen = 0
        let end = document.changes.versions(of: index).lowerBound
        for range in history.ranges + [end..<end] {
            if seen < range.lowerBound {
                let first = document.changes.index(of: seen)
                found += first...document.changes.index(of: range.lowerBound - 1)
            }
            seen = range.upperBound
        }
        return found
    }

    private func parents(ofChange index: Int) -> [LocalVersion] {
        document.graph.parents(of: document.changes.versions(of: index).lowerBound)
    }

    private func hasText(_ index: Int) -> Bool {
        var hasText = false
        document.ops.forEachRun(in: document.changes.versions(of: index)) { run, part in
            guard document.ops.runs[run].kind == .other else {
                hasText = true
                return
            }
            if case .visibility = document.operations(in: part)[0] { hasText = true }
        }
        return hasText
    }

    /// What a change did and what of it is not undone, place by place, ascending. Undoing what the
    /// base does not know shows in that edit itself, not here.
    ///
    /// - Parameter known: the operations that made the base.
    private func placedEdits(
        of index: Int, in base: TextIndex, known: VersionSet
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
                        entry: index, first: id, range: place..<place, inserted: insertion.text))
            case .delete:
                let live = (first..<first + op.width).filter { !document.table.isUndone($0) }
                edits += live.compactMap { edit(of: $0, in: base, known, entry: index, first: id) }
            case .visibility(let visibility):
                for mark in visibility.marks {
                    for version in (document.versions(of: mark.span) ?? []).joined()
                    where known.contains(version)
                        && Int(document.table.undoCount(of: version)) == mark.count
                    {
                        if let edit = edit(of: version, in: base, known, entry: index, first: id) {
                            edits.append(edit)
                        }
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
        of version: LocalVersion, in base: TextIndex, _ known: VersionSet, entry: Int, first: OpID
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
        return PlacedEdit(entry: entry, first: first, range: place..<end, inserted: [])
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
                joined[joined.count - 1].first = min(last.first, edit.first)
            } else {
                joined.append(edit)
            }
        }
        return joined
    }

    // MARK: The card

    private func textConflict(of nodes: [Node]) -> Conflict {
        let ids = nodes.map(\.first).sorted()
        let entries = Set(nodes.map(\.entry)).sorted()
        let sides = sides(of: entries)
        let base =
            entries.map { document.graph.history(of: parents(ofChange: $0)) }
            .reduce(nil as VersionSet?) { $0?.intersection($1) ?? $1 } ?? VersionSet()
        let baseIndex = document.index(at: base)
        let all = entries.flatMap { placedEdits(of: $0, in: baseIndex, known: base) }
        let named = all.filter { ids.contains($0.first) }
        let edits = named.isEmpty ? all : named
        let lower = edits.map(\.range.lowerBound).min() ?? 0
        let upper = edits.map(\.range.upperBound).max() ?? 0
        let frame = sentence(around: lower..<upper, in: baseIndex)
        let present = document.textIndex
        let orders = orders(of: frame, in: baseIndex)
        let versions = sides.map { side in
            let known = document.graph.history(
                of: side.map { document.changes.versions(of: $0).upperBound - 1 })
            return Conflict.Version(
                content: string(in: orders, of: document.index(at: known)),
                operations: nodes.filter { side.contains($0.entry) }.map(\.first)
                    .sorted { document.precedes($0, $1) },
                why: side.lazy.compactMap { document.changes.message(of: $0) }.first, value: nil)
        }
        let shown = present.versions(inOrder: orders).filter(\.isVisible).map(\.versions)
        let start = shown.first.map { present.offset(before: $0.lowerBound) } ?? 0
        let count = shown.reduce(0) { $0 + $1.count }
        return Conflict(
            id: ConflictID(kind: .text, document: id, about: [], field: nil, versions: ids),
            kind: .text, document: id, subject: .text(start..<start + count),
            base: string(in: orders, of: baseIndex), versions: versions,
            shown: document.string(of: shown), settles: ids)
    }

    private func firstID(ofChange index: Int) -> OpID {
        document.identity(of: document.changes.versions(of: index).lowerBound)
    }

    /// The changes of one conflict by agent, in the order of each agent's first one.
    private func sides(of entries: [Int]) -> [[Int]] {
        var sides: [AgentID: [Int]] = [:]
        for entry in entries { sides[firstID(ofChange: entry).agent, default: []].append(entry) }
        return sides.values.sorted {
            document.precedes(firstID(ofChange: $0[0]), firstID(ofChange: $1[0]))
        }
    }

    /// A range grown to the ends of its sentences: to a full stop, question or exclamation mark
    /// followed by white space, or to a line's end, but no more than 200 scalars each way.
    private func sentence(around range: Range<Int>, in index: TextIndex) -> Range<Int> {
        let window =
            max(0, range.lowerBound - 200)..<min(index.visibleCount, range.upperBound + 200)
        let scalars = document.scalars(of: index.versions(at: window))
        func isEnd(_ offset: Int) -> Bool {
            let scalar = scalars[offset - window.lowerBound]
            if scalar == "\n" { return true }
            guard ".?!".unicodeScalars.contains(scalar) else { return false }
            let next = offset + 1 - window.lowerBound
            return next >= scalars.count || scalars[next].properties.isWhitespace
        }
        var lower = range.lowerBound
        while lower > window.lowerBound, !isEnd(lower - 1) { lower -= 1 }
        while lower < range.lowerBound, scalars[lower - window.lowerBound].properties.isWhitespace {
            lower += 1
        }
        var upper = range.upperBound
        while upper < window.upperBound, !isEnd(upper) { upper += 1 }
        if upper < window.upperBound, scalars[upper - window.lowerBound] != "\n" { upper += 1 }
        return lower..<upper
    }

    /// The places of the full order that a range of a base text spans, with what stands at its ends.
    private func orders(of range: Range<Int>, in base: TextIndex) -> Range<Int> {
        let lower =
            range.lowerBound > 0
            ? base.order(of: base.version(atOffset: range.lowerBound - 1)) + 1 : 0
        let upper =
            range.upperBound < base.visibleCount
            ? base.order(of: base.version(atOffset: range.upperBound)) : Int.max
        return lower..<max(lower, upper)
    }

    private func string(in orders: Range<Int>, of index: TextIndex) -> String {
        document.string(of: index.versions(inOrder: orders).filter(\.isVisible).map(\.versions))
    }
}

/// Disjoint groups, joined pair by pair; the order of what comes out is that of what went in.
private struct Groups<Member: Hashable> {
    private var group: [Member: Int] = [:]
    private var members: [[Member]] = []

    mutating func join(_ first: Member, _ second: Member) {
        switch (group[first], group[second]) {
        case (nil, nil):
            group[first] = members.count
            group[second] = members.count
            members.append([first, second])
        case (let known?, nil): add(second, to: known)
        case (nil, let known?): add(first, to: known)
        case (let left?, let right?):
            guard left != right else { return }
            for member in members[right] { group[member] = left }
            members[left] += members[right]
            members[right] = []
        }
    }

    private mutating func add(_ member: Member, to index: Int) {
        group[member] = index
        members[index].append(member)
    }

    var all: [[Member]] { members.filter { !$0.isEmpty } }
}

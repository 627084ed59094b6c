/// The text at other versions.
extension Document {
    /// The places of all characters in the text as it is.
    var textIndex: TextIndex {
        var builder = TextIndex.Builder(expecting: tree.leaves.count * tree.leafCapacity / 2)
        tree.forEachRun { builder.append($0.first..<$0.end, isVisible: !$0.isHidden) }
        return builder.finish(
            replacements: replacements, moves: moves, revived: revivedCharacters)
    }

    /// The places of all characters in the text made by the operations of `known`.
    ///
    /// - Parameter known: a set that holds the history of each of its members.
    func index(at known: VersionSet) -> TextIndex {
        var builder = TextIndex.Builder(expecting: tree.leaves.count * tree.leafCapacity / 2)
        forEachPiece(at: known) { builder.append($0, isVisible: $1) }
        return builder.finish(
            replacements: replacements, moves: moves, revived: revivedCharacters)
    }

    /// Text that was typed to stand for other text, in the order of the log.
    var replacements: [TextIndex.Replacement] {
        var found = absent.replacements
        guard ops.replacements.count > 0 || !ops.details.isEmpty else { return found }
        for index in 0..<ops.replacements.count {
            let version = Int(ops.replacements[index])
            let change = changes.index(of: version)
            let versions = changes.versions(of: change)
            var deleted: Range<LocalVersion>?
            forEachOp(in: versions) { part, kind in
                if part.lowerBound == version, let deleted {
                    var replaced: [Range<LocalVersion>] = []
                    ops.forEachRun(in: deleted) { index, part in
                        replaced.append(ops.targets(ofRun: index, part))
                    }
                    found.append(TextIndex.Replacement(inserted: part, replaced: replaced))
                }
                deleted = kind == .deletion ? part : nil
            }
        }
        for detail in ops.details where !detail.replaces.isEmpty && detail.version >= ops.base {
            let run = ops.versions(ofRun: ops.index(of: detail.version))
            let change = changes.versions(of: changes.index(of: detail.version))
            let inserted = detail.version..<min(run.upperBound, change.upperBound)
            let replaced = detail.replaces.flatMap { versions(of: $0) ?? [] }
            found.append(TextIndex.Replacement(inserted: inserted, replaced: replaced))
        }
        return found.sorted { $0.inserted.lowerBound < $1.inserted.lowerBound }
    }

    /// Characters that an undo may have made show again. O(operations that were ever undone).
    private var revivedCharacters: VersionSet {
        guard !countChanges.isEmpty else { return VersionSet() }
        guard !needsLog else { return VersionSet([0..<graph.count]) }
        let undone = VersionSet(countChanges.map(\.targets))
        var parts: [Range<LocalVersion>] = []
        for range in undone.ranges {
            ops.forEachRun(in: range) { index, part in
                switch ops.runs[index].kind {
                case .insertion: parts.append(part)
                case .deletion: parts.append(ops.targets(ofRun: index, part))
                case .other: break
                }
            }
        }
        for all in acceptances.values
        where all.contains(where: { !$0.operations.allSatisfy(undone.isDisjoint) }) {
            parts += all.flatMap(\.inserted)
        }
        return VersionSet(parts)
    }

    /// Text that was moved, in the order of the log.
    var moves: [TextIndex.Move] {
        let found = ops.details.filter { !$0.from.isEmpty }.map { detail in
            let count = detail.from.reduce(0) { $0 + $1.count }
            return TextIndex.Move(
                inserted: detail.version..<detail.version + count,
                from: detail.from.flatMap { versions(of: $0) ?? [] })
        }
        let order = found.indices.sorted {
            precedes(
                identity(of: found[$0].inserted.lowerBound),
                identity(of: found[$1].inserted.lowerBound))
        }
        var moves = found
        for (rank, index) in order.enumerated() { moves[index].rank = rank }
        return moves
    }

    /// Goes through all characters in document order, with whether they show when only the
    /// operations of `known` have happened.
    ///
    /// - Complexity: O(n / 64) in operations, and O(runs).
    func forEachPiece(
        at known: VersionSet, _ body: (Range<LocalVersion>, _ isVisible: Bool) -> Void
    ) {
        let shown = shownCharacters(at: known)
        tree.forEachRun { run in
            var start = run.first
            while start < run.end {
                let isVisible = shown.contains(start)
                let end = shown.end(ofStretchFrom: start, isVisible, limit: run.end)
                body(start..<end, isVisible)
                start = end
            }
        }
    }

    /// The characters that show when only the operations of `known` have happened.
    ///
    /// - Complexity: O(n / 64) in operations, and O(runs of `known`).
    func shownCharacters(at known: VersionSet) -> VersionBits {
        var shown = VersionBits(count: ops.count)
        for range in known.ranges { shown.insert(range) }
        let undone = undoneOperations(at: known)
        for range in known.ranges {
            ops.forEachRun(in: range) { index, part in
                guard ops.runs[index].kind == .deletion else { return }
                if undone.isEmpty { return shown.remove(ops.targets(ofRun: index, part)) }
                for version in part where !undone.contains(version) {
                    if let target = ops.target(of: version) { shown.remove(target..<target + 1) }
                }
            }
        }
        for version in undone { shown.remove(version..<version + 1) }
        for all in acceptances.values where all.count > 1 {
            hideRepeated(all, in: &shown, known: known, undone: undone)
        }
        return shown
    }

    private func undoneOperations(at known: VersionSet) -> Set<LocalVersion> {
        var counts: [LocalVersion: Int32] = [:]
        for change in countChanges where known.contains(change.version) {
            for target in change.targets {
                counts[target] = max(counts[target] ?? 0, change.count)
            }
        }
        return Set(counts.lazy.filter { $0.value & 1 == 1 }.map(\.key))
    }

    private func hideRepeated(
        _ acceptances: [Acceptance], in shown: inout VersionBits, known: VersionSet,
        undone: Set<LocalVersion>
    ) {
        let all = acceptances.filter { acceptance in
            version(of: acceptance.change).map { known.contains($0) } ?? false
        }
        let live = all.filter { $0.isLive { undone.contains($0) } }
        guard let first = live.min(by: { precedes($0.change, $1.change) })?.change else { return }
        for acceptance in all where acceptance.change != first {
            for range in acceptance.inserted { shown.remove(range) }
        }
    }
}

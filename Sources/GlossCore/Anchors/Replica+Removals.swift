/// Who took away the words that annotations stood on.
extension Replica {
    /// What took away the characters of some targets: for each character that showed when the target
    /// was made, and that nobody sees any more, the change that first deleted it, or undid its
    /// insertion, and still holds. For each target ascending by id.
    ///
    /// - Parameter index: ``textIndex`` of this replica.
    /// - Complexity: O(deletions + characters of the targets), and O(n / 64) for each target whose
    ///   characters were ever undone, or for each if anything was ever accepted twice.
    func removals(of targets: [Target], in index: TextIndex) -> [[OpID]] {
        guard !targets.isEmpty else { return [] }
        let isRepeating = document.acceptances.values.contains { $0.count > 1 }
        let lost = targets.map { lostCharacters(of: $0, in: index, isRepeating: isRepeating) }
        var removals: [(character: LocalVersion, removal: LocalVersion)] = []
        document.forEachLiveRemoval(of: VersionSet(lost.flatMap(\.characters.ranges))) {
            removals.append(($1, $0))
        }
        removals.sort { $0 < $1 }
        return lost.map { lost in
            var found: Set<OpID> = []
            for range in lost.characters.ranges {
                found.formUnion(firstRemovals(of: range, lost.former, among: removals))
            }
            return found.sorted()
        }
    }

    /// The characters of a target that are hidden and showed when it was made: exactly these if
    /// `former` is `nil`, else all but those that something in `former` removed.
    private func lostCharacters(
        of target: Target, in index: TextIndex, isRepeating: Bool
    ) -> (characters: VersionSet, former: VersionSet?) {
        let known = document.history(of: target.version)
        let parts = target.ranges.flatMap { stretch(of: $0, in: index)?.parts ?? [] }
        let hidden = VersionSet(parts.filter { !$0.isVisible }.map(\.versions)).intersection(known)
        if !isRepeating, hidden.ranges.allSatisfy(index.revived.isDisjoint) {
            return (hidden, known)
        }
        let then = document.shownCharacters(at: known)
        let shown = hidden.ranges.joined().filter { then.contains($0) }
        return (VersionSet(shown.map { $0..<$0 + 1 }), nil)
    }

    /// Of each of some characters the change that removed it first.
    ///
    /// - Parameters:
    ///   - former: removals that say that a character was hidden before.
    ///   - removals: ascending.
    private func firstRemovals(
        of characters: Range<LocalVersion>, _ former: VersionSet?,
        among removals: [(character: LocalVersion, removal: LocalVersion)]
    ) -> [OpID] {
        var place = removals.partitioningIndex { $0.character >= characters.lowerBound }
        var found: [OpID] = []
        while place < removals.count, removals[place].character < characters.upperBound {
            let character = removals[place].character
            var first: OpID?
            var isFormer = false
            while place < removals.count, removals[place].character == character {
                let removal = removals[place].removal
                isFormer = isFormer || former?.contains(removal) ?? false
                let entry = document.changes.index(of: removal)
                let change = document.identity(
                    of: document.changes.versions(of: entry).lowerBound)
                if first.map({ document.precedes(change, $0) }) ?? true { first = change }
                place += 1
            }
            if !isFormer, let first { found.append(first) }
        }
        return found
    }
}

extension Document {
    /// Goes through what hides some characters: deletions that are not undone, and undoings of
    /// insertions that hold. O(n) in deletions.
    func forEachLiveRemoval(
        of wanted: VersionSet,
        _ body: (_ removal: LocalVersion, _ character: LocalVersion) -> Void
    ) {
        ops.forEachRun(in: 0..<ops.count) { index, versions in
            guard ops.runs[index].kind == .deletion,
                !wanted.isDisjoint(with: ops.targets(ofRun: index, versions))
            else { return }
            for version in versions where !table.isUndone(version) {
                guard let target = ops.target(of: version), wanted.contains(target) else {
                    continue
                }
                body(version, target)
            }
        }
        for change in countChanges {
            for target in change.targets
            where wanted.contains(target) && isCharacterInLog(target) && table.isUndone(target)
                && table.undoCount(of: target) == change.count
            {
                body(change.version, target)
            }
        }
    }
}

/// Who took away the words that annotations stood on.
extension Replica {
    /// What took away the characters of some targets that nobody sees any more: for each character the
    /// change that first deleted it, or undid its insertion, and still holds. For each target ascending
    /// by id.
    ///
    /// - Parameter index: ``textIndex`` of this replica.
    /// - Complexity: O(deletions + characters of the targets).
    func removals(of targets: [Target], in index: TextIndex) -> [[OpID]] {
        guard !targets.isEmpty else { return [] }
        let histories = targets.map { document.history(of: $0.version) }
        let hidden = zip(targets, histories).map {
            hiddenCharacters(of: $0, knownTo: $1, in: index)
        }
        var removals: [(character: LocalVersion, removal: LocalVersion)] = []
        document.forEachLiveRemoval(of: VersionSet(hidden.flatMap(\.ranges))) {
            removal, character in
            removals.append((character, removal))
        }
        removals.sort { $0 < $1 }
        return zip(hidden, histories).map { characters, original in
            var found: Set<OpID> = []
            for range in characters.ranges {
                found.formUnion(firstRemovals(of: range, knownTo: original, among: removals))
            }
            return found.sorted()
        }
    }

    private func hiddenCharacters(
        of target: Target, knownTo original: VersionSet, in index: TextIndex
    ) -> VersionSet {
        let parts = target.ranges.flatMap { stretch(of: $0, in: index)?.parts ?? [] }
        return VersionSet(parts.filter { !$0.isVisible }.map(\.versions)).intersection(original)
    }

    /// Of each of some characters the change that removed it first.
    ///
    /// - Parameters:
    ///   - original: what had happened when the target was made: what was hidden then does not count.
    ///   - removals: ascending.
    private func firstRemovals(
        of characters: Range<LocalVersion>, knownTo original: VersionSet,
        among removals: [(character: LocalVersion, removal: LocalVersion)]
    ) -> [OpID] {
        var low = 0
        var high = removals.count
        while low < high {
            let middle = (low + high) / 2
            if removals[middle].character < characters.lowerBound {
                low = middle + 1
            } else {
                high = middle
            }
        }
        var found: [OpID] = []
        while low < removals.count, removals[low].character < characters.upperBound {
            let character = removals[low].character
            var first: OpID?
            var isFormer = false
            while low < removals.count, removals[low].character == character {
                let removal = removals[low].removal
                isFormer = isFormer || original.contains(removal)
                let entry = document.changes.index(of: removal)
                let change = document.identity(of: document.changes.versions(of: entry).lowerBound)
                if first.map({ document.precedes(change, $0) }) ?? true { first = change }
                low += 1
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

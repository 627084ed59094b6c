/// Undo, redo, and suggestions accepted twice.
extension Document {
    mutating func apply(
        _ visibility: Visibility, at version: LocalVersion, of incoming: Incoming
    ) throws(ChangeError) {
        guard kind == .article else { throw Document.noText }
        var raises: [(range: Range<LocalVersion>, count: Int32)] = []
        for mark in visibility.marks {
            guard mark.count > 0, mark.count < Int(Int32.max), let ranges = versions(of: mark.span)
            else { throw ChangeError(.invalidOp, "\(mark.span.start) is nothing its author knew") }
            for range in ranges {
                try check(mark, range, at: version, of: incoming)
                raises.append((range, Int32(mark.count)))
            }
        }
        if !table.isKept { keepTable() }
        table.append(count: 1)
        for raise in raises { raiseCount(of: raise.range, to: raise.count, by: version) }
        settleAcceptances(touchedBy: raises.map(\.range))
    }

    private mutating func check(
        _ mark: Visibility.Mark, _ range: Range<LocalVersion>, at version: LocalVersion,
        of incoming: Incoming
    ) throws(ChangeError) {
        guard knows(range.upperBound - 1, at: version, incoming), isText(range) else {
            throw ChangeError(
                .invalidOp, "\(mark.span.start) is no insertion or deletion its author knew")
        }
        guard isHighest(mark.count - 1, of: range, knownAt: version, incoming) else {
            throw ChangeError(
                .invalidOp, "an undo count is not one more than the highest its author knew")
        }
    }

    /// Whether all operations of a range inserted or deleted a character, and so can be undone.
    private func isText(_ range: Range<LocalVersion>) -> Bool {
        guard range.upperBound <= ops.count else { return false }
        var isText = true
        ops.forEachRun(in: range) { index, _ in
            if ops.runs[index].kind == .other { isText = false }
        }
        return isText
    }

    /// Whether the highest undo count that a change's author knew is the same for each of some
    /// operations. O(n) in them where the author had seen everything, else in all undoing as well.
    private mutating func isHighest(
        _ count: Int, of targets: Range<LocalVersion>, knownAt version: LocalVersion,
        _ incoming: Incoming
    ) -> Bool {
        if incoming.seesAll {
            return targets.allSatisfy { Int(table.undoCount(of: $0)) == count }
        }
        return undoCounts(of: targets, knownAt: version, incoming).allSatisfy { $0 == count }
    }

    /// The highest undo count of each of some operations among those that a change's author knew.
    private mutating func undoCounts(
        of targets: Range<LocalVersion>, knownAt version: LocalVersion, _ incoming: Incoming
    ) -> [Int] {
        var counts = [Int](repeating: 0, count: targets.count)
        for change in countChanges {
            let overlap = change.targets.clamped(to: targets)
            guard !overlap.isEmpty, knows(change.version, at: version, incoming) else { continue }
            for target in overlap {
                let index = target - targets.lowerBound
                counts[index] = max(counts[index], Int(change.count))
            }
        }
        return counts
    }

    /// Raises undo counts; an operation keeps the highest count it was ever given.
    private mutating func raiseCount(
        of targets: Range<LocalVersion>, to count: Int32, by version: LocalVersion
    ) {
        countChanges.append(CountChange(version: version, targets: targets, count: count))
        for target in targets where table.raiseCount(of: target, to: count) {
            if let character = ops.target(of: target) {
                table.count(deletionOf: character, isUndone: count & 1 == 1)
                refresh(character..<character + 1)
            }
        }
        refresh(targets)
    }

    /// Brings the tree in line with the table for the characters among some operations.
    mutating func refresh(_ versions: Range<LocalVersion>) {
        tree.buildIndex(for: graph.count)
        var start = versions.lowerBound
        while start < versions.upperBound {
            guard isCharacter(start) else {
                start += 1
                continue
            }
            let isVisible = table.shows(start)
            var end = start + 1
            while end < versions.upperBound, isCharacter(end), table.shows(end) == isVisible {
                end += 1
            }
            show(start..<end, isVisible)
            start = end
        }
    }

    /// Brings the whole tree in line with the table. O(n).
    mutating func refreshAll() {
        tree.buildIndex(for: graph.count)
        let keptText = keepsText
        keepsText = false
        refresh(0..<ops.count)
        keepsText = keptText
    }

    /// Starts to keep what hides each character, from the log. O(n).
    mutating func keepTable() {
        table.start(count: ops.count)
        ops.forEachRun(in: 0..<ops.count) { index, versions in
            guard ops.runs[index].kind == .deletion else { return }
            table.cover(ops.targets(ofRun: index, versions))
        }
        for change in countChanges {
            for target in change.targets where table.raiseCount(of: target, to: change.count) {
                guard let character = ops.target(of: target) else { continue }
                table.count(deletionOf: character, isUndone: change.count & 1 == 1)
            }
        }
        for suggestion in acceptances.keys.sorted() { markRepeated(suggestion) }
    }

    /// Starts to keep what is undone and what is repeated, but not how often characters are deleted:
    /// for a document without the log, which needs no more to be read. O(n).
    mutating func keepTableWithoutLog() {
        table.start(count: graph.count)
        for change in countChanges {
            for target in change.targets {
                _ = table.raiseCount(of: target, to: change.count)
            }
        }
        for suggestion in acceptances.keys.sorted() { markRepeated(suggestion) }
    }

    // MARK: Suggestions

    /// Notes which suggestions the newest change accepts, and shows each of them once.
    mutating func recordAcceptances(ofChangeAt index: Int) {
        let versions = changes.versions(of: index)
        var found: [OpID: Acceptance] = [:]
        let change = identity(of: versions.lowerBound)
        forEachOp(in: versions) { part, kind in
            guard kind != .other, let suggestion = ops.detail(at: part.lowerBound)?.accepts else {
                return
            }
            var acceptance =
                found[suggestion] ?? Acceptance(change: change, operations: [], inserted: [])
            acceptance.operations.append(part)
            if kind == .insertion { acceptance.inserted.append(part) }
            found[suggestion] = acceptance
        }
        for suggestion in found.keys.sorted() {
            guard let acceptance = found[suggestion] else { continue }
            acceptances[suggestion, default: []].append(acceptance)
            settleAcceptances(of: suggestion)
        }
    }

    /// Lets of several changes that accept one suggestion only the first show what it inserts.
    private mutating func settleAcceptances(of suggestion: OpID) {
        guard let all = acceptances[suggestion], all.count > 1 || table.isKept else { return }
        if !table.isKept { keepTable() }
        markRepeated(suggestion)
        for acceptance in all {
            for range in acceptance.inserted { refresh(range) }
        }
    }

    /// Whether an acceptance stands.
    func isLive(_ acceptance: Acceptance) -> Bool {
        acceptance.isLive { table.isUndone($0) }
    }

    private mutating func markRepeated(_ suggestion: OpID) {
        let all = acceptances[suggestion] ?? []
        let live = all.filter { isLive($0) }
        let shown = live.min { precedes($0.change, $1.change) }?.change
        for acceptance in all {
            let isRepeated = shown != nil && acceptance.change != shown
            for version in acceptance.inserted.joined() {
                table.setRepeated(version, isRepeated)
            }
        }
    }

    private mutating func settleAcceptances(touchedBy ranges: [Range<LocalVersion>]) {
        guard !acceptances.isEmpty else { return }
        let touched = acceptances.filter { entry in
            entry.value.contains { acceptance in
                acceptance.operations.contains { operation in
                    ranges.contains { $0.overlaps(operation) }
                }
            }
        }
        for suggestion in touched.keys.sorted() { settleAcceptances(of: suggestion) }
    }
}

/// Where an annotation stands in the text as it is.
public struct Placement: Hashable, Sendable {
    /// How much of what it stood on is still there.
    public enum State: String, Hashable, Sendable {
        /// All of it.
        case anchored
        /// Some of it.
        case partial
        /// Some or all of it stands elsewhere now, where somebody moved it.
        case moved
        /// None of it, but other words were put in its place.
        case rewritten
        /// None of it; the ranges are empty and say where it was.
        case collapsed
        /// Its text has not arrived here yet.
        case pending
        /// It stands on the article as a whole.
        case whole
    }

    /// How much is still there.
    public var state: State
    /// The scalars it stands on now, ascending; empty ranges where nothing is left.
    public var ranges: [Range<Int>]
    /// The share of the original characters that still show, from 0 to 1.
    public var coverage: Double

    /// A placement.
    public init(state: State, ranges: [Range<Int>], coverage: Double) {
        self.state = state
        self.ranges = ranges
        self.coverage = coverage
    }

    /// Ranges in ascending order, those that overlap as one.
    static func joined(_ ranges: [Range<Int>]) -> [Range<Int>] {
        let ascending = ranges.sorted {
            ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound)
        }
        var joined: [Range<Int>] = []
        for range in ascending {
            if let last = joined.last, range.lowerBound < last.upperBound {
                joined[joined.count - 1] =
                    last.lowerBound..<max(last.upperBound, range.upperBound)
            } else {
                joined.append(range)
            }
        }
        return joined
    }
}

extension Replica {
    /// A target on a range of the text as it is.
    ///
    /// - Parameter range: not empty, within the text.
    public func target(at range: Range<Int>) -> Target {
        precondition(!range.isEmpty && range.upperBound <= textCount, "the range is in the text")
        let index = document.textIndex
        let start = document.identity(of: index.version(atOffset: range.lowerBound))
        let end = document.identity(of: index.version(atOffset: range.upperBound - 1))
        let before = max(0, range.lowerBound - Quote.contextLength)..<range.lowerBound
        let after =
            range.upperBound..<min(index.visibleCount, range.upperBound + Quote.contextLength)
        return Target(
            ranges: [AnchorRange(start: Anchor(.before, start), end: Anchor(.after, end))],
            quote: Quote(
                exact: document.string(of: index.versions(at: range)),
                prefix: document.string(of: index.versions(at: before)),
                suffix: document.string(of: index.versions(at: after))),
            version: frontier)
    }

    /// Where a target stands now.
    ///
    /// - Parameter index: ``textIndex`` of this replica, so that many targets can share one.
    /// - Complexity: O(runs + characters of the target).
    public func placement(of target: Target, in index: TextIndex) -> Placement {
        guard !target.ranges.isEmpty else {
            return Placement(state: .whole, ranges: [], coverage: 1)
        }
        let pending = Placement(state: .pending, ranges: [], coverage: 0)
        guard target.version.allSatisfy({ document.versionVector.contains($0) }) else {
            return pending
        }
        let original = shownCharacters(at: target.version, in: index)
        var tally = Tally()
        for anchors in target.ranges {
            guard let stretch = stretch(of: anchors, in: index) else { return pending }
            count(stretch, in: index, to: &tally) { stretch.isCarried || original($0) }
        }
        let total = max(1, target.quote.exact.unicodeScalars.count)
        let coverage = min(1, Double(tally.showing) / Double(total))
        let state: Placement.State =
            if tally.isMoved {
                .moved
            } else if tally.showing > 0 {
                coverage < 1 ? .partial : .anchored
            } else {
                tally.ranges.allSatisfy(\.isEmpty) ? .collapsed : .rewritten
            }
        return Placement(
            state: state, ranges: Placement.joined(tally.ranges), coverage: coverage)
    }

    /// What is left of a target.
    private struct Tally {
        /// How many of its characters show, here or elsewhere.
        var showing = 0
        /// Whether some of them show elsewhere.
        var isMoved = false
        var ranges: [Range<Int>] = []
    }

    /// Counts what shows of a stretch, and finds where.
    ///
    /// - Parameter counts: whether a character of it, in the log, is one that the target is about.
    private func count(
        _ stretch: Stretch, in index: TextIndex, to tally: inout Tally,
        _ counts: (LocalVersion) -> Bool
    ) {
        var elsewhere: [Int: [LocalVersion]] = [:]
        var isHere = false
        for part in stretch.parts {
            if part.isVisible {
                let count = part.versions.count { counts($0) }
                tally.showing += count
                isHere = isHere || count > 0
                continue
            }
            guard !index.bearers.isEmpty else { continue }
            for version in part.versions where counts(version) {
                guard let bearer = index.bearers[version] else { continue }
                tally.showing += 1
                if stretch.orders.contains(index.order(of: bearer.version)) {
                    isHere = true
                } else {
                    elsewhere[bearer.move, default: []].append(bearer.version)
                }
            }
        }
        guard !index.moves.isEmpty else {
            return tally.ranges.append(range(of: stretch, in: index))
        }
        let moved = movedRanges(of: stretch, elsewhere, in: index)
        if isHere || moved.isEmpty {
            tally.ranges.append(range(of: stretch, in: index))
        } else {
            // What was typed between characters that have gone stays without the note.
            let replacing = shownReplacements(of: stretch.parts.map(\.versions), in: index)
            if let here = index.bounds(of: replacing) { tally.ranges.append(here) }
        }
        tally.ranges += moved
        if !elsewhere.isEmpty { tally.isMoved = true }
    }

    /// Where characters of a stretch show that were moved out of it, with what replaced them there: a
    /// range for each move.
    private func movedRanges(
        of stretch: Stretch, _ elsewhere: [Int: [LocalVersion]], in index: TextIndex
    ) -> [Range<Int>] {
        index.copies(of: VersionSet(stretch.parts.map(\.versions))).compactMap { copy in
            let shown = elsewhere[copy.move, default: []].map { $0..<$0 + 1 }
            let replacing = shownReplacements(of: copy.characters.ranges, in: index).filter {
                !stretch.orders.contains(index.order(of: $0.lowerBound))
            }
            let isSuperseded =
                shown.isEmpty
                && copy.characters.ranges.contains {
                    $0.contains { index.contains($0) && index.isVisible($0) }
                }
            return isSuperseded ? nil : index.bounds(of: shown + replacing)
        }
    }

    /// Tells which characters showed at an earlier version.
    private func shownCharacters(
        at version: [OpID], in index: TextIndex
    ) -> (LocalVersion) -> Bool {
        let known = document.history(of: version)
        let isUndoFree = document.countChanges.isEmpty
        lazy var then = document.index(at: known)
        return { character in
            guard known.contains(character) else { return false }
            // Without an undo, what shows now has shown since it was typed.
            if isUndoFree, index.isVisible(character) { return true }
            return then.isVisible(character)
        }
    }

    /// The characters between two anchors, deleted ones included.
    struct Stretch {
        var orders: Range<Int>
        var parts: [(versions: Range<LocalVersion>, isVisible: Bool)]
        /// Whether the anchors stood on the hidden copy of an accepted suggestion.
        var isCarried: Bool
    }

    /// The stretch between two anchors; `nil` if a character of theirs has not arrived.
    func stretch(of anchors: AnchorRange, in index: TextIndex) -> Stretch? {
        guard let start = document.version(of: anchors.start.id), index.contains(start),
            let end = document.version(of: anchors.end.id), index.contains(end)
        else { return nil }
        let carried = (document.shownCopy(of: start), document.shownCopy(of: end))
        let lower =
            index.order(of: carried.0 ?? start) + (anchors.start.side == .after ? 1 : 0)
        let upper = index.order(of: carried.1 ?? end) + (anchors.end.side == .after ? 1 : 0)
        let orders = lower..<max(lower, upper)
        return Stretch(
            orders: orders, parts: index.versions(inOrder: orders),
            isCarried: carried.0 != nil || carried.1 != nil)
    }

    /// The visible scalars of a stretch, with what replaced characters of it.
    private func range(of stretch: Stretch, in index: TextIndex) -> Range<Int> {
        let shown = stretch.parts.filter(\.isVisible).map(\.versions)
        let replacing = shownReplacements(of: stretch.parts.map(\.versions), in: index)
        if let bounds = index.bounds(of: shown + replacing) { return bounds }
        let place = stretch.parts.first.map { index.offset(before: $0.versions.lowerBound) } ?? 0
        return place..<place
    }

    /// Visible text that was put in the place of some characters, or of what replaced them.
    private func shownReplacements(
        of characters: [Range<LocalVersion>], in index: TextIndex
    ) -> [Range<LocalVersion>] {
        guard !index.replacements.isEmpty else { return [] }
        var covered = VersionSet(characters)
        var shown: [Range<LocalVersion>] = []
        for replacement in index.replacements
        where !covered.intersection(VersionSet(replacement.replaced)).isEmpty {
            covered = covered.union(VersionSet([replacement.inserted]))
            for version in replacement.inserted where index.isVisible(version) {
                if let last = shown.last, last.upperBound == version {
                    shown[shown.count - 1] = last.lowerBound..<version + 1
                } else {
                    shown.append(version..<version + 1)
                }
            }
        }
        return shown
    }

    /// What took away the characters of a target that nobody sees any more: for each the change that
    /// first deleted it, or undid its insertion, and still holds. Ascending by id.
    func removals(of target: Target, in index: TextIndex) -> [OpID] {
        let original = document.history(of: target.version)
        var wanted = VersionSet()
        for anchors in target.ranges {
            let parts = stretch(of: anchors, in: index)?.parts ?? []
            wanted = wanted.union(VersionSet(parts.filter { !$0.isVisible }.map(\.versions)))
        }
        wanted = wanted.intersection(original)
        var first: [LocalVersion: OpID] = [:]
        // Characters that were hidden already when the target was made.
        var former: Set<LocalVersion> = []
        document.forEachLiveRemoval(of: wanted) { removal, character in
            if original.contains(removal) { former.insert(character) }
            let versions = document.changes.versions(of: document.changes.index(of: removal))
            let change = document.identity(of: versions.lowerBound)
            if let known = first[character], !document.precedes(change, known) { return }
            first[character] = change
        }
        return Set(first.filter { !former.contains($0.key) }.values).sorted()
    }
}

extension Document {
    /// Whether an operation inserted a character. O(log n).
    func isCharacterInLog(_ version: LocalVersion) -> Bool { ops.kind(of: version) == .insertion }

    /// The character that shows in place of a hidden copy of an accepted suggestion, by offset.
    func shownCopy(of version: LocalVersion) -> LocalVersion? {
        guard table.isRepeated(version) else { return nil }
        for suggestion in acceptances.keys.sorted() {
            let all = acceptances[suggestion, default: []]
            guard let own = all.first(where: { $0.inserted.contains { $0.contains(version) } }),
                let shown = all.first(where: {
                    $0.inserted.joined().contains { !table.isRepeated($0) }
                })
            else { continue }
            let offset = Array(own.inserted.joined()).firstIndex(of: version) ?? 0
            let copies = Array(shown.inserted.joined())
            return copies[min(offset, copies.count - 1)]
        }
        return nil
    }

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

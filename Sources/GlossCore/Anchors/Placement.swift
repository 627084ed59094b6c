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
    public func target(at range: Range<Int>) -> Target { target(at: [range]) }

    /// A target on ranges of the text as it is.
    ///
    /// - Parameter ranges: at least one, ascending, each not empty and within the text.
    public func target(at ranges: [Range<Int>]) -> Target {
        let index = document.textIndex
        let target = target(
            at: ranges, of: frontier, count: index.visibleCount,
            version: { index.version(atOffset: $0) },
            words: { document.string(of: index.versions(at: $0)) })
        guard let target else { preconditionFailure("the ranges are in the text") }
        return target
    }

    /// A target on ranges of an earlier text: it stands on what was there, wherever that is now.
    ///
    /// - Parameters:
    ///   - ranges: at least one, ascending, of the text at `version`.
    ///   - version: a frontier of known operations.
    /// - Returns: `nil` if a range is empty or not in that text.
    /// - Complexity: O(n) in operations, if the version is not the present one.
    public func target(at ranges: [Range<Int>], of version: [OpID]) -> Target? {
        var shown: [LocalVersion] = []
        document.forEachPiece(at: document.history(of: version)) { versions, isVisible in
            if isVisible { shown += versions }
        }
        return target(
            at: ranges, of: version, count: shown.count, version: { shown[$0] },
            words: { range in document.string(of: shown[range].lazy.map { $0..<$0 + 1 }) })
    }

    private func target(
        at ranges: [Range<Int>], of version: [OpID], count: Int,
        version versionAt: (Int) -> LocalVersion, words: (Range<Int>) -> String
    ) -> Target? {
        guard let first = ranges.first, let last = ranges.last else {
            preconditionFailure("a target on words has a range")
        }
        guard
            first.lowerBound >= 0, last.upperBound <= count, ranges.allSatisfy({ !$0.isEmpty })
        else { return nil }
        let before = max(0, first.lowerBound - Quote.contextLength)..<first.lowerBound
        let after = last.upperBound..<min(count, last.upperBound + Quote.contextLength)
        let anchors = ranges.map { range in
            let start = document.identity(of: versionAt(range.lowerBound))
            let end = document.identity(of: versionAt(range.upperBound - 1))
            return AnchorRange(start: Anchor(.before, start), end: Anchor(.after, end))
        }
        return Target(
            ranges: anchors,
            quote: Quote(
                exact: Quote.words(at: ranges, words), prefix: words(before),
                suffix: words(after)),
            version: version)
    }

    /// A target on ranges of the text as it is, as what another target stands on now.
    ///
    /// Where that one still encloses them it keeps its anchors, so that words deleted at its edges
    /// belong to both when they come back.
    ///
    /// - Parameter ranges: as for ``target(at:)``.
    public func target(at ranges: [Range<Int>], withinStretchOf former: Target) -> Target {
        var target = target(at: ranges)
        let index = document.textIndex
        guard ranges.count == 1, former.ranges.count == 1,
            let stretch = stretch(of: former.ranges[0], in: index), !stretch.isCarried,
            let visible = self.stretch(of: target.ranges[0], in: index),
            stretch.orders.contains(visible.orders)
        else { return target }
        target.ranges = former.ranges
        return target
    }

    /// The words of some ranges of the text as it is: those that adjoin as one, ` … ` between others.
    ///
    /// - Parameters:
    ///   - ranges: ascending, within the text.
    ///   - index: ``textIndex`` of this replica.
    /// - Complexity: O(runs of the ranges + their characters).
    public func words(at ranges: [Range<Int>], in index: TextIndex) -> String {
        Quote.words(at: ranges) { document.string(of: index.versions(at: $0)) }
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
        var stretches: [Stretch] = []
        for anchors in target.ranges {
            guard let stretch = stretch(of: anchors, in: index) else { return pending }
            stretches.append(stretch)
        }
        let original = shownCharacters(of: stretches, at: target.version, in: index)
        var tally = Tally()
        for stretch in stretches {
            count(stretch, in: index, to: &tally) { stretch.isCarried || original.contains($0) }
        }
        let total = max(1, target.quotedCount)
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
            let replacing = index.shownReplacements(of: stretch.parts.map(\.versions))
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
            let replacing = index.shownReplacements(of: copy.characters.ranges).filter {
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

    /// Characters that showed at an earlier version, as far as it matters to some stretches: of those
    /// that show now or are borne exactly these. Without the log what is borne counts as shown then.
    private func shownCharacters(
        of stretches: [Stretch], at version: [OpID], in index: TextIndex
    ) -> VersionSet {
        let known = document.history(of: version)
        let parts = stretches.flatMap(\.parts)
        let isPlain = parts.allSatisfy { part in
            part.isVisible
                ? index.revived.isDisjoint(with: part.versions)
                : index.bearers.isEmpty || document.needsLog
                    || !part.versions.contains { index.bearers[$0] != nil }
        }
        if isPlain { return known }
        let then = document.shownCharacters(at: known)
        let characters = parts.map(\.versions).joined().filter { then.contains($0) }
        return VersionSet(characters.map { $0..<$0 + 1 })
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
        let replacing = index.shownReplacements(of: stretch.parts.map(\.versions))
        if let bounds = index.bounds(of: shown + replacing) { return bounds }
        let place = stretch.parts.first.map { index.offset(before: $0.versions.lowerBound) } ?? 0
        return place..<place
    }
}

extension Document {
    /// Whether an operation inserted a character. O(log n).
    func isCharacterInLog(_ version: LocalVersion) -> Bool { ops.kind(of: version) == .insertion }

    /// The character that shows in place of a hidden copy of an accepted suggestion, by offset.
    func shownCopy(of version: LocalVersion) -> LocalVersion? {
        guard table.isRepeated(version) else { return nil }
        for all in acceptances.values where all.count > 1 {
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
}

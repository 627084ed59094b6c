/// Where branches of the history meet that did not know of each other.
extension Replica {
    /// Branches with one merge base.
    struct Encounter {
        /// What both branches of each pair knew.
        let base: VersionSet
        /// Changes of the text, by their entries in the log: each of one branch is concurrent with each
        /// of the other.
        var pairs: [([Int], [Int])] = []
    }

    /// Changes of which each follows the one before it and nothing else, and that one was followed by
    /// nothing else before: all of them know the same of every other strand.
    private struct Strand {
        /// Where it starts: an entry of the log.
        let head: Int
        /// Those of its entries that touch the text, ascending.
        var textEntries: [Int] = []
    }

    /// All pairs of concurrent changes of the text, by their merge base. In the order of the log.
    ///
    /// - Complexity: O(changes), and for each strand O(entries it does not know + parts of its history).
    var encounters: [Encounter] {
        let (strands, strandOfEntry) = strands
        var places: [VersionSet: Int] = [:]
        var encounters: [Encounter] = []
        func meet(_ earlier: ArraySlice<Int>, _ later: Strand, at base: VersionSet) {
            guard !earlier.isEmpty else { return }
            let place = places[base] ?? encounters.count
            if place == encounters.count {
                places[base] = place
                encounters.append(Encounter(base: base))
            }
            encounters[place].pairs.append((Array(earlier), later.textEntries))
        }
        for later in strands where !later.textEntries.isEmpty {
            let known = document.graph.history(of: parents(ofChange: later.head))
            var isSeen: Set<Int> = []
            for entry in unknown(known, before: later.head) {
                let earlier = strandOfEntry[entry]
                guard isSeen.insert(earlier).inserted else { continue }
                let rest = strands[earlier].textEntries.drop { $0 < entry }
                guard let first = rest.first else { continue }
                let base = known.intersection(
                    document.graph.history(of: parents(ofChange: first)))
                // Of a change some operations may be known, and be part of the base of what follows.
                let isPartlyKnown = known.contains(document.changes.versions(of: first).lowerBound)
                meet(isPartlyKnown ? rest.prefix(1) : rest, later, at: base)
                if isPartlyKnown, let next = rest.dropFirst().first {
                    let base = known.intersection(
                        document.graph.history(of: parents(ofChange: next)))
                    meet(rest.dropFirst(), later, at: base)
                }
            }
        }
        return encounters
    }

    /// The changes in strands, ordered by their first ones, and for each entry of the log its strand.
    private var strands: (strands: [Strand], strandOfEntry: [Int]) {
        var strands: [Strand] = []
        var strandOfEntry: [Int] = []
        var isFollowed = [Bool](repeating: false, count: document.changeCount)
        for entry in 0..<document.changeCount {
            let parents = parents(ofChange: entry)
            var strand = strands.count
            for parent in parents {
                let former = document.changes.index(of: parent)
                let isWhole = document.changes.versions(of: former).upperBound == parent + 1
                if parents.count == 1, isWhole, !isFollowed[former] {
                    strand = strandOfEntry[former]
                }
                isFollowed[former] = true
            }
            if strand == strands.count { strands.append(Strand(head: entry)) }
            if hasText(entry) { strands[strand].textEntries.append(entry) }
            strandOfEntry.append(strand)
        }
        return (strands, strandOfEntry)
    }

    /// The changes before one in the log that are not in a history, ascending.
    private func unknown(_ history: VersionSet, before entry: Int) -> [Int] {
        var found: [Int] = []
        var seen = 0
        let end = document.changes.versions(of: entry).lowerBound
        for range in history.ranges + [end..<end] {
            if seen < range.lowerBound {
                let first = document.changes.index(of: seen)
                found += first...document.changes.index(of: range.lowerBound - 1)
            }
            seen = range.upperBound
        }
        return found
    }

    func parents(ofChange entry: Int) -> [LocalVersion] {
        document.graph.parents(of: document.changes.versions(of: entry).lowerBound)
    }

    private func hasText(_ entry: Int) -> Bool {
        var hasText = false
        document.ops.forEachRun(in: document.changes.versions(of: entry)) { run, part in
            guard !hasText else { return }
            guard document.ops.runs[run].kind == .other else {
                hasText = true
                return
            }
            if case .visibility = document.operations(in: part)[0] { hasText = true }
        }
        return hasText
    }
}

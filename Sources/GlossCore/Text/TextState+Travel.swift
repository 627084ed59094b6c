extension TextState {
    /// The places of all characters in the text as it is.
    var index: TextIndex {
        TextIndex(list.runs.lazy.map { ($0.start..<$0.end, $0.isVisible) })
    }

    /// The places of all characters, with those visible that show when only the operations of
    /// `known` have happened.
    ///
    /// - Parameters:
    ///   - known: a set that holds the history of each of its members.
    ///   - precedes: the order of ids by Lamport time, agent and number.
    ///   - version: the local version of a change's first operation.
    /// - Complexity: O(operations).
    func index(
        at known: VersionSet, precedes: (OpID, OpID) -> Bool,
        isKnown: (OpID) -> Bool
    ) -> TextIndex {
        var counts = [Int32](repeating: 0, count: slots.count)
        for change in countChanges where known.contains(change.version) {
            for target in change.targets { counts[target] = max(counts[target], change.count) }
        }
        var hidden = [Bool](repeating: false, count: slots.count)
        for range in known.ranges {
            for version in range where counts[version] & 1 == 0 {
                if case .deletion(let target) = slots[version].content { hidden[target] = true }
            }
        }
        for suggestion in acceptances.keys.sorted() {
            let all = acceptances[suggestion, default: []].filter { isKnown($0.change) }
            let live = all.filter { $0.isLive { counts[$0] & 1 == 1 } }
            guard let shown = live.min(by: { precedes($0.change, $1.change) })?.change else {
                continue
            }
            for acceptance in all where acceptance.change != shown {
                for version in acceptance.inserted.joined() { hidden[version] = true }
            }
        }
        var pieces: [(versions: Range<LocalVersion>, isVisible: Bool)] = []
        for run in list.runs {
            for version in run.start..<run.end {
                let isVisible =
                    known.contains(version) && counts[version] & 1 == 0 && !hidden[version]
                if let last = pieces.last, last.versions.upperBound == version,
                    last.isVisible == isVisible
                {
                    pieces[pieces.count - 1].versions = last.versions.lowerBound..<version + 1
                } else {
                    pieces.append((version..<version + 1, isVisible))
                }
            }
        }
        return TextIndex(pieces)
    }
}

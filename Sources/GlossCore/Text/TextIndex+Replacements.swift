/// What was typed to stand for what.
extension TextIndex {
    /// For characters the replacements that name them.
    struct ReplacedTable: Sendable {
        private struct Entry: Sendable {
            var versions: Range<LocalVersion>
            /// The largest upper bound up to this entry.
            var furthest: LocalVersion
            var replacement: Int
        }

        /// Ascending by lower bound.
        private var entries: [Entry] = []

        /// O(m log m) in the ranges that were replaced.
        init(_ replacements: [Replacement]) {
            for (index, replacement) in replacements.enumerated() {
                for range in replacement.replaced {
                    entries.append(Entry(versions: range, furthest: 0, replacement: index))
                }
            }
            entries.sort { $0.versions.lowerBound < $1.versions.lowerBound }
            var furthest = 0
            for index in entries.indices {
                furthest = max(furthest, entries[index].versions.upperBound)
                entries[index].furthest = furthest
            }
        }

        /// Calls `body` with each replacement that names one of some characters, once or more often.
        ///
        /// - Complexity: O(log m), and O(entries from the first that reaches the characters on).
        func forEach(naming characters: Range<LocalVersion>, _ body: (_ replacement: Int) -> Void) {
            var place = entries.partitioningIndex {
                $0.versions.lowerBound >= characters.upperBound
            }
            while place > 0, entries[place - 1].furthest > characters.lowerBound {
                place -= 1
                if entries[place].versions.upperBound > characters.lowerBound {
                    body(entries[place].replacement)
                }
            }
        }
    }

    /// Visible text that was put in the place of some characters, or of what replaced them.
    ///
    /// - Complexity: O(log m + characters found).
    func shownReplacements(of characters: [Range<LocalVersion>]) -> [Range<LocalVersion>] {
        guard !replacements.isEmpty else { return [] }
        var found: Set<Int> = []
        var pending = characters
        while let part = pending.popLast() {
            replaced.forEach(naming: part) { replacement in
                guard found.insert(replacement).inserted else { return }
                pending.append(replacements[replacement].inserted)
            }
        }
        var shown: [Range<LocalVersion>] = []
        for replacement in found.sorted() {
            for version in replacements[replacement].inserted where isVisible(version) {
                if let last = shown.last, last.upperBound == version {
                    shown[shown.count - 1] = last.lowerBound..<version + 1
                } else {
                    shown.append(version..<version + 1)
                }
            }
        }
        return shown
    }
}

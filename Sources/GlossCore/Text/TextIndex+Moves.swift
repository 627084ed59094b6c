/// Where text that was cut out here and put in there shows now.
extension TextIndex {
    /// Finds what shows in the place of every hidden character that was moved: of what it was moved to
    /// the last in time order that shows, or that was moved on to something that does.
    ///
    /// What was moved on comes later in the log, so from its end on every look-up is known already.
    ///
    /// - Complexity: O(moved characters).
    mutating func findBearers() {
        var ranks: [LocalVersion: Int] = [:]
        for index in moves.indices.reversed() {
            let move = moves[index]
            var copy = move.inserted.lowerBound
            for range in move.from {
                for original in range {
                    defer { copy += 1 }
                    guard contains(original), contains(copy), !isVisible(original) else { continue }
                    if let rank = ranks[original], rank > move.rank { continue }
                    let bearer =
                        isVisible(copy) ? Bearer(version: copy, move: index) : bearers[copy]
                    guard let bearer else { continue }
                    bearers[original] = bearer
                    ranks[original] = move.rank
                }
            }
        }
    }

    /// Characters with all that they were moved to, shown or not, by the move that put it there.
    ///
    /// - Complexity: O(moves + moved characters).
    func copies(of characters: VersionSet) -> [(move: Int, characters: VersionSet)] {
        var covered = characters
        var found: [(move: Int, characters: VersionSet)] = []
        for (index, move) in moves.enumerated() {
            var copied: [Range<LocalVersion>] = []
            var copy = move.inserted.lowerBound
            for range in move.from {
                for part in covered.intersection(VersionSet([range])).ranges {
                    let start = copy + part.lowerBound - range.lowerBound
                    copied.append(start..<start + part.count)
                }
                copy += range.count
            }
            guard !copied.isEmpty else { continue }
            let set = VersionSet(copied)
            covered = covered.union(set)
            found.append((index, set))
        }
        return found
    }

    /// From the first to behind the last of some visible characters, in offsets; `nil` for none.
    func bounds(of characters: [Range<LocalVersion>]) -> Range<Int>? {
        let lower = characters.map { offset(before: $0.lowerBound) }.min()
        let upper = characters.map { offset(before: $0.upperBound - 1) + 1 }.max()
        guard let lower, let upper else { return nil }
        return lower..<upper
    }
}

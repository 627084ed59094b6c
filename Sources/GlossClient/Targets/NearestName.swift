/// What somebody who typed a name wrong may have meant.
public enum NearestName {
    /// The known names closest to `name`, the closest first, equally close ones in their order;
    /// none that more than a third of it would have to change for, nor more than three.
    public static func suggestions(for name: String, among known: [String]) -> [String] {
        let typed = Array(name.lowercased())
        guard !typed.isEmpty else { return [] }
        let limit = max(1, typed.count / 3)
        var scored: [(distance: Int, index: Int)] = []
        for (index, candidate) in known.enumerated() {
            let letters = Array(candidate.lowercased())
            var distance = editDistance(typed, letters)
            if typed.count > 1, letters.starts(with: typed) { distance = min(distance, 1) }
            if isSwap(typed, letters) { distance = 1 }
            if distance <= limit { scored.append((distance, index)) }
        }
        return scored.sorted { ($0.distance, $0.index) < ($1.distance, $1.index) }
            .prefix(3).map { known[$0.index] }
    }

    /// Whether two neighbours changing places is all the difference.
    private static func isSwap(_ left: [Character], _ right: [Character]) -> Bool {
        guard left.count == right.count else { return false }
        let differing = left.indices.filter { left[$0] != right[$0] }
        return differing.count == 2 && differing[1] == differing[0] + 1
            && left[differing[0]] == right[differing[1]]
            && left[differing[1]] == right[differing[0]]
    }
}

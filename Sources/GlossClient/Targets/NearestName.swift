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
            if distance <= limit { scored.append((distance, index)) }
        }
        return scored.sorted { ($0.distance, $0.index) < ($1.distance, $1.index) }
            .prefix(3).map { known[$0.index] }
    }
}

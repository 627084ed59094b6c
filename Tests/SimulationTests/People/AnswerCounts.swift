import GlossCore

/// How often each kind of conflict was answered in each way; all letters are one way.
struct AnswerCounts {
    private var counts: [ConflictKind: [String: Int]] = [:]

    /// How often a kind was answered, in one way or in all.
    func count(_ kind: ConflictKind, _ way: String? = nil) -> Int {
        let ways = counts[kind] ?? [:]
        return way.map { ways[Self.way($0), default: 0] } ?? ways.values.reduce(0, +)
    }

    mutating func add(_ kind: ConflictKind, _ way: String) {
        counts[kind, default: [:]][Self.way(way), default: 0] += 1
    }

    private static func way(_ choice: String) -> String {
        choice.first?.isUppercase == true ? "letter" : choice
    }

    mutating func add(_ other: AnswerCounts) {
        for (kind, ways) in other.counts {
            counts[kind, default: [:]].merge(ways, uniquingKeysWith: +)
        }
    }
}

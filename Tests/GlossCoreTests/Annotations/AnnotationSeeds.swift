import FoundationEssentials

/// The seeds of the histories that the suites of annotations and conflicts go through, in batches
/// that run side by side.
///
/// `GLOSS_HISTORIES` sets how many there are, `GLOSS_FIRST_SEED` with which to begin.
enum AnnotationSeeds {
    static let batchCount = 4
    private static let historyCount = number("GLOSS_HISTORIES") ?? 240
    private static let firstSeed = number("GLOSS_FIRST_SEED") ?? 20_000

    private static func number(_ name: String) -> Int? {
        ProcessInfo.processInfo.environment[name].flatMap { Int($0) }
    }

    static func seeds(of batch: Int) -> [UInt64] {
        stride(from: batch, to: historyCount, by: batchCount).map { UInt64(firstSeed + $0) }
    }

    /// How many there are in a batch, for how often something should come up at the least.
    static func count(of batch: Int) -> Int { seeds(of: batch).count }
}

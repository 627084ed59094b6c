import FoundationEssentials

/// The seeds of the random logs that the suites of the causal graph and of the tables go through, in
/// batches that run side by side.
///
/// `GLOSS_HISTORIES` sets how many there are, `GLOSS_FIRST_SEED` with which to begin.
enum LogSeeds {
    static let batchCount = 4
    private static let logCount = number("GLOSS_HISTORIES") ?? 240
    private static let firstSeed = number("GLOSS_FIRST_SEED") ?? 30_000

    private static func number(_ name: String) -> Int? {
        ProcessInfo.processInfo.environment[name].flatMap { Int($0) }
    }

    static func seeds(of batch: Int) -> [UInt64] {
        stride(from: batch, to: logCount, by: batchCount).map { UInt64(firstSeed + $0) }
    }
}

import FoundationEssentials

/// The seeds of the random histories that a test goes through, in batches that can run side by side.
///
/// `GLOSS_HISTORIES` sets how many there are in each test, `GLOSS_FIRST_SEED` with which to begin.
/// With `GLOSS_SHOW_SEEDS` each is printed before it is tried, for crashes.
struct HistorySeeds {
    static let batchCount = 8
    private static let wanted = number("GLOSS_HISTORIES")
    private static let firstSeed = number("GLOSS_FIRST_SEED") ?? 10_000
    private static let shows = ProcessInfo.processInfo.environment["GLOSS_SHOW_SEEDS"] != nil

    /// How many there are unless somebody wants another number.
    let count: Int

    init(_ count: Int) {
        self.count = HistorySeeds.wanted ?? count
    }

    /// Hands every seed of a batch to `body`.
    func forEach(in batch: Int, _ body: (UInt64) throws -> Void) rethrows {
        for offset in stride(from: batch, to: count, by: HistorySeeds.batchCount) {
            let seed = UInt64(HistorySeeds.firstSeed + offset)
            if HistorySeeds.shows { print("seed \(seed)") }
            try body(seed)
        }
    }

    private static func number(_ name: String) -> Int? {
        ProcessInfo.processInfo.environment[name].flatMap { Int($0) }
    }
}

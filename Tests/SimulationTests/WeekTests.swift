import FoundationEssentials
import Testing

@Suite("Three people on one article for a week, offline for hours and days")
struct WeekTests {
    private static func number(_ name: String) -> Int? {
        ProcessInfo.processInfo.environment[name].flatMap { Int($0) }
    }
    private static let usualCount = 8
    private static let firstSeed = number("GLOSS_FIRST_SEED") ?? 50_000
    private static let count = number("GLOSS_HISTORIES") ?? usualCount

    @Test("All see the same where they know the same, and nothing anybody wrote is lost")
    func weeks() async throws {
        var tally = Tally()
        try await withThrowingTaskGroup { group in
            for seed in Self.firstSeed..<Self.firstSeed + Self.count {
                group.addTask { try await Self.tally(ofSeed: UInt64(seed)) }
            }
            for try await week in group { tally.add(week) }
        }
        // Few may have been asked for.
        if Self.count >= Self.usualCount { #expect(tally.missing.isEmpty) }
    }

    private static func tally(ofSeed seed: UInt64) async throws -> Tally {
        let week = try await Week(seed: seed)
        try await week.run()
        return await week.tally
    }

    @Test("The same seed gives the same week")
    func again() async throws {
        var transcripts: [[String]] = []
        for _ in 0..<2 {
            let week = try await Week(seed: UInt64(Self.firstSeed))
            try await week.run(days: 3)
            transcripts.append(await week.transcript)
        }
        #expect(transcripts[0].count > 20)
        #expect(transcripts[0] == transcripts[1])
    }
}

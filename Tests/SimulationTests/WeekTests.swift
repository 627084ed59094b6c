import FoundationEssentials
import Testing

@Suite("Three people on one article for a week, offline for hours and days")
struct WeekTests {
    private static func number(_ name: String) -> Int? {
        ProcessInfo.processInfo.environment[name].flatMap { Int($0) }
    }
    private static let usualSeeds = 50_000..<50_008
    private static let firstSeed = number("GLOSS_FIRST_SEED") ?? usualSeeds.lowerBound
    private static let seeds =
        firstSeed..<firstSeed + (number("GLOSS_HISTORIES") ?? usualSeeds.count)

    @Test("All see the same where they know the same, and nothing anybody wrote is lost")
    func weeks() async throws {
        var tally = Tally()
        try await withThrowingTaskGroup { group in
            for seed in Self.seeds {
                group.addTask { try await Self.tally(ofSeed: UInt64(seed)) }
            }
            for try await week in group { tally.add(week) }
        }
        // Others, or fewer, may have been asked for.
        if Self.seeds.clamped(to: Self.usualSeeds) == Self.usualSeeds {
            #expect(tally.missing.isEmpty)
        }
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

import FoundationEssentials
import Testing

@Suite("Faults for as long as one likes")
struct FaultSoakTests {
    /// Minutes; 0 for no end.
    private static let minutes = ProcessInfo.processInfo.environment["GLOSS_SOAK"].flatMap {
        Int($0)
    }
    /// Seeds between two lines about them.
    private static let batch = 500

    @Test("Seed after seed, until one fails", .enabled(if: minutes != nil))
    func soak() async throws {
        guard let minutes = Self.minutes else { return }
        let start = ContinuousClock.now
        let end = minutes == 0 ? nil : start + .seconds(minutes * 60)
        var tally = FaultTally()
        var seed = FaultTests.first
        while end.map({ ContinuousClock.now < $0 }) ?? true {
            let outcome = try await FaultTests.run(seed..<seed + Self.batch)
            tally.add(outcome.tally)
            seed += Self.batch
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            let speed = Int((Double(tally.runs) / seconds).rounded())
            print("\(speed) seeds/s, \(tally)")
            if outcome.failures > 0 { return }
        }
        #expect(tally.missing.isEmpty)
    }
}

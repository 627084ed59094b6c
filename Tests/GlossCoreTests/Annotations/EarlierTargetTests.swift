import TestSupport
import Testing

@testable import GlossCore

@Suite("Targets on a text that has changed since")
struct EarlierTargetTests {
    @Test("They are what they would have been at once")
    func same() throws {
        var count = 0
        for seed in UInt64(0)..<40 { count += try check(seed) }
        #expect(count > 100)
    }

    /// Makes targets along a random history, and again at its end; gives how many.
    private func check(_ seed: UInt64) throws -> Int {
        let history = try AnnotationHistoryGenerator.history(seed: seed)
        var random = SeededRandom(seed: ~seed)
        var former = Replica(id: history.id)
        var made: [(ranges: [Range<Int>], target: Target)] = []
        for change in history.article.changes {
            try former.integrate(change)
            guard random.chance(0.3) else { continue }
            let ranges = someRanges(of: former, using: &random)
            if !ranges.isEmpty { made.append((ranges, former.target(at: ranges))) }
        }
        for (ranges, target) in made {
            #expect(former.target(at: ranges, of: target.version) == target, "seed \(seed)")
        }
        return made.count
    }

    private func someRanges(
        of replica: Replica, using random: inout SeededRandom
    ) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var lower = 0
        for _ in 0..<1 + random.below(3) {
            lower += random.below(6)
            let upper = lower + 1 + random.below(5)
            guard upper <= replica.textCount else { break }
            ranges.append(lower..<upper)
            lower = upper
        }
        return ranges
    }

    @Test("Outside that text there are none")
    func outside() throws {
        let agent = AgentID(rawValue: 1)
        var replica = Replica(id: DocumentID(high: 1, low: 2))
        let author = Author(agent: agent, time: 1)
        _ = try replica.edit([TextEdit(0..<0, "Walls")], by: author)
        let version = replica.frontier
        _ = try replica.edit([TextEdit(5..<5, " teach")], by: author)
        #expect(replica.target(at: [0..<5], of: version)?.quote.exact == "Walls")
        #expect(replica.target(at: [0..<6], of: version) == nil)
        #expect(replica.target(at: [2..<2], of: version) == nil)
        #expect(replica.target(at: [0..<6], of: replica.frontier)?.quote.exact == "Walls ")
    }
}

import FoundationEssentials
import Testing

// Real sessions, rooms, libraries and merge; the clock, the network, the disk and the order in which
// tasks run are values that follow from a plan.
@Suite("People, a server, and whatever goes wrong between them")
struct FaultTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let usualCount = 200
    static let first = environment["GLOSS_FIRST_SEED"].flatMap { Int($0) } ?? 1
    private static let count = environment["GLOSS_HISTORIES"].flatMap { Int($0) } ?? usualCount
    /// What goes wrong most in every plan, if not what follows from its seed.
    private static let theme = environment["GLOSS_THEME"].map { name in
        guard let theme = FaultPlan.Theme(rawValue: name) else {
            preconditionFailure("\(name) is no theme: \(FaultPlan.Theme.allCases)")
        }
        return theme
    }
    private static let showsSeeds = environment["GLOSS_SHOW_SEEDS"] != nil

    @Test("Nothing acknowledged is lost, all come to the same, and every refusal has its reason")
    func seeds() async throws {
        if let path = Self.environment["GLOSS_PLAN"] { return try await Self.replay(path) }
        let outcome = try await Self.run(Self.first..<Self.first + Self.count)
        print("faults: \(outcome.tally)")
        if Self.count >= Self.usualCount { #expect(outcome.tally.missing.isEmpty) }
        #expect(outcome.tally.briefRows > 0)
    }

    /// Plans that failed once.
    static let plans: [String] = {
        let folder =
            URL(filePath: #filePath).deletingLastPathComponent().path + "/../Fixtures/plans"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.sorted().map { folder + "/" + $0 }
    }()

    @Test("What failed once does not again", arguments: plans)
    func kept(path: String) async throws {
        try await Self.replay(path)
    }

    @Test("The same plan gives the same run, and comes back from its file")
    func again() async throws {
        for seed in UInt64(1)...3 {
            let plan = FaultPlan(seed: seed)
            let copy = try FaultPlan(text: plan.text)
            #expect(copy == plan)
            let (one, other) = await (FaultRun.of(plan), FaultRun.of(copy))
            #expect(one.trace == other.trace, "seed \(seed)")
        }
    }

    private static func replay(_ path: String) async throws {
        let plan = try FaultPlan(text: String(contentsOfFile: path, encoding: .utf8))
        let run = await FaultRun.of(plan)
        if showsSeeds { print(run.transcript.joined(separator: "\n")) }
        if let failure = run.failure { throw failure }
    }

    // MARK: Seeds

    /// What came of some seeds.
    struct Outcome: Sendable {
        var tally = FaultTally()
        var failures = 0
    }

    /// Runs seeds on two threads; the first failure of a thread is its last seed.
    static func run(_ seeds: Range<Int>) async throws -> Outcome {
        try await withThrowingTaskGroup { group in
            for lane in 0..<2 {
                group.addTask {
                    var outcome = Outcome()
                    for seed in seeds where seed % 2 == lane && outcome.failures == 0 {
                        try await run(UInt64(seed), &outcome)
                    }
                    return outcome
                }
            }
            var all = Outcome()
            for try await outcome in group {
                all.tally.add(outcome.tally)
                all.failures += outcome.failures
            }
            return all
        }
    }

    private static func run(_ seed: UInt64, _ outcome: inout Outcome) async throws {
        if showsSeeds { print("seed \(seed)") }
        let plan = FaultPlan(seed: seed, theme: theme)
        let run = await FaultRun.of(plan)
        outcome.tally.add(run.tally)
        guard let failure = run.failure else { return }
        outcome.failures += 1
        var shrinker = PlanShrinker()
        let small = await shrinker.shrink(plan, failure.oracle)
        let path = FileManager.default.temporaryDirectory.path + "/gloss-plan-\(seed).jsonl"
        try Data(small.text.utf8).write(to: URL(filePath: path))
        let last = await FaultRun.of(small).failure ?? failure
        Issue.record(
            """
            seed \(seed): \(last)
            \(small.steps.count) of \(plan.steps.count) steps are left; GLOSS_PLAN=\(path) \
            repeats them
            """)
    }
}

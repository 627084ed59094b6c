import ArgumentParser

/// `gloss-bench scaling`
struct ScalingCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scaling",
        abstract: "A trace repeated up to 64 times; two long branches merged into one another.")

    @OptionGroup var options: BenchOptions

    func run() throws {
        try options.forEachTrace(orElse: { try .generated(edits: 20_000) }) { trace, reporter in
            try ScalingBenches(trace: trace, runs: options.runs, reporter: reporter).repeated()
        }
        let reporter = Reporter(isJSON: options.json)
        for count in [12_500, 25_000, 50_000, 100_000] {
            try ScalingBenches.branches(of: count, runs: options.runs, reporter: reporter)
            reporter.finishTable()
        }
    }
}

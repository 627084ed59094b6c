import ArgumentParser

/// `gloss-bench merge`
struct MergeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "Another replica receives every change; hashing apart.")

    @OptionGroup var options: BenchOptions

    func run() throws {
        try options.forEachTrace(orElse: { try .generatedConcurrent() }) { trace, reporter in
            try MergeBenches(trace: trace, runs: options.runs, reporter: reporter).run()
        }
    }
}

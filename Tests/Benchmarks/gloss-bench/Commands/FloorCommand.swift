import ArgumentParser

/// `gloss-bench floor`
struct FloorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "floor",
        abstract: "A plain gap buffer in C plays sequential traces: a check of the machine.")

    @OptionGroup var options: BenchOptions

    func run() throws {
        try options.forEachTrace(orElse: { try .generated() }) { trace, reporter in
            guard !trace.isConcurrent else { throw BenchError("\(trace.name) is not sequential") }
            try FloorBench.run(trace, runs: options.runs, reporter: reporter)
        }
    }
}

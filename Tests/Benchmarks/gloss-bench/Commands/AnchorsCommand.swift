import ArgumentParser

/// `gloss-bench anchors`
struct AnchorsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "anchors",
        abstract: "Anchors made and found again, also on characters of every width.")

    @OptionGroup var options: BenchOptions

    func run() throws {
        try options.forEachTrace(orElse: { try .generated() }) { trace, reporter in
            for trace in [trace, trace.everyWidth] {
                try AnchorBenches(trace: trace, runs: options.runs, reporter: reporter).run()
            }
        }
    }
}

import ArgumentParser

/// `gloss-bench text`
struct TextCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "text",
        abstract: "Local editing, encodings, opening, travel and blame.")

    @OptionGroup var options: BenchOptions

    func run() throws {
        try options.forEachTrace(orElse: { try .generated() }) { trace, reporter in
            try TextBenches(trace: trace, runs: options.runs, reporter: reporter).run()
        }
    }
}

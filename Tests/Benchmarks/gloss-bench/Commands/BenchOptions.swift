import ArgumentParser

/// What all benches take.
struct BenchOptions: ParsableArguments {
    @Argument(help: "Traces: .json or .json.gz files.", completion: .file())
    var traces: [String] = []

    @OptionGroup var output: RunOptions

    var runs: Int { output.runs }
    var json: Bool { output.json }

    /// Calls `body` with each trace, or with a generated one if there is none.
    func forEachTrace(
        orElse generated: () throws -> Trace, _ body: (Trace, Reporter) throws -> Void
    ) throws {
        let reporter = Reporter(isJSON: json)
        for path in traces {
            try body(try TraceFile.read(path), reporter)
            reporter.finishTable()
        }
        if traces.isEmpty {
            try body(try generated(), reporter)
            reporter.finishTable()
        }
    }
}

/// How often to time, and how to say so.
struct RunOptions: ParsableArguments {
    @Option(help: "How often each bench is timed.")
    var runs = 7

    @Flag(help: "Print one JSON object per line.")
    var json = false

    mutating func validate() throws {
        guard runs > 0 else { throw ValidationError("--runs must be at least 1") }
    }
}

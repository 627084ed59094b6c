import ArgumentParser

/// `gloss-bench conflicts`
struct ConflictsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "conflicts",
        abstract: "A day that two people worked offline on one article, merged and asked about.")

    @Option(help: "How many changes each of them made.")
    var changes = 1_000

    @Option(help: "How often each bench is timed.")
    var runs = 7

    @Flag(help: "Print one JSON object per line.")
    var json = false

    mutating func validate() throws {
        guard runs > 0 else { throw ValidationError("--runs must be at least 1") }
        guard changes > 0 else { throw ValidationError("--changes must be at least 1") }
    }

    func run() throws {
        let reporter = Reporter(isJSON: json)
        for plan in OfflineDay.Plan.allCases {
            let day = try OfflineDay(plan, changes: changes)
            try ConflictBenches(day: day, runs: runs, reporter: reporter).run()
            reporter.finishTable()
        }
    }
}

import ArgumentParser

/// `gloss-bench conflicts`
struct ConflictsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "conflicts",
        abstract: "A day that two people worked offline on one article, merged and asked about.")

    @Option(help: "How many changes each of them made.")
    var changes = 1_000

    @OptionGroup var output: RunOptions

    mutating func validate() throws {
        guard changes > 0 else { throw ValidationError("--changes must be at least 1") }
    }

    func run() throws {
        let reporter = Reporter(isJSON: output.json)
        for plan in OfflineDay.Plan.allCases {
            let day = try OfflineDay(plan, changes: changes)
            try ConflictBenches(day: day, runs: output.runs, reporter: reporter).run()
            reporter.finishTable()
        }
    }
}

import ArgumentParser
import GlossCore
import TestSupport

/// `gloss-bench questions`
struct QuestionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "questions",
        abstract: "Prints text conflicts of what several writers did, for a person to judge.",
        discussion: """
            For each trace, or else for a generated day of two people offline: how many changes, how \
            many text conflicts, how long it took to find them, and some of them by chance.
            """)

    @Argument(help: "Traces of several writers: .json or .json.gz files.", completion: .file())
    var traces: [String] = []

    @Option(help: "How many conflicts to print of each.")
    var sample = 20

    @Option(help: "Which ones.")
    var seed: UInt64 = 1

    func run() throws {
        for path in traces {
            let trace = try TraceFile.read(path)
            let changes = try Recording(trace).changes
            try show(try Replica(id: .bench, changes: changes), trace.name)
        }
        if traces.isEmpty {
            let day = try OfflineDay(.mixed, changes: 1_000)
            var article = day.people[0].content.article
            for change in day.people[1].article { try article.integrate(change) }
            try show(article, "a day of two people offline")
        }
    }

    private func show(_ article: Replica, _ name: String) throws {
        let start = ContinuousClock.now
        let conflicts = article.conflicts.filter { $0.kind == .text }
        let taken = start.duration(to: .now).milliseconds
        let summary = [
            "\(article.log.entries.count) changes", "\(conflicts.count) text conflicts",
            "\(decimal(taken, places: 0)) ms",
        ]
        print("\(name): \(summary.joined(separator: ", "))")
        var random = SeededRandom(seed: seed)
        for (number, conflict) in conflicts.shuffled(using: &random).prefix(sample).enumerated() {
            print("\(number + 1)  \(conflict.id)")
            print("   base    \(line(conflict.base ?? ""))")
            for (index, version) in conflict.versions.enumerated() {
                let letter = Conflict.letter(index)
                print("   \(letter)       \(line(version.content))")
            }
            print("   merged  \(line(conflict.shown))")
        }
    }

    private func line(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "⏎")
    }
}

import GlossCore

/// What two people made apart comes together: the merge, and then the questions.
struct ConflictBenches {
    let day: OfflineDay
    let runs: Int
    let reporter: Reporter

    func run() throws {
        let sides = try day.people.indices.map { try merged($0) }
        let lists = sides.map(\.conflicts)
        guard lists[0].map(\.id) == lists[1].map(\.id), !lists[0].isEmpty else {
            throw BenchError("conflicts, \(day.plan): not the same questions on both sides")
        }
        try add(
            "day_merge",
            measure(
                runs: runs, subject: { day.people[0].content },
                timed: { try integrate(day.people[1], into: &$0) },
                check: { content, _ in try check(content) }), lists[0])
        try add(
            "day_conflicts",
            measure(
                runs: runs, subject: { try self.merged(0) }, timed: { $0.conflicts },
                check: { content, found in
                    guard found.map(\.id) == lists[1].map(\.id) else {
                        throw BenchError("conflicts, \(day.plan): other questions than before")
                    }
                    try check(content)
                }), lists[0])
    }

    private func check(_ content: AnnotatedArticle) throws {
        let other = try merged(1)
        guard content.article.stateChecksum == other.article.stateChecksum,
            content.annotations.stateChecksum == other.annotations.stateChecksum
        else { throw BenchError("conflicts, \(day.plan): the two sides differ") }
    }

    /// What one of the two has when the other's work is in.
    private func merged(_ person: Int) throws -> AnnotatedArticle {
        var content = day.people[person].content
        try integrate(day.people[1 - person], into: &content)
        return content
    }

    private func integrate(
        _ person: OfflineDay.Person, into content: inout AnnotatedArticle
    ) throws {
        for change in person.article { try content.article.integrate(change) }
        for change in person.annotations { try content.annotations.integrate(change) }
    }

    private func add(
        _ bench: String, _ measurement: Measurement, _ conflicts: [Conflict]
    ) throws {
        let text = try merged(0).article.text
        let kinds = ConflictKind.allCases.map { kind in
            (kind.rawValue, Report.Value.integer(conflicts.count { $0.kind == kind }))
        }
        reporter.add(
            Report(
                bench: bench, trace: day.plan.rawValue, edits: day.changes * 2,
                measurement: measurement, finalSHA256: sha256(of: text), bytes: text.utf8.count,
                extras: kinds.filter { if case .integer(0) = $0.1 { false } else { true } }))
    }
}

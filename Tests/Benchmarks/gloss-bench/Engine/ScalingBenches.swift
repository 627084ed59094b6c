import GlossCore

/// How the cost of one operation grows with the document.
struct ScalingBenches {
    let trace: Trace
    let runs: Int
    let reporter: Reporter

    /// How often the trace is repeated, one time behind the other in one document.
    private static let repeats = [1, 2, 4, 8, 16, 32, 64]

    /// The nth repetition of the trace, in a document that holds the others.
    func repeated() throws {
        guard !trace.isConcurrent else { throw BenchError("\(trace.name) is not sequential") }
        let strokes = Keystrokes(trace.patches)
        var local: [Int: [Double]] = [:]
        var merge: [Int: [Double]] = [:]
        for _ in 0..<runs {
            var writer = Document(id: .bench)
            var reader = Document(id: .bench)
            for number in 1...(Self.repeats.last ?? 1) {
                let before = writer.versionVector
                let offset = (number - 1) * trace.finalText.count
                let start = ContinuousClock.now
                try strokes.type(into: &writer, offset: offset, by: Recording.author)
                let typed = start.duration(to: .now).milliseconds
                let changes = try writer.changes(since: before)
                let startOfMerge = ContinuousClock.now
                for change in changes { _ = try reader.integrate(change) }
                let merged = startOfMerge.duration(to: .now).milliseconds
                guard Self.repeats.contains(number) else { continue }
                local[number, default: []].append(typed)
                merge[number, default: []].append(merged)
                let expected = repeatedSHA256(number)
                try expect(sha256(of: writer.text), expected, "scaling, \(trace.name)")
                try expect(sha256(of: reader.text), expected, "scaling, \(trace.name)")
            }
        }
        for (bench, times) in [("scaling_local", local), ("scaling_merge", merge)] {
            for number in Self.repeats { add(bench, number, times[number] ?? []) }
        }
    }

    private func repeatedSHA256(_ count: Int) -> String {
        sha256(of: Array(repeatElement(trace.finalText, count: count).joined()))
    }

    private func add(_ bench: String, _ number: Int, _ milliseconds: [Double]) {
        let measurement = Measurement(milliseconds: milliseconds.sorted(), memory: nil)
        var report = Report(
            bench: bench, trace: trace, measurement: measurement,
            bytes: trace.finalBytes * number,
            extras: [
                ("repeat", .integer(number)),
                ("ns_per_edit", .number(measurement.minimum * 1e6 / Double(trace.edits))),
            ])
        report.finalSHA256 = repeatedSHA256(number)
        reporter.add(report)
    }

    /// Two branches of one text, each of `count` edits, one merged into the other and back.
    static func branches(of count: Int, runs: Int, reporter: Reporter) throws {
        let base = try Trace.generated(edits: 1_000, seed: 7)
        let shared = try Recording(base)
        let left = try Branch(shared.document, edits: count, side: .start)
        let right = try Branch(shared.document, edits: count, side: .end)
        let expected = sha256(of: left.typed + base.finalText + right.typed)
        let trace = Trace(
            name: "two branches of \(count)", isConcurrent: true,
            transactions: left.transactions + right.transactions,
            finalText: left.typed + base.finalText + right.typed)
        for (name, from, into) in [("branch_there", left, right), ("branch_back", right, left)] {
            for isBatch in [false, true] {
                let measurement = try measure(
                    runs: runs, subject: { into.document.copy() },
                    timed: { document in
                        if isBatch { return try document.integrate(contentsOf: from.changes) }
                        for change in from.changes { _ = try document.integrate(change) }
                    },
                    check: { document, _ in
                        try expect(sha256(of: document.text), expected, "branches of \(count)")
                    })
                let perEdit = measurement.minimum * 1e6 / Double(count)
                reporter.add(
                    Report(
                        bench: isBatch ? "\(name)_batch" : name, trace: trace,
                        measurement: measurement, bytes: trace.finalBytes,
                        extras: [("ns_per_edit", .number(perEdit))]))
            }
        }
    }
}

import GlossCore
import TestSupport

/// Anchors made in bulk, and found again after half a trace of edits.
struct AnchorBenches {
    let trace: Trace
    let runs: Int
    let reporter: Reporter

    func run() throws {
        let recording = try Recording(trace)
        for count in [10_000, 100_000] {
            let sample = try AnchorSample(trace, recording: recording, count: count)
            try sample.check(recording.document.offsets(of: sample.anchors))
            try make(recording, sample)
            try resolve(recording, sample)
            try makeAndResolve(recording, sample)
        }
    }

    /// Anchors at places of the final text, all in one call.
    private func make(_ recording: Recording, _ sample: AnchorSample) throws {
        let measurement = try measure(
            runs: runs, subject: { recording.document.copy() },
            timed: { $0.anchors(at: sample.offsets, side: .before) },
            check: { document, anchors in
                guard document.offsets(of: anchors) == sample.offsets else {
                    throw BenchError("anchors_make, \(trace.name): they stand elsewhere")
                }
                try check(&document)
            })
        add("anchors_make", measurement, sample)
    }

    /// Anchors made half-way and at the end, deleted characters among them, all in one call.
    private func resolve(_ recording: Recording, _ sample: AnchorSample) throws {
        let measurement = try measure(
            runs: runs, subject: { recording.document.copy() },
            timed: { $0.offsets(of: sample.anchors) },
            check: { document, offsets in
                try sample.check(offsets)
                try check(&document)
            })
        add("anchors_resolve", measurement, sample)
    }

    /// Both, on a document that has done neither.
    private func makeAndResolve(_ recording: Recording, _ sample: AnchorSample) throws {
        let measurement = try measure(
            runs: runs, subject: { recording.document.copy() },
            timed: { document in
                let made = document.anchors(at: sample.offsets, side: .before)
                return (made, document.offsets(of: sample.anchors))
            },
            check: { document, outcome in
                try sample.check(outcome.1)
                guard document.offsets(of: outcome.0) == sample.offsets else {
                    throw BenchError("anchors, \(trace.name): they stand elsewhere")
                }
                try check(&document)
            })
        add("anchors", measurement, sample)
    }

    private func check(_ document: inout Document) throws {
        try expect(sha256(of: document.text), trace.finalSHA256, "anchors, \(trace.name)")
    }

    private func add(_ bench: String, _ measurement: Measurement, _ sample: AnchorSample) {
        reporter.add(
            Report(
                bench: "\(bench)_\(sample.anchors.count / 1_000)k", trace: trace,
                measurement: measurement, bytes: trace.finalBytes,
                extras: [
                    ("anchors", .integer(sample.anchors.count)),
                    ("deleted", .integer(sample.deletedCount)),
                    (
                        "ns_per_anchor",
                        .number(measurement.minimum * 1e6 / Double(sample.anchors.count))
                    ),
                ]))
    }
}

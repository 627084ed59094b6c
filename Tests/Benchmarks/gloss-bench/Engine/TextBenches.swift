import GlossCore

/// Local editing, and everything that is done with one document.
struct TextBenches {
    let trace: Trace
    let runs: Int
    let reporter: Reporter

    /// All benches of a trace. `local` and its floor need one that is sequential.
    func run() throws {
        if !trace.isConcurrent {
            try FloorBench.run(trace, runs: runs, reporter: reporter)
            try local()
        }
        let recording = try Recording(trace)
        try encode(recording)
        try open(recording)
        try openEditSave(recording)
        try load(recording)
        try travel(recording)
        try blame(recording)
    }

    /// Each patch is one edit; log and text are kept, nothing is hashed.
    private func local() throws {
        let strokes = Keystrokes(trace.patches)
        var reading = Double.infinity
        let measurement = try measure(
            runs: runs, subject: { Document(id: .bench) },
            timed: { try strokes.type(into: &$0, by: Recording.author) },
            check: { document, _ in
                let start = ContinuousClock.now
                let text = document.text
                reading = min(reading, start.duration(to: .now).milliseconds)
                try check(text, "local")
            })
        let edits = Double(strokes.count)
        let allocations = Double(measurement.memory?.allocations ?? 0)
        add(
            "local", measurement, bytes: trace.finalBytes,
            extras: [
                ("ns_per_edit", .number(measurement.minimum * 1e6 / edits)),
                ("allocations_per_edit", .number(allocations / edits)),
                ("read_text_ms", .number(reading)),
            ])
    }

    private func encode(_ recording: Recording) throws {
        var size = (bytes: 0, zlib: 0)
        let history = try measure(
            runs: runs, subject: { recording.document.copy() }, timed: { try $0.encodeHistory() },
            check: { _, bytes in
                let document = try Document(history: bytes)
                try check(document.text, "history")
                size = (bytes.count, Deflate.count(bytes))
            })
        add("history", history, bytes: size.bytes, extras: [("zlib", .integer(size.zlib))])
        let snapshot = try measure(
            runs: runs, subject: { recording.document.copy() }, timed: { $0.encodeSnapshot() },
            check: { _, bytes in
                let document = try Document(snapshot: bytes)
                try check(document.text, "snapshot")
                size = (bytes.count, Deflate.count(bytes))
            })
        add("snapshot", snapshot, bytes: size.bytes, extras: [("zlib", .integer(size.zlib))])
    }

    /// From a snapshot to a document whose text has been read.
    private func open(_ recording: Recording) throws {
        let snapshot = recording.document.encodeSnapshot()
        var count = 0
        let measurement = try measure(
            runs: runs, subject: { () },
            timed: { _ in
                let document = try Document(snapshot: snapshot)
                count = document.text.utf8.count
                return document
            },
            check: { _, document in
                try check(document.text, "open")
                guard count == trace.finalBytes else { throw BenchError("open: a short text") }
            })
        add("open", measurement, bytes: snapshot.count)
    }

    /// From a snapshot to the next: one letter typed in the middle.
    private func openEditSave(_ recording: Recording) throws {
        let snapshot = recording.document.encodeSnapshot()
        let middle = trace.finalText.count / 2
        let author = Recording.writer(1_000_000)
        var edited = trace.finalText
        edited.insert("x", at: middle)
        let expected = sha256(of: edited)
        let letter: [Unicode.Scalar] = ["x"]
        let measurement = try measure(
            runs: runs, subject: { () },
            timed: { _ in
                var document = try Document(snapshot: snapshot)
                try document.replace(middle..<middle, with: letter, by: author)
                document.settle()
                return document.encodeSnapshot()
            },
            check: { _, bytes in
                let document = try Document(snapshot: bytes)
                try expect(sha256(of: document.text), expected, "open_edit_save, \(trace.name)")
            })
        add(
            "open_edit_save", measurement, bytes: snapshot.count,
            extras: [("edited_sha256", .text(expected))])
    }

    /// From a history to a document.
    private func load(_ recording: Recording) throws {
        let history = try recording.document.encodeHistory()
        let measurement = try measure(
            runs: runs, subject: { () }, timed: { _ in try Document(history: history) },
            check: { _, document in try check(document.text, "load") })
        add("load", measurement, bytes: history.count)
    }

    /// The text at 100 versions.
    private func travel(_ recording: Recording) throws {
        let checkpoints = try Checkpoints(of: trace, recording: recording, count: 100)
        let measurement = try measure(
            runs: runs, subject: { recording.document.copy() },
            timed: { document in try checkpoints.versions.map { try document.text(at: $0) } },
            check: { document, texts in
                for (text, expected) in zip(texts, checkpoints.hashes) {
                    try expect(sha256(of: text), expected, "travel, \(trace.name)")
                }
                try check(document.text, "travel")
            })
        let versions = checkpoints.versions.count
        add(
            "travel", measurement, bytes: trace.finalBytes,
            extras: [("versions", .integer(versions))])
    }

    private func blame(_ recording: Recording) throws {
        var count = 0
        let measurement = try measure(
            runs: runs, subject: { recording.document.copy() }, timed: { $0.blame() },
            check: { document, blame in
                count = blame.count
                try check(document.text, "blame")
            })
        add("blame", measurement, bytes: trace.finalBytes, extras: [("spans", .integer(count))])
    }

    private func check(_ text: String, _ bench: String) throws {
        try expect(sha256(of: text), trace.finalSHA256, "\(bench), \(trace.name)")
    }

    private func add(
        _ bench: String, _ measurement: Measurement, bytes: Int,
        extras: [(name: String, value: Report.Value)] = []
    ) {
        reporter.add(
            Report(
                bench: bench, trace: trace, measurement: measurement, bytes: bytes, extras: extras))
    }
}

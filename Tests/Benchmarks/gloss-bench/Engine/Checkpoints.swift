import GlossCore

/// Versions on the way through a trace, each with the text it had.
struct Checkpoints {
    /// Frontiers, oldest first.
    private(set) var versions: [[OpID]] = []
    /// The hashes of the texts there.
    private(set) var hashes: [String] = []

    /// Notes `count` versions, evenly spaced over the trace.
    ///
    /// The texts of a sequential trace come from a plain text; those of a concurrent one from a
    /// document that holds no more than that version.
    init(of trace: Trace, recording: Recording, count: Int) throws {
        var document = Document()
        var text = PlainText()
        let patches = trace.isConcurrent ? [] : trace.patches
        let steps = trace.isConcurrent ? recording.changes.count : patches.count
        var done = 0
        for number in 1...count {
            let end = max(done, steps * number / count)
            if trace.isConcurrent {
                for change in recording.changes[done..<end] { _ = try document.integrate(change) }
                hashes.append(sha256(of: document.text))
            } else {
                try Keystrokes(patches[done..<end]).type(into: &document, by: Recording.author)
                for patch in patches[done..<end] { try text.apply(patch) }
                hashes.append(sha256(of: text.scalars))
            }
            versions.append(document.frontier)
            done = end
        }
    }
}

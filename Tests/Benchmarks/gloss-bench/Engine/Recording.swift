import GlossCore

/// A trace played through the engine once: what the benches of its document start from.
///
/// A class, since its document cannot be copied but has to be at hand in every bench.
final class Recording {
    /// The document at the end of the trace. Benches work on copies of it.
    let document: Document
    /// Every change, in the order of the trace.
    let changes: [Change]

    private init(document: consuming Document, changes: [Change]) {
        self.document = document
        self.changes = changes
    }

    /// Plays a trace, and proves that it ends in the text it should end in.
    convenience init(_ trace: Trace) throws {
        if trace.isConcurrent {
            var replay = ConcurrentReplay(trace)
            try replay.run()
            self.init(document: try replay.merged(), changes: replay.changes)
        } else {
            var document = Document(id: .bench)
            try Keystrokes(trace.patches).type(into: &document, by: Recording.author)
            let changes = try document.changes(since: VersionVector())
            self.init(document: document, changes: changes)
        }
        let copy = document.copy()
        try expect(sha256(of: copy.text), trace.finalSHA256, "replay, \(trace.name)")
    }

    /// Who types, if there is only one.
    static let author = writer(0)

    /// A writer of a trace.
    static func writer(_ agent: Int) -> Author {
        Author(agent: AgentID(rawValue: UInt64(agent) + 1), time: 0)
    }
}

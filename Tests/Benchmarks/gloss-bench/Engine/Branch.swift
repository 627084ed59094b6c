import GlossCore

/// What one of two writers did while away from the other.
///
/// One writes in front of the shared text and the other behind it, so that the merge is known
/// without a CRDT.
final class Branch {
    /// Where a branch writes.
    enum Side: Int {
        case start, end
    }

    /// The shared text with this branch's.
    let document: Document
    /// The branch alone.
    let changes: [Change]
    /// What the branch adds to the text.
    let typed: [Unicode.Scalar]
    let transactions: [Transaction]

    init(_ shared: borrowing Document, edits: Int, side: Side) throws {
        let trace = try Trace.generated(edits: edits, seed: 11 + UInt64(side.rawValue))
        var document = shared.copy()
        let before = document.versionVector
        let offset = side == .start ? 0 : document.textCount
        try Keystrokes(trace.patches).type(
            into: &document, offset: offset, by: Recording.writer(1 + side.rawValue))
        changes = try document.changes(since: before)
        typed = trace.finalText
        transactions = trace.transactions
        self.document = document
    }
}

/// The runs of a history that are stored by ids.
struct EscapeReader {
    var bytes: ByteReader
    let others: [Op]
    /// How many of ``others`` have been done.
    private var doneCount = 0

    init(bytes: ByteReader, others: [Op]) {
        self.bytes = bytes
        self.others = others
    }

    /// Does the next run.
    mutating func replay(
        _ count: Int, in document: inout Document, _ state: inout Document.ReplayState
    ) throws(CodecError) {
        let form = try bytes.byte()
        let version = document.ops.count
        state.lastDeleted = -1
        switch form & HistoryForm.Escape.kindMask {
        case HistoryForm.Escape.insertion:
            let left = version - (try bytes.count(upTo: version + 1))
            let distance = try bytes.count(upTo: version)
            try document.replayInsertion(
                version..<version + count, left: left,
                right: distance == 0 ? SpanTree.documentEnd : version - distance,
                continues: form & HistoryForm.Escape.continues != 0, &state.searchesLeft)
            if form & HistoryForm.Escape.replaces != 0 { document.ops.appendReplacement(version) }
            state.usedScalars += count
            guard state.usedScalars <= document.ops.scalars.count else {
                throw .damaged("there is more text than was inserted")
            }
        case HistoryForm.Escape.deletion:
            try document.replayDeletion(
                version..<version + count, first: version - (try bytes.count(upTo: version)),
                flags: UInt32(form >> HistoryForm.Escape.deletionFlagsShift) & 7,
                continues: form & HistoryForm.Escape.continues != 0, &state.searchesLeft)
        case HistoryForm.Escape.other:
            guard count == 1, doneCount < others.count else {
                throw .damaged("an operation is missing")
            }
            doneCount += 1
            try document.replay(others[doneCount - 1], at: version)
        default: throw .damaged("a run is of no kind")
        }
    }

    /// Throws unless everything was done.
    func finish() throws(CodecError) {
        try bytes.finish()
        guard doneCount == others.count else { throw .damaged("an operation is left over") }
    }
}

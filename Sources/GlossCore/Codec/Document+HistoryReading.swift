/// Replaying the columns of a history.
extension Document {
    /// Where a replay by position stands.
    struct ReplayState {
        /// Where the last item by position ended.
        var cursor = 0
        /// The last character that the last item deleted, if it was a deletion by position.
        var lastDeleted = -1
        /// How many scalars the runs so far have inserted.
        var usedScalars = 0
        /// From where on a run may need a look at what its author knew.
        var blindStart = 0
        /// The chain of that, or one before.
        var entry = 0
    }

    /// Does all operations of a history. Head and text are there already.
    mutating func replay(_ reader: inout ByteReader, others: [Op]) throws(CodecError) {
        var items = try ColumnReader(&reader, tagCount: HistoryForm.Item.count)
        var insertions = try ColumnReader(&reader)
        var backward = try ColumnReader(&reader)
        var forward = try ColumnReader(&reader)
        let part = try reader.part(try reader.count(upTo: reader.remaining))
        try reader.finish()
        var escapes = EscapeReader(bytes: ByteReader(reader.bytes, part), others: others)
        var events = ReplayEvents(of: self)
        var state = ReplayState()
        findBlindStart(&state)
        ops.reserve(runs: items.count, scalars: 0)
        let bytes = reader.bytes.span
        let scalarCount = ops.scalars.count
        for _ in 0..<items.count {
            let (value, item) = items.next(bytes)
            let version = ops.count
            guard value > 0, value <= UInt64(events.next - version) else {
                throw .damaged("a run has another length")
            }
            let count = Int(truncatingIfNeeded: value)
            let run = ops.runs.count
            switch item {
            case HistoryForm.Item.insertion:
                let position = state.cursor &+ ZigZag.decode(insertions.next(bytes).value)
                guard position >= 0, position <= tree.visibleCount,
                    count <= scalarCount - state.usedScalars
                else { throw .damaged("an insertion is out of the text") }
                replayInsertion(count, at: position, &state)
            case HistoryForm.Item.backwardDeletion:
                let end = state.cursor &+ ZigZag.decode(backward.next(bytes).value)
                guard end >= count, end <= tree.visibleCount else {
                    throw .damaged("a deletion is out of the text")
                }
                try replayBackwardDeletion(count, at: end - count, &state)
            case HistoryForm.Item.continuedDeletion:
                let end = state.cursor &+ ZigZag.decode(backward.next(bytes).value)
                guard end >= count, end <= tree.visibleCount else {
                    throw .damaged("a deletion is out of the text")
                }
                try replayMoreDeletion(count, at: end - count, &state)
            case HistoryForm.Item.forwardDeletion, HistoryForm.Item.furtherSpan:
                if item == HistoryForm.Item.forwardDeletion {
                    state.cursor &+= ZigZag.decode(forward.next(bytes).value)
                }
                guard state.cursor >= 0, state.cursor <= tree.visibleCount - count else {
                    throw .damaged("a deletion is out of the text")
                }
                replayForwardDeletion(
                    count, &state,
                    joint: item == HistoryForm.Item.furtherSpan ? OpRuns.nextSpan : 0)
            case HistoryForm.Item.replacement:
                guard state.lastDeleted >= 0, count <= scalarCount - state.usedScalars else {
                    throw .damaged("an insertion replaces nothing")
                }
                replayReplacement(count, &state)
            default:
                try escapes.replay(count, in: &self, &state)
                guard state.usedScalars <= scalarCount else {
                    throw .damaged("there is more text than was inserted")
                }
            }
            if ops.count > state.blindStart { try checkKnowledge(fromRun: run, version, &state) }
            if ops.count == events.next { settle(&events) }
        }
        try items.finish()
        try insertions.finish()
        try backward.finish()
        try forward.finish()
        try escapes.finish()
        guard ops.count == graph.count, state.usedScalars == scalarCount else {
            throw .damaged("the history ends too early")
        }
        guard kind == .article || tree.totalCount == 0 else {
            throw .damaged("an annotation set has no text")
        }
    }

    @inline(__always)
    private mutating func replayInsertion(
        _ count: Int, at position: Int, _ state: inout ReplayState
    ) {
        let version = ops.count
        let origins = tree.insert(count, version, at: position)
        ops.append(
            OpRuns.Run(
                .insertion, start: version, subject: origins.left,
                object: UInt32(truncatingIfNeeded: origins.right), scalar: state.usedScalars),
            count: count)
        if table.isKept { table.append(count: count) }
        state.usedScalars &+= count
        state.cursor = position &+ count
        state.lastDeleted = -1
    }

    private mutating func replayReplacement(_ count: Int, _ state: inout ReplayState) {
        let version = ops.count
        let origins = tree.insert(count, version, behindHidden: state.lastDeleted)
        ops.append(
            OpRuns.Run(
                .insertion, start: version, subject: origins.left,
                object: UInt32(truncatingIfNeeded: origins.right), scalar: state.usedScalars),
            count: count)
        ops.appendReplacement(version)
        if table.isKept { table.append(count: count) }
        state.usedScalars &+= count
        state.cursor &+= count
        state.lastDeleted = -1
    }

    private mutating func replayMoreDeletion(
        _ count: Int, at start: Int, _ state: inout ReplayState
    ) throws(CodecError) {
        let targets = try hide(count, at: start)
        guard ops.extendDeletion(by: targets) else {
            throw .damaged("a deletion continues nothing")
        }
        if table.isKept { table.appendDeletion(of: targets) }
        state.cursor = start
        state.lastDeleted = -1
    }

    /// Hides visible characters in a row, which must have consecutive local versions.
    @inline(__always)
    private mutating func hide(_ count: Int, at start: Int) throws(CodecError) -> Range<Int> {
        let first = tree.hide(at: start, limit: count)
        var end = first.version &+ first.count
        var left = count &- first.count
        while left > 0 {
            let part = tree.hide(at: start, limit: left)
            guard part.version == end else { throw .damaged("a deletion is cut in two") }
            end &+= part.count
            left &-= part.count
        }
        return first.version..<end
    }

    @inline(__always)
    private mutating func replayBackwardDeletion(
        _ count: Int, at start: Int, _ state: inout ReplayState
    ) throws(CodecError) {
        let targets = try hide(count, at: start)
        ops.append(
            OpRuns.Run(
                .deletion, start: ops.count, subject: targets.upperBound &- 1,
                object: count > 1 ? OpRuns.reversed : 0),
            count: count)
        if table.isKept { table.appendDeletion(of: targets) }
        state.cursor = start
        state.lastDeleted = count == 1 ? targets.lowerBound : -1
    }

    @inline(__always)
    private mutating func replayForwardDeletion(
        _ count: Int, _ state: inout ReplayState, joint: UInt32
    ) {
        var left = count
        var joint = joint
        var last = -2
        while left > 0 {
            let part = tree.hide(at: state.cursor, limit: left)
            if part.version == last &+ 1 {
                ops.extendRun(by: part.count)
            } else {
                ops.append(
                    OpRuns.Run(.deletion, start: ops.count, subject: part.version, object: joint),
                    count: part.count)
                joint = OpRuns.nextSpan
            }
            last = part.version &+ part.count &- 1
            left &-= part.count
            if table.isKept { table.appendDeletion(of: part.version..<last &+ 1) }
        }
        state.lastDeleted = last
    }

    /// Finds the next version whose author had not seen everything before it.
    private func findBlindStart(_ state: inout ReplayState) {
        while state.entry < graph.entryCount {
            let versions = graph.versions(ofEntry: state.entry)
            if versions.upperBound > ops.count,
                graph.entries[state.entry].base != graph.entries[state.entry].start
            {
                state.blindStart = max(ops.count, versions.lowerBound)
                return
            }
            state.entry += 1
        }
        state.blindStart = Int.max
    }

    private func checkKnowledge(
        fromRun first: Int, _ version: LocalVersion, _ state: inout ReplayState
    ) throws(CodecError) {
        // Everything before the blind chain is known to be right.
        let version = max(version, state.blindStart)
        for index in max(0, first - 1)..<ops.runs.count {
            let versions = ops.versions(ofRun: index)
            let start = max(version, versions.lowerBound)
            if start < versions.upperBound {
                try checkKnowledge(
                    ofRun: index, start..<versions.upperBound, entry: &state.entry)
            }
        }
        findBlindStart(&state)
    }
}

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
                continues: form & HistoryForm.Escape.continues != 0)
            if form & HistoryForm.Escape.replaces != 0 { document.ops.appendReplacement(version) }
            state.usedScalars += count
        case HistoryForm.Escape.deletion:
            try document.replayDeletion(
                version..<version + count, first: version - (try bytes.count(upTo: version)),
                flags: UInt32(form >> HistoryForm.Escape.deletionFlagsShift) & 7,
                continues: form & HistoryForm.Escape.continues != 0)
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

/// Replaying the columns of a history.
extension Document {
    /// Where a replay by position stands.
    struct ReplayState {
        /// Where the last item by position ended.
        var cursor = 0
        /// The last character that the last item deleted, if it was a deletion by position.
        var lastDeleted = -1
        /// Whether other characters were deleted after that one, so that the tree's cursor may have
        /// left it.
        var isLastFar = false
        /// How many scalars the runs so far have inserted.
        var usedScalars = 0
        /// How many characters may still be searched for before the lookup by version is built.
        var searchesLeft = 32
        /// From where on a run may need a look at what its author knew.
        var blindStart = 0
        /// The chain of that, or one before.
        var entry = 0
    }

    /// Does all operations of a history. Head and text are there already.
    mutating func replay(_ reader: inout ByteReader, others: [Op]) throws(CodecError) {
        let columns = try HistoryColumns(&reader)
        try reader.finish()
        var escapes = EscapeReader(bytes: columns.escapes, others: others)
        var state = ReplayState()
        ops.reserve(runs: columns.items.count)
        tree.runs.reserve(columns.items.count + columns.items.count / 2)
        let cursors = try replay(columns, &escapes, &state)
        try columns.finish(cursors)
        try escapes.finish()
        guard ops.count == graph.count, state.usedScalars == ops.scalars.count else {
            throw .damaged("the history ends too early")
        }
        guard kind == .article || tree.totalCount == 0 else {
            throw .damaged("an annotation set has no text")
        }
    }

    private mutating func replay(
        _ columns: borrowing HistoryColumns, _ escapes: inout EscapeReader,
        _ state: inout ReplayState
    ) throws(CodecError) -> HistoryColumns.Cursors {
        let file = columns.escapes.bytes
        let bytes = file.span
        let scalarCount = ops.scalars.count
        var cursors = columns.start
        var events = ReplayEvents(of: self)
        findBlindStart(&state)
        for _ in 0..<columns.items.count {
            let (value, item) = columns.items.next(&cursors.items, bytes)
            let version = ops.count
            guard value > 0, value <= UInt64(events.next - version) else {
                throw .damaged("a run has another length")
            }
            let count = Int(truncatingIfNeeded: value)
            let run = ops.runs.count
            switch item {
            case HistoryForm.Item.insertion:
                let distance = columns.insertions.next(&cursors.insertions, bytes).value
                let position = state.cursor &+ ZigZag.decode(distance)
                guard position >= 0, position <= tree.visibleCount,
                    count <= scalarCount - state.usedScalars
                else { throw .damaged("an insertion is out of the text") }
                replayInsertion(count, at: position, &state)
            case HistoryForm.Item.backwardDeletion, HistoryForm.Item.continuedDeletion:
                let distance = columns.backward.next(&cursors.backward, bytes).value
                let end = state.cursor &+ ZigZag.decode(distance)
                guard end >= count, end <= tree.visibleCount else {
                    throw .damaged("a deletion is out of the text")
                }
                if item == HistoryForm.Item.backwardDeletion {
                    try replayBackwardDeletion(count, at: end - count, &state)
                } else {
                    try replayMoreDeletion(count, at: end - count, &state)
                }
            case HistoryForm.Item.forwardDeletion:
                let distance = columns.forward.next(&cursors.forward, bytes).value
                state.cursor &+= ZigZag.decode(distance)
                try replayForwardDeletion(count, &state, joint: 0)
            case HistoryForm.Item.furtherSpan:
                try replayForwardDeletion(count, &state, joint: OpRuns.nextSpan)
            case HistoryForm.Item.replacement:
                guard state.lastDeleted >= 0, count <= scalarCount - state.usedScalars else {
                    throw .damaged("an insertion replaces nothing")
                }
                replayReplacement(count, &state)
            default:
                try escapes.replay(count, in: &self, &state)
            }
            if ops.count > state.blindStart { try checkKnowledge(fromRun: run, version, &state) }
            if ops.count == events.next {
                settle(&events)
                state.lastDeleted = -1
            }
        }
        return cursors
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
        let origins =
            state.isLastFar
            ? tree.insert(count, version, behindHidden: state.lastDeleted, near: state.cursor)
            : tree.insert(count, version, behindHidden: state.lastDeleted)
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
        guard ops.extendDeletion(by: targets, joint: 0) else {
            throw .damaged("a deletion continues nothing")
        }
        if table.isKept { table.appendDeletion(of: targets) }
        state.cursor = start
        state.lastDeleted = ops.target(of: ops.count - 1) ?? -1
        state.isLastFar = true
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
        state.lastDeleted = targets.lowerBound
        state.isLastFar = count > 1
    }

    @inline(__always)
    private mutating func replayForwardDeletion(
        _ count: Int, _ state: inout ReplayState, joint: UInt32
    ) throws(CodecError) {
        guard state.cursor >= 0, state.cursor <= tree.visibleCount - count else {
            throw .damaged("a deletion is out of the text")
        }
        try checkJoint(joint)
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
        state.isLastFar = false
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

    private mutating func checkKnowledge(
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

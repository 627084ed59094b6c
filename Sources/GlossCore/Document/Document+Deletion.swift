extension Document {
    /// Characters to delete, with consecutive local versions.
    struct DeletionTarget: BitwiseCopyable {
        private let start: UInt32
        private let end: UInt32
        /// How they follow the ones before them, as ``OpRuns`` has it.
        let joint: UInt32

        @inline(__always)
        init(_ versions: Range<LocalVersion>, joint: UInt32) {
            start = UInt32(truncatingIfNeeded: versions.lowerBound)
            end = UInt32(truncatingIfNeeded: versions.upperBound)
            self.joint = joint
        }

        @inline(__always) var versions: Range<LocalVersion> { Int(start)..<Int(end) }
    }

    /// Takes in a deletion, one of the operations of a change.
    mutating func delete(
        _ operations: Span<Op>, _ index: Int, of incoming: Incoming
    ) throws(ChangeError) {
        guard kind == .article else { throw Document.noText }
        guard case .delete(let deletion) = operations[index] else { OpOutline.trap() }
        guard !deletion.spans.isEmpty else { throw Document.emptyOperation }
        let version = ops.count
        try findTargets(deletion.spans.span, of: incoming)
        deleteTargets(isFirst: index == 0)
        if let accepts = deletion.accepts {
            ops.append(OpRuns.Detail(version: version, accepts: accepts))
        }
    }

    /// Fills ``targets`` with the operations of some spans, all of which must be characters that the
    /// author of the next operation knew.
    mutating func findTargets(
        _ spans: Span<OpSpan>, of incoming: Incoming
    ) throws(ChangeError) {
        targets.truncate(to: 0)
        for index in spans.indices {
            let span = spans[index]
            guard addTargets(span, at: ops.count, of: incoming) else {
                throw ChangeError(
                    .invalidOp, "\(span.count) from \(span.start) are no characters its author knew"
                )
            }
        }
    }

    private mutating func addTargets(
        _ span: OpSpan, at version: LocalVersion, of incoming: Incoming
    ) -> Bool {
        guard let agent = agents.index(of: span.start.agent), span.count > 0,
            span.start.seq >= 0, span.count <= agents.nextSeq(of: agent) &- span.start.seq
        else { return false }
        var joint = targets.count > 0 ? OpRuns.nextSpan : 0
        var seq = span.start.seq
        while seq < span.endSeq {
            let range = agents.versions(of: agent, from: seq, to: span.endSeq)
            guard knows(range.upperBound &- 1, at: version, incoming), tree.areCharacters(range)
            else {
                return false
            }
            targets.append(DeletionTarget(range, joint: joint))
            joint = OpRuns.sameSpan
            seq &+= range.count
        }
        return true
    }

    /// Deletes the characters of ``targets``.
    private mutating func deleteTargets(isFirst: Bool) {
        for index in 0..<targets.count {
            let target = targets[index]
            let versions = target.versions
            ops.appendDeletion(
                of: versions.lowerBound, count: versions.count, joint: target.joint,
                mayExtend: isFirst && index == 0)
            show(versions, false)
            if table.isKept { table.appendDeletion(of: versions) }
        }
    }

    /// Shows or hides characters in the tree and in the text beside it.
    mutating func show(_ range: Range<LocalVersion>, _ isVisible: Bool) {
        var rest = range
        while !rest.isEmpty {
            let offset = keepsText ? tree.offset(of: tree.place(of: rest.lowerBound)) : 0
            let part = tree.show(rest, isVisible)
            let versions = rest.lowerBound..<rest.lowerBound + part.count
            if keepsText, part.changed {
                if isVisible {
                    insertIntoBuffer(versions, at: offset)
                } else {
                    buffer.remove(offset..<offset + part.count)
                }
            }
            rest = versions.upperBound..<rest.upperBound
        }
    }

    /// Puts characters of the log into the visible text.
    mutating func insertIntoBuffer(_ versions: Range<LocalVersion>, at offset: Int) {
        var offset = offset
        ops.forEachRun(in: versions) { index, part in
            let run = ops.runs[index]
            let first = Int(run.scalar) + part.lowerBound - run.start
            buffer.insert(from: ops.scalars, first..<first + part.count, at: offset)
            offset += part.count
        }
    }
}

extension Document {
    mutating func apply(
        _ deletion: Deletion, at version: LocalVersion, of incoming: Incoming, isFirst: Bool
    ) throws(ChangeError) {
        guard kind == .article else { throw Document.noText }
        guard !deletion.spans.isEmpty else { throw Document.emptyOperation }
        try checkCharacters(deletion.spans, at: version, of: incoming)
        for index in deletion.spans.indices {
            delete(deletion.spans[index], isFirst: isFirst && index == 0, isNext: index > 0)
        }
        if let accepts = deletion.accepts {
            ops.append(OpRuns.Detail(version: version, replaces: [], accepts: accepts))
        }
    }

    /// Checks that all operations of some spans are characters that the author knew.
    mutating func checkCharacters(
        _ spans: [OpSpan], at version: LocalVersion, of incoming: Incoming
    ) throws(ChangeError) {
        for index in spans.indices {
            let span = spans[index]
            guard areCharacters(span, at: version, of: incoming) else {
                throw ChangeError(
                    .invalidOp, "\(span.count) from \(span.start) are no characters its author knew"
                )
            }
        }
    }

    private mutating func areCharacters(
        _ span: OpSpan, at version: LocalVersion, of incoming: Incoming
    ) -> Bool {
        guard let agent = agents.index(of: span.start.agent), span.count > 0,
            span.start.seq >= 0, span.count <= agents.nextSeq(of: agent) - span.start.seq
        else { return false }
        var seq = span.start.seq
        while seq < span.endSeq {
            let range = versions(of: agent, from: seq, to: span.endSeq)
            guard knows(range.upperBound - 1, at: version, incoming) else { return false }
            for character in range where !isCharacter(character) { return false }
            seq += range.count
        }
        return true
    }

    /// The local versions of an agent's operations from one number on, as many as stand in a row.
    @inline(__always)
    private mutating func versions(of agent: Int, from seq: Int, to endSeq: Int) -> Range<Int> {
        guard let start = agents.version(of: agent, seq: seq) else {
            preconditionFailure("the agent has made them")
        }
        if endSeq &- seq == 1 { return start..<start &+ 1 }
        let run = agents.run(at: agents.runIndex(of: start)).versions
        return start..<min(run.upperBound, start + endSeq - seq)
    }

    /// Deletes the characters of a checked span.
    private mutating func delete(_ span: OpSpan, isFirst: Bool, isNext: Bool) {
        guard let agent = agents.index(of: span.start.agent) else {
            preconditionFailure("spans are checked first")
        }
        var joint = isNext ? OpRuns.nextSpan : 0
        var seq = span.start.seq
        while seq < span.endSeq {
            let range = versions(of: agent, from: seq, to: span.endSeq)
            ops.appendDeletion(
                of: range.lowerBound, count: range.count, joint: joint,
                mayExtend: isFirst && joint == 0)
            show(range, false)
            if table.isKept { table.appendDeletion(of: range) }
            joint = OpRuns.sameSpan
            seq += range.count
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

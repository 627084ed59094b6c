/// A replacement in the text as it is after those before it in the same change.
public struct TextPatch: Hashable, Sendable {
    /// How many scalars stand before it.
    public var position: Int
    /// How many scalars to take out.
    public var deleted: Int
    /// What to put in their place.
    public var inserted: [Unicode.Scalar]

    /// A replacement at a position.
    public init(position: Int, deleted: Int, inserted: [Unicode.Scalar]) {
        self.position = position
        self.deleted = deleted
        self.inserted = inserted
    }
}

extension Document {
    /// Puts text in the place of other text, as a change of its own that follows everything here.
    ///
    /// - Parameter range: scalars of the text as it is; empty to insert only.
    /// - Throws: ``ChangeError`` of code `too_large` if the document is full; nothing is changed.
    /// - Complexity: O(1) where the last edit was, else O(log n), and a move of the text between the
    ///   two places.
    public mutating func replace(
        _ range: Range<Int>, with text: Span<Unicode.Scalar>, by author: borrowing Author
    ) throws(ChangeError) {
        if continueBurst(range, text, by: author) { return }
        try replaceElsewhere(range, with: text, by: author)
    }

    private mutating func replaceElsewhere(
        _ range: Range<Int>, with text: Span<Unicode.Scalar>, by author: borrowing Author
    ) throws(ChangeError) {
        settle()
        let width = range.count + text.count
        guard width > 0 else { return }
        if try startBurst(range, text, by: author) { return }
        let agent = try begin(width, by: author)
        apply(range, text, isFirst: true)
        commit(width, of: agent, by: author)
    }

    /// Puts text in the place of other text, as the function above.
    public mutating func replace(
        _ range: Range<Int>, with text: [Unicode.Scalar], by author: borrowing Author
    ) throws(ChangeError) {
        try replace(range, with: text.span, by: author)
    }

    /// Makes several replacements as one change that follows everything here.
    ///
    /// - Parameters:
    ///   - patches: each in the text as the ones before it leave it.
    ///   - accepts: the suggestion that this change accepts.
    /// - Throws: ``ChangeError`` of code `too_large` if the document is full, or of code `needs_log` if
    ///   it accepts a suggestion and the log is not to be had (see ``needsLog``); nothing is changed.
    public mutating func edit(
        _ patches: [TextPatch], by author: Author, accepts: OpID? = nil
    ) throws(ChangeError) {
        settle()
        let width = patches.reduce(0) { $0 + $1.deleted + $1.inserted.count }
        guard width > 0 else { return }
        if accepts != nil, needsLog { try requireLog() }
        let agent = try begin(width, by: author)
        let base = graph.count
        for patch in patches where patch.deleted > 0 || !patch.inserted.isEmpty {
            let start = ops.count
            apply(
                patch.position..<patch.position + patch.deleted, patch.inserted.span,
                isFirst: start == base)
            if let accepts { note(accepts, patch, from: start) }
        }
        commit(width, of: agent, by: author)
        if accepts != nil { recordAcceptances(ofChangeAt: changes.count - 1) }
    }

    /// Sees that a local change of `width` operations fits; gives its agent.
    @inline(__always)
    mutating func begin(
        _ width: Int, by author: borrowing Author
    ) throws(ChangeError) -> Int {
        precondition(kind == .article, "an annotation set has no text")
        if !keepsText { keepText() }
        guard width <= CausalGraph.limit &- graph.count else {
            throw ChangeError(.tooLarge, "the document has as many operations as it can")
        }
        if let agent = agents.index(of: author.agent) {
            guard width <= OpID.limit &- agents.nextSeq(of: agent) else {
                throw ChangeError(.tooLarge, "the agent has as many operations as it can")
            }
            return agent
        }
        guard agents.agentCount < AgentTable.agentLimit else {
            throw ChangeError(.tooLarge, "the document has as many agents as it can")
        }
        return agents.add(author.agent)
    }

    /// Takes a local change into the log.
    @inline(__always)
    private mutating func commit(_ width: Int, of agent: Int, by author: borrowing Author) {
        agents.append(agent: agent, seq: agents.nextSeq(of: agent), count: width)
        graph.append(count: width)
        if author.message == nil {
            changes.append(width: width, time: author.time)
        } else {
            changes.append(width: width, time: author.time, message: author.message)
        }
    }

    /// Deletes and inserts at one place.
    @inline(__always)
    private mutating func apply(_ range: Range<Int>, _ text: Span<Unicode.Scalar>, isFirst: Bool) {
        precondition(
            range.lowerBound >= 0 && range.upperBound <= tree.visibleCount,
            "the range is in the text")
        let start = ops.count
        var last = 0
        if !range.isEmpty { last = delete(range, isFirst: isFirst) }
        guard !text.isEmpty else { return }
        let version = ops.count
        let origins: (left: Int, right: Int)
        if range.isEmpty {
            origins = tree.insert(text.count, version, at: range.lowerBound)
        } else {
            origins = tree.insert(text.count, version, behindHidden: last)
            ops.appendReplacement(version)
        }
        let scalar = ops.scalars.count
        ops.appendInsertion(
            count: text.count, left: origins.left, right: origins.right, scalar: scalar,
            mayExtend: isFirst && version == start)
        if text.count == 1 {
            ops.scalars.append(text[0])
            buffer.insert(text[0], at: range.lowerBound)
        } else {
            ops.scalars.append(contentsOf: text)
            buffer.insert(
                from: ops.scalars, scalar..<scalar &+ text.count, at: range.lowerBound)
        }
        if table.isKept { table.append(count: text.count) }
    }

    /// Hides a range of the text; gives the last character of it.
    @inline(__always)
    private mutating func delete(_ range: Range<Int>, isFirst: Bool) -> Int {
        var left = range.count
        var joint: UInt32 = 0
        var last = -1
        while left > 0 {
            let part = tree.hide(at: range.lowerBound, limit: left)
            if joint != 0, part.version == last &+ 1 {
                ops.extendDeletion(by: part.count)
            } else {
                ops.appendDeletion(
                    of: part.version, count: part.count, joint: joint,
                    mayExtend: isFirst && joint == 0)
            }
            joint = OpRuns.nextSpan
            left &-= part.count
            last = part.version &+ part.count &- 1
            if table.isKept { table.appendDeletion(of: part.version..<last &+ 1) }
        }
        buffer.remove(range)
        return last
    }

    /// Notes that a patch accepts a suggestion.
    private mutating func note(_ suggestion: OpID, _ patch: TextPatch, from start: LocalVersion) {
        if patch.deleted > 0 {
            ops.append(OpRuns.Detail(version: start, accepts: suggestion))
        }
        if !patch.inserted.isEmpty {
            ops.append(
                OpRuns.Detail(version: start + patch.deleted, accepts: suggestion))
        }
    }

    /// Starts to keep the visible text, because somebody edits it here. O(n), once.
    mutating func keepText() {
        var text = TextBuffer()
        tree.forEachRun { run in
            guard !run.isHidden else { return }
            ops.forEachRun(in: run.first..<run.end) { index, part in
                let run = ops.runs[index]
                let first = Int(run.scalar) + part.lowerBound - run.start
                text.insert(from: ops.scalars, first..<first + part.count, at: text.count)
            }
        }
        buffer = text
        keepsText = true
    }
}

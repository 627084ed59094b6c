/// Who makes a change, and when.
public struct Author: Hashable, Sendable {
    /// The agent that this device writes with in this document.
    public var agent: AgentID
    /// The author's clock, in milliseconds since 1970.
    public var time: Int
    /// What the author has to say about the change.
    public var message: String?

    /// An author.
    public init(agent: AgentID, time: Int, message: String? = nil) {
        self.agent = agent
        self.time = time
        self.message = message
    }
}

/// Some text to stand where other text stood.
public struct TextEdit: Hashable, Sendable {
    /// The scalars to take out; empty to insert only.
    public var range: Range<Int>
    /// The scalars to put in their place; empty to delete only.
    public var replacement: [Unicode.Scalar]
    /// What of the replacement was moved: ascending and disjoint. Annotations follow it.
    public var moves: [Move] = []

    /// A part of a replacement that comes from elsewhere in the text.
    public struct Move: Hashable, Sendable {
        /// Where it is in the replacement, in scalars.
        public var part: Range<Int>
        /// Where it was in the text: as many scalars, the same ones, which the same change takes out.
        public var source: Range<Int>

        /// A part that comes from a range.
        public init(part: Range<Int>, source: Range<Int>) {
            self.part = part
            self.source = source
        }
    }

    /// An edit of a range of scalars.
    public init(_ range: Range<Int>, _ replacement: String) {
        self.range = range
        self.replacement = Array(replacement.unicodeScalars)
    }
}

extension Replica {
    /// Edits the text and gives the change that does it.
    ///
    /// - Parameters:
    ///   - edits: ascending and disjoint ranges of the text at `version`.
    ///   - version: the frontier of the text the edits were made on; the present one if `nil`. The
    ///     change depends on no more than that, so what came in meanwhile counts as concurrent.
    ///   - accepts: the suggestion that this change accepts.
    ///   - isTagged: whether equal edits made elsewhere meanwhile count as one with these. For edits
    ///     that were thought out as a whole, not for keystrokes.
    ///   - others: operations that the change makes after the edits.
    /// - Returns: the change, already taken in; `nil` if there is nothing to do.
    /// - Throws: ``ChangeError`` if a rule or limit stands against it; the replica is as it was.
    /// - Complexity: O(log n) for each edit; O(operations) more at an old version.
    public mutating func edit(
        _ edits: [TextEdit], at version: [OpID]? = nil, by author: Author, accepts: OpID? = nil,
        isTagged: Bool = false, followedBy others: [Op] = []
    ) throws(ChangeError) -> Change? {
        let edits = Replica.merged(edits)
        guard !edits.isEmpty else { return others.isEmpty ? nil : try commit(others, by: author) }
        let isPlain = others.isEmpty && !isTagged && edits.allSatisfy { $0.moves.isEmpty }
        guard version != nil || !isPlain else {
            try withDocument { document throws(ChangeError) in
                try document.edit(Replica.patches(edits), by: author, accepts: accepts)
            }
            return document.change(at: document.changeCount - 1)
        }
        let seen = (version ?? frontier).compactMap { document.version(of: $0) }
        let dependencies = document.dependencies(for: author.agent, following: seen)
        let next = OpID(agent: author.agent, seq: document.nextSeq(of: author.agent) - 1)
        let known = document.graph.history(
            of: seen + [document.version(of: next)].compactMap { $0 })
        let base = document.index(at: document.graph.history(of: seen))
        var ops: [Op] = []
        let sources = edits.flatMap { $0.moves.map(\.source) }
        for edit in edits {
            let start = OpID(
                agent: author.agent, seq: next.seq + 1 + ops.reduce(0) { $0 + $1.width })
            ops += self.ops(
                for: edit, in: base, known: known, accepts: accepts, isTagged: isTagged,
                moving: sources, from: start)
        }
        return try commit(ops + others, dependencies: dependencies, by: author)
    }

    /// Makes a change of ready operations, takes it in and gives it.
    ///
    /// - Throws: ``ChangeError`` if an operation is not right; the replica is as it was.
    public mutating func commit(_ ops: [Op], by author: Author) throws(ChangeError) -> Change {
        let dependencies = document.dependencies(
            for: author.agent, following: document.graph.frontier)
        return try commit(ops, dependencies: dependencies, by: author)
    }

    private mutating func commit(
        _ ops: [Op], dependencies: [OpID], by author: Author
    ) throws(ChangeError) -> Change {
        let change = Change(
            agent: author.agent, seq: document.nextSeq(of: author.agent),
            dependencies: dependencies, time: author.time, message: author.message, ops: ops)
        try integrate(change)
        return change
    }

    /// Ascending edits of one text as patches that follow one another.
    private static func patches(_ edits: [TextEdit]) -> [TextPatch] {
        var shift = 0
        return edits.map { edit in
            defer { shift += edit.replacement.count - edit.range.count }
            return TextPatch(
                position: edit.range.lowerBound + shift, deleted: edit.range.count,
                inserted: edit.replacement)
        }
    }

    /// Joins edits that touch, so that each gap of the text is written to once.
    private static func merged(_ edits: [TextEdit]) -> [TextEdit] {
        var merged: [TextEdit] = []
        for edit in edits where !(edit.range.isEmpty && edit.replacement.isEmpty) {
            if let last = merged.last {
                precondition(last.range.upperBound <= edit.range.lowerBound, "edits ascend")
                if last.range.upperBound == edit.range.lowerBound {
                    let shift = last.replacement.count
                    merged[merged.count - 1].range =
                        last.range.lowerBound..<edit.range.upperBound
                    merged[merged.count - 1].replacement += edit.replacement
                    merged[merged.count - 1].moves += edit.moves.map {
                        TextEdit.Move(
                            part: $0.part.lowerBound + shift..<$0.part.upperBound + shift,
                            source: $0.source)
                    }
                    continue
                }
            }
            merged.append(edit)
        }
        return merged
    }

    /// The operations of an edit.
    ///
    /// - Parameters:
    ///   - sources: what its change moves; new text does not replace that.
    ///   - start: the id of the first of them.
    private func ops(
        for edit: TextEdit, in base: TextIndex, known: VersionSet, accepts: OpID?, isTagged: Bool,
        moving sources: [Range<Int>], from start: OpID
    ) -> [Op] {
        let removed = base.versions(at: edit.range)
        let spans = removed.flatMap { document.spans(of: $0) }
        let replaced =
            sources.isEmpty
            ? spans
            : RangeSet(edit.range).subtracting(RangeSet(sources)).ranges
                .flatMap { base.versions(at: $0) }
                .flatMap { document.spans(of: $0) }
        var ops: [Op] = []
        if !spans.isEmpty { ops.append(.delete(Deletion(spans: spans, accepts: accepts))) }
        guard !edit.replacement.isEmpty else { return ops }
        let left: LocalVersion? =
            if let last = removed.last {
                last.upperBound - 1
            } else if edit.range.lowerBound > 0 {
                base.version(atOffset: edit.range.lowerBound - 1)
            } else { nil }
        let order = left.map { base.order(of: $0) + 1 } ?? 0
        let right = base.first(of: known, fromOrder: order).map { document.identity(of: $0) }
        let first = left.map { document.identity(of: $0) }
        var neighbour = first
        var seq = start.seq + (ops.first?.width ?? 0)
        for (number, (part, source)) in edit.parts.enumerated() {
            let from = source.map { base.versions(at: $0).flatMap { document.spans(of: $0) } } ?? []
            let text = Array(edit.replacement[part])
            let replaces = from.isEmpty ? replaced : []
            let tag =
                isTagged
                ? OpID.editTag(
                    between: first, and: right, part: number, text: text, replaces: replaces,
                    from: from) : nil
            ops.append(
                .insert(
                    Insertion(
                        left: neighbour, right: right, text: text, replaces: replaces,
                        from: OpSpan.joined(from), accepts: accepts ?? tag)))
            seq += part.count
            neighbour = OpID(agent: start.agent, seq: seq - 1)
        }
        return ops
    }
}

extension TextEdit {
    /// The replacement in parts that are new as a whole or come from one place as a whole.
    fileprivate var parts: [(part: Range<Int>, source: Range<Int>?)] {
        var parts: [(Range<Int>, Range<Int>?)] = []
        var end = 0
        for move in moves {
            precondition(
                move.part.lowerBound >= end && move.part.upperBound <= replacement.count
                    && move.part.count == move.source.count,
                "moves ascend within the replacement, and are as long as what they move")
            if end < move.part.lowerBound { parts.append((end..<move.part.lowerBound, nil)) }
            parts.append((move.part, move.source))
            end = move.part.upperBound
        }
        if end < replacement.count { parts.append((end..<replacement.count, nil)) }
        return parts
    }
}

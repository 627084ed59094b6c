/// What may drop out of a change that is made again.
public enum Droppable: Sendable {
    /// Nothing: it stands as it was, or not at all.
    case nothing
    /// That something which is gone was deleted, hidden or shown, or lost a tag.
    case deletions
    /// That, and that a conflict was answered which is gone. Its reason becomes the message of the
    /// change, if there is no other.
    case answers
}

extension Replica {
    /// Makes a change again under another agent, without what cannot stand: because the server
    /// refused something it builds on, or because this copy of the library is not the only one.
    ///
    /// Origins move to the nearest neighbour that is left.
    ///
    /// - Parameters:
    ///   - change: a change that is in `former` and not in this replica.
    ///   - former: the replica with everything that is refused.
    ///   - seen: operations of this replica that the author had seen besides the change's own
    ///     dependencies.
    ///   - author: the new agent.
    ///   - renaming: the new names so far; the change's own are added.
    ///   - droppable: what the change may be without.
    ///   - retarget: where an annotation stands from now on; `nil` if it cannot stand anywhere.
    /// - Returns: the new change, taken in; `nil` if nothing is left of it, or not enough.
    public mutating func reauthor(
        _ change: Change, from former: Replica, seen: [OpID], by author: Author,
        renaming: inout Renaming, droppable: Droppable, retarget: (Target) -> Target?
    ) throws(ChangeError) -> Change? {
        let known = seen.compactMap { document.version(of: $0) }
        var draft = Draft(
            former: former, retired: change.agent, renaming: renaming,
            next: document.nextSeq(of: author.agent), agent: author.agent,
            droppable: droppable)
        var heads = known
        if draft.next > 0 {
            let own = OpID(agent: author.agent, seq: draft.next - 1)
            if let version = document.version(of: own) { heads.append(version) }
        }
        let history = document.graph.history(of: heads)
        let index = document.textIndex
        var seq = change.seq
        for op in change.ops {
            draft.add(op, at: seq, in: self, index: index, known: history, retarget: retarget)
            seq += op.width
        }
        guard !draft.ops.isEmpty, draft.isEnough else { return nil }
        let remade = Change(
            agent: author.agent, seq: document.nextSeq(of: author.agent),
            dependencies: document.dependencies(for: author.agent, following: known),
            time: change.time, message: change.message ?? draft.reason, ops: draft.ops)
        try integrate(remade)
        renaming = draft.renaming
        return remade
    }

    /// The operations of a change being made again.
    private struct Draft {
        let former: Replica
        /// Who made the change.
        let retired: AgentID
        var renaming: Renaming
        var ops: [Op] = []
        /// The number of the next new operation.
        var next: Int
        let agent: AgentID
        let droppable: Droppable
        /// Whether nothing has dropped that may not.
        var isEnough = true
        /// The reason of an answer that dropped.
        var reason: String?

        mutating func add(
            _ op: Op, at seq: Int, in replica: Replica, index: TextIndex, known: VersionSet,
            retarget: (Target) -> Target?
        ) {
            switch op {
            case .insert(let insertion):
                keep(.insert(moved(insertion, in: replica, index: index, known: known)), from: seq)
            case .delete(let deletion):
                keep(deletion, from: seq)
                if !deletion.spans.allSatisfy(isThere) { drop(op) }
            case .visibility(let visibility):
                let marks = visibility.marks.flatMap { mark in
                    renaming.spans(mark.span).flatMap { replica.marks(for: $0) }
                }
                if !marks.isEmpty { keep(.visibility(Visibility(marks: marks)), from: seq) }
                if visibility.marks.contains(where: { !isThere($0.span) }) { drop(op) }
            default:
                if let op = op.renamed(renaming, retarget: retarget) {
                    keep(op, from: seq)
                } else {
                    drop(op)
                }
            }
        }

        private mutating func drop(_ op: Op) {
            switch op {
            case .delete, .visibility, .removeTag: isEnough = isEnough && droppable != .nothing
            case .resolve(let answer) where droppable == .answers: reason = reason ?? answer.why
            default: isEnough = false
            }
        }

        /// Whether all operations of a span have names.
        private func isThere(_ span: OpSpan) -> Bool {
            renaming.spans(span).reduce(0) { $0 + $1.count } == span.count
        }

        private mutating func keep(_ op: Op, from seq: Int) {
            for offset in 0..<op.width {
                renaming.name(
                    OpID(agent: retired, seq: seq + offset),
                    OpID(agent: agent, seq: next + offset))
            }
            next += op.width
            ops.append(op)
        }

        private mutating func keep(_ deletion: Deletion, from seq: Int) {
            var kept: [OpSpan] = []
            var old = seq
            for span in deletion.spans {
                for target in span.start.seq..<span.endSeq {
                    let id = OpID(agent: span.start.agent, seq: target)
                    if let name = renaming(id) {
                        kept.append(OpSpan(start: name, count: 1))
                        renaming.name(
                            OpID(agent: retired, seq: old), OpID(agent: agent, seq: next))
                        next += 1
                    }
                    old += 1
                }
            }
            guard !kept.isEmpty else { return }
            ops.append(.delete(Deletion(spans: OpSpan.joined(kept), accepts: deletion.accepts)))
        }

        /// The insertion after its nearest neighbour that is left and that its author knew.
        private func moved(
            _ insertion: Insertion, in replica: Replica, index: TextIndex, known: VersionSet
        ) -> Insertion {
            var moved = insertion
            moved.left = nil
            var candidate = insertion.left.flatMap { former.document.version(of: $0) }
            let formerIndex = former.document.textIndex
            while let version = candidate {
                if let name = renaming(former.document.identity(of: version)),
                    name.agent == agent
                        || replica.document.version(of: name).map(known.contains) == true
                {
                    moved.left = name
                    break
                }
                let order = formerIndex.order(of: version)
                candidate = order > 0 ? formerIndex.version(atOrder: order - 1) : nil
            }
            moved.replaces = insertion.replaces.flatMap { renaming.spans($0) }
            let from = insertion.from.flatMap { renaming.spans($0) }
            let isWhole = from.reduce(0) { $0 + $1.count } == insertion.scalarCount
            moved.from = isWhole ? OpSpan.joined(from) : []
            // An operation of this very change is behind its left neighbour, with nothing known
            // between that one and what follows in the text as it is.
            var anchor = moved.left
            while let id = anchor, id.agent == agent, replica.document.version(of: id) == nil {
                anchor = leftNeighbour(of: id)
            }
            let order = anchor.flatMap { replica.document.version(of: $0) }.map {
                index.order(of: $0) + 1
            }
            moved.right = index.first(of: known, fromOrder: order ?? 0).map {
                replica.document.identity(of: $0)
            }
            return moved
        }

        /// What an operation of the change being made stands behind.
        private func leftNeighbour(of id: OpID) -> OpID? {
            var seq = next
            for op in ops.reversed() {
                seq -= op.width
                if id.seq >= seq, case .insert(let insertion) = op { return insertion.left }
            }
            return nil
        }
    }

    /// Marks that flip a span: one more than what is known here, for each run of equal counts.
    fileprivate func marks(for span: OpSpan) -> [Visibility.Mark] {
        (document.versions(of: span) ?? []).flatMap { range in
            range.flatMap { version in
                document.spans(of: version..<version + 1).map {
                    Visibility.Mark(
                        span: $0, count: Int(document.table.undoCount(of: version)) + 1)
                }
            }
        }
    }
}

extension OpSpan {
    /// Joins spans that follow one another.
    static func joined(_ spans: [OpSpan]) -> [OpSpan] {
        var joined: [OpSpan] = []
        for span in spans {
            if let last = joined.last, last.start.agent == span.start.agent,
                last.endSeq == span.start.seq
            {
                joined[joined.count - 1] = OpSpan(start: last.start, count: last.count + span.count)
            } else {
                joined.append(span)
            }
        }
        return joined
    }
}

extension Replica {
    /// The operations that take changes back, as things stand now.
    ///
    /// Text comes back, or goes, by the same ids, each at most once: what somebody else took back
    /// already stays taken back. A field gets the value it had before, unless somebody has written
    /// it since; a value that somebody else wrote beside it stands. What a change made is withdrawn.
    /// Applied to a change that took another back, it brings that one's effect back.
    ///
    /// - Parameters:
    ///   - changes: changes of this document, to be taken back together.
    ///   - isStep: whether an operation was made by taking something back or bringing it back here:
    ///     a value that it restored counts as the one it restored.
    /// - Returns: the operations; empty if nothing of it stands any more.
    public func inverse(
        of changes: [Change], isStep: (OpID) -> Bool = { _ in false }
    ) -> [Op] {
        var flips = Flips()
        for change in changes {
            forEachOp(of: change) { op, id in flips.takeBack(op, id: id, in: document) }
        }
        var ops: [Op] = []
        var fields = WrittenFields(changes)
        for change in changes.reversed() {
            var seq = change.endSeq
            for op in change.ops.reversed() {
                seq -= op.width
                let id = OpID(agent: change.agent, seq: seq)
                if case .write(let write) = op {
                    guard let writes = fields.take(write) else { continue }
                    ops += inverse(of: writes, among: fields, isStep: isStep)
                } else {
                    ops += inverse(of: op, id: id, isStep: isStep)
                }
            }
        }
        let marks = flips.marks(in: self)
        return marks.isEmpty ? ops : [.visibility(Visibility(marks: marks))] + ops
    }

    /// The operation that lets the text edits of a change stand again that are undone; `nil` if all
    /// of them stand.
    public func reinstatement(of change: Change) -> Op? {
        var flips = Flips()
        forEachOp(of: change) { op, id in
            switch op {
            case .insert, .delete:
                flips.add(OpSpan(start: id, count: op.width), isUndone: false, in: document)
            default: break
            }
        }
        let marks = flips.marks(in: self)
        return marks.isEmpty ? nil : .visibility(Visibility(marks: marks))
    }

    func forEachOp(of change: Change, _ body: (Op, OpID) -> Void) {
        var seq = change.seq
        for op in change.ops {
            body(op, OpID(agent: change.agent, seq: seq))
            seq += op.width
        }
    }

    /// The marks that undo some operations, or redo those that are undone.
    func marks(flipping operations: [Range<LocalVersion>]) -> [Visibility.Mark] {
        var flips = Flips()
        for version in operations.joined() {
            flips.add(version..<version + 1, isUndone: !document.table.isUndone(version))
        }
        return flips.marks(in: self)
    }

    /// Those of some operations that are undone, or those that are not.
    func operations(
        in ranges: [Range<LocalVersion>], undone isUndone: Bool
    ) -> [Range<LocalVersion>] {
        ranges.joined().filter { document.table.isUndone($0) == isUndone }.map { $0..<$0 + 1 }
    }

    private func inverse(of op: Op, id: OpID, isStep: (OpID) -> Bool) -> [Op] {
        switch op {
        case .annotate, .reply, .resolve:
            return isWithdrawn(id) ? [] : [write(.withdrawn, to: .life, of: id)]
        case .addTag(let addition):
            let additions = document.entity(addition.annotation)?.additions(of: addition.tag) ?? []
            let own = additions.filter { $0 == id || isStep($0) }.sorted()
            guard !own.isEmpty else { return [] }
            return [
                .removeTag(
                    TagRemoval(
                        annotation: addition.annotation, tag: addition.tag, additions: own))
            ]
        case .removeTag(let removal):
            let present = document.entity(removal.annotation)?.additions(of: removal.tag) ?? []
            guard present.isEmpty else { return [] }
            return [.addTag(TagAddition(annotation: removal.annotation, tag: removal.tag))]
        case .insert, .delete, .visibility, .write, .unknown:
            return []
        }
    }

    /// Takes writes of one field back.
    ///
    /// - Parameters:
    ///   - writes: writes of one field.
    ///   - fields: all that is taken back together with them.
    private func inverse(
        of writes: [WrittenFields.Entry], among fields: WrittenFields, isStep: (OpID) -> Bool
    ) -> [Op] {
        guard let last = writes.last?.write else { return [] }
        let register = document.register(of: last.entity, last.field)
        let standing = writes.filter { entry in
            register.heads.contains {
                $0.id == entry.id || isStep($0.id) && $0.value == entry.write.value
            }
        }
        guard !standing.isEmpty else { return [] }
        // Who wrote the same in the place of the same wanted the same: one thing to take back.
        let isOwn = { (head: Register.Entry) in
            fields.holds(head.id)
                || standing.contains { entry in
                    entry.write.value == head.value
                        && entry.write.replaces.allSatisfy { register.follows(head.id, $0) }
                }
        }
        let others = register.heads.filter { !isOwn($0) }
        let replaces = register.heads.filter(isOwn).map(\.id).sorted()
        return standingBefore(writes, among: fields, in: register, beside: others).map {
            .write(Write(entity: last.entity, field: last.field, value: $0, replaces: replaces))
        }
    }

    /// What stood in a field before some writes: one value, or, if they settled a disagreement, each
    /// of those, so that taking them back asks the question again. What others wrote in its place
    /// does not come back.
    private func standingBefore(
        _ writes: [WrittenFields.Entry], among fields: WrittenFields, in register: Register,
        beside others: [Register.Entry]
    ) -> [Value] {
        let replaced = Set(writes.flatMap(\.write.replaces)).filter { id in
            !fields.holds(id) && !others.contains { register.follows($0.id, id) }
        }
        var values: [Value] = []
        for entry in replaced.compactMap({ register.write($0) })
            .sorted(by: { document.precedes($0.id, $1.id) })
        where !values.contains(entry.value) {
            values.append(entry.value)
        }
        // Nobody can withdraw again without having seen the edits that stood against it, so the
        // question whether it is to be comes back as the two values, kept showing.
        if others.isEmpty, writes.contains(where: { !touchesDecided(by: $0.write, $0.id).isEmpty })
        {
            return [.withdrawn, .active]
        }
        guard values.isEmpty else { return values }
        return [others.last?.value ?? Replica.initialValue(of: writes[0].write.field)]
    }

    /// What a field holds before anybody writes to it.
    private static func initialValue(of field: Field) -> Value {
        switch field {
        case .status, .verdict: .open
        case .life: .active
        default: .none
        }
    }

    private func isWithdrawn(_ id: OpID) -> Bool { document.isWithdrawn(id) }

    /// A write of a field that replaces all that stands in it.
    public func write(
        _ value: Value, to field: Field, of entity: OpID? = nil, why: String? = nil
    ) -> Op {
        let heads = document.register(of: entity, field).heads.map(\.id).sorted()
        return .write(
            Write(entity: entity, field: field, value: value, replaces: heads, why: why))
    }

    /// The operation that takes a tag off an annotation, or `nil` if it has no such tag.
    public func removal(ofTag tag: String, from annotation: OpID) -> Op? {
        guard let additions = document.entity(annotation)?.additions(of: tag), !additions.isEmpty
        else {
            return nil
        }
        return .removeTag(
            TagRemoval(annotation: annotation, tag: tag, additions: additions.sorted()))
    }
}

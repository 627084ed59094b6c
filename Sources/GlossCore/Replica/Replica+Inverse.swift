extension Replica {
    /// The operations that take a change back, as things stand now.
    ///
    /// Text comes back, or goes, by the same ids. A field gets the value it had before, unless
    /// somebody has written it since; what the change made is withdrawn. Applied to a change that
    /// took another back, it brings that one's effect back.
    ///
    /// - Parameter changes: changes of this document, to be taken back together.
    /// - Returns: the operations; empty if nothing of it stands any more.
    public func inverse(of changes: [Change]) -> [Op] {
        var flips = Flips()
        var ops: [Op] = []
        for change in changes.reversed() {
            var seq = change.endSeq
            for op in change.ops.reversed() {
                seq -= op.width
                let id = OpID(agent: change.agent, seq: seq)
                switch op {
                case .insert, .delete:
                    flips.add(OpSpan(start: id, count: op.width), in: document)
                case .visibility(let visibility):
                    for mark in visibility.marks { flips.add(mark.span, in: document) }
                default:
                    ops += inverse(of: op, id: id)
                }
            }
        }
        let marks = flips.marks(in: self)
        return marks.isEmpty ? ops : [.visibility(Visibility(marks: marks))] + ops
    }

    /// Operations whose undo counts go up by one.
    private struct Flips {
        var ranges: [Range<LocalVersion>] = []

        mutating func add(_ span: OpSpan, in document: borrowing Document) {
            ranges += document.versions(of: span) ?? []
        }

        /// One mark for each run of equal counts. An operation named twice flips once.
        func marks(in replica: Replica) -> [Visibility.Mark] {
            var marks: [Visibility.Mark] = []
            for range in VersionSet(ranges).ranges {
                var start = range.lowerBound
                while start < range.upperBound {
                    let count = replica.document.table.undoCount(of: start)
                    var end = start + 1
                    while end < range.upperBound, replica.document.table.undoCount(of: end) == count
                    {
                        end += 1
                    }
                    marks += replica.document.spans(of: start..<end)
                        .map { Visibility.Mark(span: $0, count: Int(count) + 1) }
                    start = end
                }
            }
            return marks
        }
    }

    /// The marks that undo some operations, or redo those that are undone.
    func marks(flipping operations: [Range<LocalVersion>]) -> [Visibility.Mark] {
        Flips(ranges: operations).marks(in: self)
    }

    /// Those of some operations that are undone, or those that are not.
    func operations(
        in ranges: [Range<LocalVersion>], undone isUndone: Bool
    ) -> [Range<LocalVersion>] {
        ranges.joined().filter { document.table.isUndone($0) == isUndone }.map { $0..<$0 + 1 }
    }

    private func inverse(of op: Op, id: OpID) -> [Op] {
        switch op {
        case .write(let write):
            let register = document.store.register(of: write.entity, write.field)
            guard register.heads.contains(where: { $0.id == id }) else { return [] }
            return standingBefore(write, in: register).map { value in
                .write(
                    Write(
                        entity: write.entity, field: write.field, value: value,
                        replaces: register.heads.map(\.id).sorted()))
            }
        case .annotate, .reply, .resolve:
            return isWithdrawn(id) ? [] : [write(.withdrawn, to: .life, of: id)]
        case .addTag(let addition):
            guard
                document.store[addition.annotation]?.additions(of: addition.tag).contains(id)
                    == true
            else { return [] }
            return [
                .removeTag(
                    TagRemoval(
                        annotation: addition.annotation, tag: addition.tag, additions: [id]))
            ]
        case .removeTag(let removal):
            return [.addTag(TagAddition(annotation: removal.annotation, tag: removal.tag))]
        case .insert, .delete, .visibility, .unknown:
            return []
        }
    }

    /// What stood in a field before a write: one value, or, if the write settled a disagreement, each
    /// of those, so that taking it back asks the question again.
    private func standingBefore(_ write: Write, in register: Register) -> [Value] {
        let replaced = write.replaces.compactMap { register.write($0) }
            .sorted { document.precedes($0.id, $1.id) }.map(\.value)
        var values: [Value] = []
        for value in replaced where !values.contains(value) { values.append(value) }
        return values.isEmpty ? [Replica.initialValue(of: write.field)] : values
    }

    /// What a field holds before anybody writes to it.
    private static func initialValue(of field: Field) -> Value {
        switch field {
        case .status, .verdict: .open
        case .life: .active
        default: .none
        }
    }

    private func isWithdrawn(_ id: OpID) -> Bool { document.store[id]?.isWithdrawn ?? false }

    /// A write of a field that replaces all that stands in it.
    public func write(
        _ value: Value, to field: Field, of entity: OpID? = nil, why: String? = nil
    ) -> Op {
        let heads = document.store.register(of: entity, field).heads.map(\.id).sorted()
        return .write(
            Write(entity: entity, field: field, value: value, replaces: heads, why: why))
    }

    /// The operation that takes a tag off an annotation, or `nil` if it has no such tag.
    public func removal(ofTag tag: String, from annotation: OpID) -> Op? {
        guard let additions = document.store[annotation]?.additions(of: tag), !additions.isEmpty
        else {
            return nil
        }
        return .removeTag(
            TagRemoval(annotation: annotation, tag: tag, additions: additions.sorted()))
    }
}

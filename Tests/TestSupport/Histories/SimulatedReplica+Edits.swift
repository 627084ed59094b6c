public import GlossCore

/// Operations as a writer would make them from what shows here. None of these does anything yet.
extension SimulatedReplica {
    /// Text typed at an offset of the text that shows: right behind the character in front of it.
    public func insertion(of text: String, at offset: Int) -> Op {
        insertion(of: text, after: offset == 0 ? nil : list.visibleIDs[offset - 1])
    }

    /// Text typed right behind a character, which may be a hidden one, or at the start.
    public func insertion(
        of text: String, after left: OpID?, replacing replaced: [OpID] = [],
        accepting suggestion: OpID? = nil
    ) -> Op {
        .insert(
            Insertion(
                left: left, right: list.successor(of: left), text: Array(text.unicodeScalars),
                replaces: OpSpan.grouping(replaced), accepts: suggestion))
    }

    /// A deletion of what shows in a range of offsets.
    public func deletion(of range: Range<Int>) -> Op {
        deletion(of: Array(list.visibleIDs[range]))
    }

    /// The same, from its end on, as by backspacing.
    public func backspacing(over range: Range<Int>) -> Op {
        deletion(of: list.visibleIDs[range].reversed())
    }

    /// A deletion of characters in the given order.
    public func deletion(of ids: [OpID], accepting suggestion: OpID? = nil) -> Op {
        .delete(Deletion(spans: OpSpan.grouping(ids), accepts: suggestion))
    }

    /// What undoes a change, or redoes it where it is undone already: the next count for each of
    /// its insertions and deletions of characters. `nil` if it has none.
    public func toggling(_ change: Change) -> Op? {
        toggling(SimulatedReplica.characterOps(of: change))
    }

    /// The next count for each of the given operations, known here. `nil` if there are none.
    public func toggling(_ ops: [OpID]) -> Op? {
        var marks: [Visibility.Mark] = []
        for op in ops {
            let count = list.ledger.count(of: op) + 1
            if let last = marks.last, last.count == count, last.span.start.agent == op.agent,
                last.span.endSeq == op.seq
            {
                let span = OpSpan(start: last.span.start, count: last.span.count + 1)
                marks[marks.count - 1].span = span
            } else {
                marks.append(Visibility.Mark(span: OpSpan(start: op, count: 1), count: count))
            }
        }
        return marks.isEmpty ? nil : .visibility(Visibility(marks: marks))
    }

    /// The ids of a change's insertions and deletions of characters, in order.
    public static func characterOps(of change: Change) -> [OpID] {
        var ids: [OpID] = []
        var id = change.id
        for op in change.ops {
            switch op {
            case .insert, .delete: ids += OpSpan(start: id, count: op.width).ids
            case .visibility, .write, .annotate, .reply, .addTag, .removeTag, .resolve, .unknown:
                break
            }
            id = id.advanced(by: op.width)
        }
        return ids
    }
}

/// The writes of some changes, by the field they are of.
struct WrittenFields {
    /// One write.
    struct Entry {
        let id: OpID
        let write: Write
    }

    private struct Key: Hashable {
        let entity: OpID?
        let field: Field
    }

    private var writes: [Key: [Entry]] = [:]
    private let spans: [AgentID: [Range<Int>]]

    init(_ changes: [Change]) {
        var spans: [AgentID: [Range<Int>]] = [:]
        for change in changes {
            spans[change.agent, default: []].append(change.seq..<change.endSeq)
            var seq = change.seq
            for op in change.ops {
                if case .write(let write) = op {
                    let entry = Entry(id: OpID(agent: change.agent, seq: seq), write: write)
                    writes[Key(entity: write.entity, field: write.field), default: []]
                        .append(entry)
                }
                seq += op.width
            }
        }
        self.spans = spans
    }

    /// Whether one of the changes made an operation.
    func holds(_ id: OpID) -> Bool {
        spans[id.agent]?.contains { $0.contains(id.seq) } ?? false
    }

    /// All writes of the field that a write is of, in their order; `nil` if they were taken already.
    mutating func take(_ write: Write) -> [Entry]? {
        writes.removeValue(forKey: Key(entity: write.entity, field: write.field))
    }
}

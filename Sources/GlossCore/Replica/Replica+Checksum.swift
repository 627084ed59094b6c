extension Replica {
    /// A hash of the state that the changes lead to: equal on all replicas that hold the same ones.
    ///
    /// It covers ids, order and visibility of all characters and every register value that stands.
    /// The exact bytes are in Protocol/conflicts.md.
    ///
    /// - Complexity: O(runs + entities)
    public var stateChecksum: UInt64 {
        var sum = Hash64()
        hashText(into: &sum)
        hash(fields: document.store.fields, into: &sum)
        for entity in document.entities().sorted(by: { $0.id < $1.id }) {
            hash(entity, into: &sum)
        }
        return sum.finalize()
    }

    private func hash(_ entity: Entity, into hash: inout Hash64) {
        hash.combine(entity.id)
        if entity.edits.fields.isEmpty {
            // As below, for what most entities are: as they were made.
            let values = entity.kind.values
            hash.combine(values.count)
            for (field, value) in values {
                hash.combine(field.rawValue)
                hash.combine(entity.id)
                Replica.hash(value, into: &hash)
            }
        } else {
            self.hash(fields: entity.fields, into: &hash)
        }
        let tags = entity.tagAdditions.sorted { $0.key < $1.key }
        hash.combine(tags.count)
        for (tag, additions) in tags {
            hash.combine(tag.text)
            for id in additions.sorted() { hash.combine(id) }
        }
    }

    /// Runs of consecutive ids with one visibility, as long as they go, however they are stored.
    private func hashText(into hash: inout Hash64) {
        var pending: (span: OpSpan, isVisible: Bool)?
        func flush(_ hash: inout Hash64) {
            guard let (span, isVisible) = pending else { return }
            hash.combine(span.start)
            hash.combine(span.count)
            hash.combine(byte: isVisible ? 1 : 0)
        }
        document.tree.forEachRun { run in
            let isVisible = !run.isHidden
            for span in document.spans(of: run.first..<run.end) {
                if let last = pending, last.isVisible == isVisible,
                    last.span.start.agent == span.start.agent, last.span.endSeq == span.start.seq
                {
                    let joined = OpSpan(
                        start: last.span.start, count: last.span.count + span.count)
                    pending = (joined, isVisible)
                } else {
                    flush(&hash)
                    pending = (span, isVisible)
                }
            }
        }
        flush(&hash)
    }

    private func hash(fields: [Field: Register], into hash: inout Hash64) {
        let heads = fields.filter { !$0.value.heads.isEmpty }
        hash.combine(heads.count)
        for (field, register) in heads.sorted(by: { $0.key < $1.key }) {
            hash.combine(field.rawValue)
            for head in register.heads.sorted(by: { $0.id < $1.id }) {
                hash.combine(head.id)
                Replica.hash(head.value, into: &hash)
            }
        }
    }

    private static func hash(_ value: Value, into hash: inout Hash64) {
        switch value {
        case .none: hash.combine(byte: 0)
        case .text(let text):
            hash.combine(byte: 1)
            hash.combine(text)
        case .target(let target):
            hash.combine(byte: 2)
            Replica.hash(target, into: &hash)
        case .check(let check):
            hash.combine(byte: 3)
            Replica.hash(check.target, into: &hash)
            hash.combine(check.verdict.rawValue)
            hash.combine(check.remark ?? "")
            hash.combine(check.evidence.count)
            for entry in check.evidence {
                for text in [entry.source, entry.link, entry.page, entry.time] {
                    hash.combine(text ?? "")
                }
            }
        }
    }

    private static func hash(_ target: Target, into hash: inout Hash64) {
        for range in target.ranges {
            hash.combine(range.start.id)
            hash.combine(byte: UInt8(range.start.side.rawValue))
            hash.combine(range.end.id)
            hash.combine(byte: UInt8(range.end.side.rawValue))
        }
        hash.combine(target.quote.exact)
    }
}

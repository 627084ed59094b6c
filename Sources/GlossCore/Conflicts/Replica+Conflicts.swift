extension Replica {
    /// The open questions of this document alone, ascending by id: all kinds but those about
    /// anchors and verdicts, which need the article and its annotations together (see
    /// ``AnnotatedArticle``).
    ///
    /// - Complexity: O(entities), and for text O(concurrent pairs of changes).
    public var conflicts: [Conflict] {
        let answered = resolutionsByEntry
        var conflicts = valueConflicts(of: nil, answered)
        // What nobody has edited since it was made is in no question of this document alone.
        let disputed = document.editedNotes { edits in
            edits.isWithdrawn || edits.fields.values.contains { $0.isContested }
        }
        for entity in disputed {
            conflicts += valueConflicts(of: entity, answered)
            if let conflict = lifeConflict(of: entity) { conflicts.append(conflict) }
        }
        if kind == .article { conflicts += textConflicts + textResolutionConflicts }
        return conflicts.sorted { $0.id < $1.id }
    }

    private func valueConflicts(
        of entity: Entity?, _ answered: [Int: [Resolution]]
    ) -> [Conflict] {
        let fields = entity?.edits.fields ?? document.store.fields
        let contested = fields.filter { $0.value.isContested }
        return contested.keys.sorted().map { field in
            let register = contested[field, default: Register()]
            return valueConflict(of: entity?.id, field, register, register.heads, answered)
        }
    }

    /// The question that some writes of a field make; one about answers, if they answer another.
    ///
    /// - Parameters:
    ///   - writes: in ascending order of time.
    ///   - answered: ``resolutionsByEntry``.
    func valueConflict(
        of entity: OpID?, _ field: Field, _ register: Register, _ writes: [Register.Entry],
        _ answered: [Int: [Resolution]]
    ) -> Conflict {
        let question = commonQuestion(of: writes, answered)
        let kind: ConflictKind = question == nil ? .value : .resolution
        let heads = writes.map(\.id)
        let base = base(of: register, before: question ?? heads)
        var versions: [Conflict.Version] = []
        for head in writes where !versions.contains(where: { $0.value == head.value }) {
            let same = writes.filter { $0.value == head.value }
            versions.append(
                Conflict.Version(
                    content: Replica.describe(head.value), operations: same.map(\.id),
                    why: same.lazy.compactMap(\.why).first, value: head.value))
        }
        return Conflict(
            id: ConflictID(
                kind: kind, document: id, about: entity.map { [$0] } ?? [], field: field,
                versions: heads),
            kind: kind, document: id,
            subject: entity.map { .entityField($0, field) } ?? .field(field),
            base: base.map { Replica.describe($0.value) }, versions: versions,
            shown: register.value.map { Replica.describe($0) } ?? "", settles: heads.sorted(),
            baseOperation: base?.id)
    }

    /// The last write that every one of some operations followed, if there is one.
    private func base(of register: Register, before ids: [OpID]) -> Register.Entry? {
        let heads = ids.compactMap { document.version(of: $0) }
        let common = register.writes.filter { write in
            guard let version = document.version(of: write.id), !heads.contains(version) else {
                return false
            }
            return heads.allSatisfy { document.graph.contains(version, inHistoryOf: $0) }
        }
        return common.max { document.precedes($0.id, $1.id) }
    }

    private func lifeConflict(of entity: Entity) -> Conflict? {
        guard entity.isWithdrawn else { return nil }
        let touches = concurrentTouches(of: entity)
        guard !touches.isEmpty else { return nil }
        let withdrawals = entity.register(.life).heads.filter { $0.value == .withdrawn }
        return lifeConflict(of: entity, withdrawals, touches)
    }

    /// The question that withdrawals of an entity and touches make, both in ascending order of time
    /// and not empty.
    func lifeConflict(
        of entity: Entity, _ withdrawals: [Register.Entry], _ touches: [OpID]
    ) -> Conflict {
        let withdrawn = Conflict.Version(
            content: "withdrawn", operations: withdrawals.map(\.id),
            why: withdrawals.lazy.compactMap(\.why).first, value: .withdrawn)
        let kept = Conflict.Version(
            content: touches.map { describeTouch($0) }.joined(separator: "; "),
            operations: touches, why: nil, value: .active)
        let isWithdrawnFirst = document.precedes(withdrawals[0].id, touches[0])
        let ids = withdrawals.map(\.id) + touches
        return Conflict(
            id: ConflictID(
                kind: .deleteEdit, document: id, about: [entity.id], field: nil, versions: ids),
            kind: .deleteEdit, document: id, subject: .entity(entity.id),
            base: entity.text(.body),
            versions: isWithdrawnFirst ? [withdrawn, kept] : [kept, withdrawn],
            shown: "kept", settles: ids.sorted(),
            baseOperation: entity.register(.body).shown?.id)
    }

    /// What an operation did to an entity, in a few words.
    private func describeTouch(_ id: OpID) -> String {
        guard let change = log.entry(of: id)?.change else { return "" }
        var seq = change.seq
        for op in change.ops {
            if seq == id.seq {
                switch op {
                case .reply(let reply): return "answered: \(reply.body)"
                case .write(let write):
                    return "\(write.field.rawValue) set to: \(Replica.describe(write.value))"
                case .addTag(let addition): return "tagged \(addition.tag)"
                case .removeTag(let removal): return "tag \(removal.tag) taken off"
                default: return "edited"
                }
            }
            seq += op.width
        }
        return ""
    }

    static func describe(_ value: Value) -> String {
        switch value {
        case .none: ""
        case .text(let text): text
        case .target(let target): target.quote.exact
        case .check(let check): check.summary
        }
    }
}

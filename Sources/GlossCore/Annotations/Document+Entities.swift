/// Annotations, replies and resolutions.
extension Document {
    // MARK: Finding

    /// Where the operation that made an entity stands in ``OpRuns/others``; `nil` if it made none.
    /// O(log n).
    func entityIndex(of id: OpID) -> Int? {
        guard let version = version(of: id), let index = ops.others.index(at: version) else {
            return nil
        }
        switch ops.others.form(of: index) {
        case OpForm.annotate, OpForm.reply, OpForm.resolve: return index
        default: return nil
        }
    }

    /// The entity made by an operation. O(log n), and O(n) in what it was made with.
    func entity(_ id: OpID) -> Entity? { entityIndex(of: id).flatMap { entity(at: $0) } }

    /// The entity made by an operation of ``OpRuns/others``.
    private func entity(at index: Int) -> Entity? {
        Entity.Kind(ops.others[index]).map {
            Entity(
                id: identity(of: ops.others.version(of: index)), kind: $0,
                edits: store.edits[index] ?? EntityEdits())
        }
    }

    /// The entities that operations of some kinds made, in the order they came.
    ///
    /// - Parameters:
    ///   - forms: some of ``OpForm/makers``.
    ///   - isWanted: says so of what was done to one since, before what it was made with is looked at.
    func entities(
        madeBy forms: [UInt8] = OpForm.makers,
        where isWanted: (EntityEdits?) -> Bool = { _ in true }
    ) -> [Entity] {
        (0..<ops.others.count).compactMap { index in
            forms.contains(ops.others.form(of: index)) && isWanted(store.edits[index])
                ? entity(at: index) : nil
        }
    }

    /// The resolutions that nobody has withdrawn, in the order they came.
    var standingResolutions: [Entity] {
        entities(madeBy: [OpForm.resolve]) { $0.map { !$0.isWithdrawn } ?? true }
    }

    /// The annotations and replies of whose edits something is true, in the order they came. O(e log e)
    /// in the entities that were ever edited.
    func editedNotes(where isWanted: (EntityEdits) -> Bool = { _ in true }) -> [Entity] {
        store.edits.compactMap { isWanted($0.value) ? $0.key : nil }.sorted().compactMap { index in
            ops.others.form(of: index) == OpForm.resolve ? nil : entity(at: index)
        }
    }

    /// A field of the document or of an entity. O(log n), and as ``entity(_:)`` if nobody has written
    /// to it since that was made.
    func register(of entity: OpID?, _ field: Field) -> Register {
        guard let entity else { return store.fields[field] ?? Register() }
        return entityIndex(of: entity).map { register(at: $0, field) } ?? Register()
    }

    private func register(at index: Int, _ field: Field) -> Register {
        if let register = store.edits[index]?.fields[field] { return register }
        guard field == .body || field == .target || field == .proposal else { return Register() }
        return Entity.Kind(ops.others[index])?
            .register(field, of: identity(of: ops.others.version(of: index))) ?? Register()
    }

    /// Whether an entity's life shows as withdrawn. O(log n).
    func isWithdrawn(_ entity: OpID) -> Bool {
        entityIndex(of: entity).flatMap { store.edits[$0] }?.isWithdrawn ?? false
    }

    /// The replies to an annotation, in the order they came. O(log n) for each thing done to it.
    func replies(to annotation: OpID) -> [Entity] {
        guard let edits = entityIndex(of: annotation).flatMap({ store.edits[$0] }) else {
            return []
        }
        return edits.touches.compactMap { touch in
            entityIndex(of: touch).flatMap {
                ops.others.form(of: $0) == OpForm.reply ? entity(at: $0) : nil
            }
        }
    }

    // MARK: Judging

    /// Throws `invalid_op` unless everything an operation names is there and of the right kind.
    ///
    /// - Parameter isKnown: whether an operation is in the author's history.
    mutating func check(
        _ op: Op, isKnown: (inout Document, OpID) -> Bool
    ) throws(ChangeError) {
        switch op {
        case .write(let write): try check(write, isKnown: isKnown)
        case .reply(let reply): try checkAnnotation(reply.annotation, isKnown: isKnown)
        case .addTag(let addition): try checkAnnotation(addition.annotation, isKnown: isKnown)
        case .removeTag(let removal):
            try checkAnnotation(removal.annotation, isKnown: isKnown)
            for addition in removal.additions where !isKnown(&self, addition) {
                throw ChangeError(.invalidOp, "a tag's addition is not in the author's history")
            }
        case .resolve(let resolution):
            // What answers about places and verdicts settle stands in the article, out of sight here.
            if resolution.kind == .anchor || resolution.kind == .verdict { return }
            for settled in resolution.settles where !isKnown(&self, settled) {
                throw ChangeError(.invalidOp, "a resolution settles what its author did not know")
            }
        case .annotate, .unknown, .insert, .delete, .visibility: break
        }
    }

    private mutating func check(
        _ write: Write, isKnown: (inout Document, OpID) -> Bool
    ) throws(ChangeError) {
        if let entity = write.entity {
            guard entityIndex(of: entity) != nil, isKnown(&self, entity) else {
                throw ChangeError(.invalidOp, "\(entity) is nothing that can be written to")
            }
        }
        guard !write.replaces.isEmpty else { return }
        let register = register(of: write.entity, write.field)
        for replaced in write.replaces {
            guard isKnown(&self, replaced), register.write(replaced) != nil else {
                throw ChangeError(.invalidOp, "\(replaced) is no earlier write of this field")
            }
        }
    }

    private mutating func checkAnnotation(
        _ id: OpID, isKnown: (inout Document, OpID) -> Bool
    ) throws(ChangeError) {
        guard let index = entityIndex(of: id), ops.others.form(of: index) == OpForm.annotate,
            isKnown(&self, id)
        else { throw ChangeError(.invalidOp, "\(id) is no annotation") }
    }

    // MARK: Taking in

    /// Takes in an operation that ``check(_:isKnown:)`` found right. What it makes is there once it
    /// is in the log.
    mutating func take(_ op: Op, id: OpID) {
        switch op {
        case .reply(let reply): touch(reply.annotation, by: id)
        case .write(let op):
            let entry = Register.Entry(
                id: id, value: op.value, replaces: op.replaces, why: op.why)
            add(entry, to: op.field, ofEntityAt: op.entity.map { knownIndex(of: $0) })
            if op.field != .life, let entity = op.entity { touch(entity, by: id) }
        case .addTag(let addition):
            changeTags(of: addition.annotation) {
                $0[ExactText(addition.tag), default: []].append(id)
            }
            touch(addition.annotation, by: id)
        case .removeTag(let removal):
            changeTags(of: removal.annotation) { tags in
                let tag = ExactText(removal.tag)
                let left = (tags[tag] ?? []).filter { !removal.additions.contains($0) }
                tags[tag] = left.isEmpty ? nil : left
            }
            touch(removal.annotation, by: id)
        case .annotate, .resolve, .insert, .delete, .visibility, .unknown: break
        }
    }

    private func knownIndex(of id: OpID) -> Int {
        guard let index = entityIndex(of: id) else {
            preconditionFailure("operations are checked first")
        }
        return index
    }

    private mutating func changeTags(
        of annotation: OpID, _ change: (inout [ExactText: [OpID]]) -> Void
    ) {
        let index = knownIndex(of: annotation)
        let isFirst = store.edits[index]?.tagAdditions == nil
        let made = isFirst ? Entity.Kind(ops.others[index])?.tagAdditions(by: annotation) : nil
        store.edits[index, default: EntityEdits()].changeTags(made ?? [:], change)
    }

    private mutating func touch(_ entity: OpID, by id: OpID) {
        let index = knownIndex(of: entity)
        store.edits[index, default: EntityEdits()].touches.append(id)
        if ops.others.form(of: index) == OpForm.reply, case .reply(let reply) = ops.others[index] {
            let annotation = knownIndex(of: reply.annotation)
            store.edits[annotation, default: EntityEdits()].touches.append(id)
        }
    }

    private mutating func add(
        _ entry: Register.Entry, to field: Field, ofEntityAt index: Int?
    ) {
        let former = index.map { register(at: $0, field) } ?? store.fields[field] ?? Register()
        let place = former.place(of: entry) { precedes($0, $1) }
        if let index {
            let isFirst = store.edits[index]?.fields[field] == nil
            if isFirst { store.edits[index, default: EntityEdits()].fields[field] = former }
            store.edits[index]?.fields[field]?.insert(entry, at: place)
        } else {
            store.fields[field, default: Register()].insert(entry, at: place)
        }
    }
}

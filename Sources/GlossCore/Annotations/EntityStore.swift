/// The registers of a document and of everything in it that can be written to.
struct EntityStore: Sendable {
    /// The document's own fields.
    private(set) var fields: [Field: Register] = [:]
    /// Annotations, replies and resolutions in the order they came.
    private(set) var entities: [Entity] = []
    private var indices: [OpID: Int] = [:]
    /// For each annotation its replies, in the order they came.
    private(set) var replies: [OpID: [OpID]] = [:]

    /// The entity made by an operation.
    subscript(id: OpID) -> Entity? { indices[id].map { entities[$0] } }

    /// A field of the document or of an entity.
    func register(of entity: OpID?, _ field: Field) -> Register {
        if let entity {
            self[entity]?.register(field) ?? Register()
        } else {
            fields[field] ?? Register()
        }
    }

    // MARK: Judging

    /// Throws `invalid_op` unless everything an operation names is there and of the right kind.
    ///
    /// - Parameter isKnown: whether an operation is in the author's history.
    func check(_ op: Op, isKnown: (OpID) -> Bool) throws(ChangeError) {
        switch op {
        case .write(let write): try check(write, isKnown: isKnown)
        case .reply(let reply): try checkAnnotation(reply.annotation, isKnown: isKnown)
        case .addTag(let addition): try checkAnnotation(addition.annotation, isKnown: isKnown)
        case .removeTag(let removal):
            try checkAnnotation(removal.annotation, isKnown: isKnown)
            guard removal.additions.allSatisfy(isKnown) else {
                throw ChangeError(.invalidOp, "a tag's addition is not in the author's history")
            }
        case .resolve(let resolution):
            // What answers about places and verdicts settle stands in the article, out of sight here.
            guard
                resolution.kind == .anchor || resolution.kind == .verdict
                    || resolution.settles.allSatisfy(isKnown)
            else {
                throw ChangeError(.invalidOp, "a resolution settles what its author did not know")
            }
        case .annotate, .unknown, .insert, .delete, .visibility: break
        }
    }

    private func check(_ write: Write, isKnown: (OpID) -> Bool) throws(ChangeError) {
        if let entity = write.entity {
            guard self[entity] != nil, isKnown(entity) else {
                throw ChangeError(.invalidOp, "\(entity) is nothing that can be written to")
            }
        }
        let register = register(of: write.entity, write.field)
        for replaced in write.replaces {
            guard isKnown(replaced), register.write(replaced) != nil else {
                throw ChangeError(.invalidOp, "\(replaced) is no earlier write of this field")
            }
        }
    }

    private func checkAnnotation(_ id: OpID, isKnown: (OpID) -> Bool) throws(ChangeError) {
        guard let entity = self[id], case .annotation = entity.kind, isKnown(id) else {
            throw ChangeError(.invalidOp, "\(id) is no annotation")
        }
    }

    // MARK: Taking in

    /// Takes in an operation that ``check(_:isKnown:)`` found right.
    mutating func apply(_ op: Op, id: OpID, precedes: (OpID, OpID) -> Bool) {
        switch op {
        case .annotate(let annotation): add(annotation, id: id, precedes: precedes)
        case .reply(let reply):
            add(Entity(id: id, kind: .reply(reply)))
            write(.body, of: id, Self.entry(id, .text(reply.body)), precedes)
            replies[reply.annotation, default: []].append(id)
            touch(reply.annotation, by: id)
        case .resolve(let resolution): add(Entity(id: id, kind: .resolution(resolution)))
        case .write(let op):
            let entry = Register.Entry(
                id: id, value: op.value, replaces: op.replaces, why: op.why)
            write(op.field, of: op.entity, entry, precedes)
            if op.field != .life, let entity = op.entity { touch(entity, by: id) }
        case .addTag(let addition):
            update(addition.annotation) {
                $0.tagAdditions[ExactText(addition.tag), default: []].append(id)
            }
            touch(addition.annotation, by: id)
        case .removeTag(let removal):
            update(removal.annotation) { entity in
                let left = entity.additions(of: removal.tag)
                    .filter { !removal.additions.contains($0) }
                entity.tagAdditions[ExactText(removal.tag)] = left.isEmpty ? nil : left
            }
            touch(removal.annotation, by: id)
        case .insert, .delete, .visibility, .unknown: break
        }
    }

    private mutating func add(
        _ annotation: NewAnnotation, id: OpID, precedes: (OpID, OpID) -> Bool
    ) {
        add(Entity(id: id, kind: .annotation(annotation)))
        write(.target, of: id, Self.entry(id, .target(annotation.target)), precedes)
        write(.body, of: id, Self.entry(id, .text(annotation.body)), precedes)
        if let proposal = annotation.proposal {
            write(.proposal, of: id, Self.entry(id, .text(proposal)), precedes)
        }
        update(id) { entity in
            for tag in annotation.tags { entity.tagAdditions[ExactText(tag)] = [id] }
        }
    }

    private static func entry(_ id: OpID, _ value: Value) -> Register.Entry {
        Register.Entry(id: id, value: value, replaces: [], why: nil)
    }

    private mutating func add(_ entity: Entity) {
        indices[entity.id] = entities.count
        entities.append(entity)
    }

    private mutating func update(_ id: OpID, _ body: (inout Entity) -> Void) {
        guard let index = indices[id] else { preconditionFailure("operations are checked first") }
        body(&entities[index])
    }

    private mutating func touch(_ entity: OpID, by id: OpID) {
        update(entity) { $0.touches.append(id) }
        if case .reply(let reply)? = self[entity]?.kind {
            update(reply.annotation) { $0.touches.append(id) }
        }
    }

    private mutating func write(
        _ field: Field, of entity: OpID?, _ entry: Register.Entry,
        _ precedes: (OpID, OpID) -> Bool
    ) {
        if let entity {
            update(entity) { $0.fields[field, default: Register()].add(entry, precedes: precedes) }
        } else {
            fields[field, default: Register()].add(entry, precedes: precedes)
        }
    }
}

extension Replica {
    /// A field of the document itself.
    public func register(_ field: Field) -> Register { document.register(of: nil, field) }

    /// The fields of the document that were ever written, ascending by name.
    public var fields: [Field] {
        document.store.fields.keys.sorted()
    }

    /// The annotation, reply or resolution made by an operation.
    public func entity(_ id: OpID) -> Entity? { document.entity(id) }

    /// All annotations, withdrawn ones included, in the order of their making (Lamport time, then
    /// agent, then number).
    public var annotations: [Entity] {
        sorted(document.entities(madeBy: [OpForm.annotate]))
    }

    /// Whether the author of an operation knew all of some others. O(n) in operations.
    public func knew(_ earlier: [OpID], by later: OpID) -> Bool {
        guard let version = document.version(of: later) else { return false }
        let history = document.graph.history(of: [version])
        return earlier.allSatisfy { document.version(of: $0).map(history.contains) ?? false }
    }

    /// The replies to an annotation, withdrawn ones included, in the order of their making.
    public func replies(to annotation: OpID) -> [Entity] {
        sorted(document.replies(to: annotation))
    }

    /// The resolutions that stand, in the order of their making.
    public var resolutions: [Entity] {
        sorted(document.standingResolutions)
    }

    /// Whether an annotation or reply is taken back and nobody edited or answered it meanwhile.
    public func isGone(_ id: OpID) -> Bool {
        guard document.isWithdrawn(id), let entity = document.entity(id) else { return false }
        return concurrentTouches(of: entity).isEmpty
    }

    /// Edits and answers that whoever withdrew an entity had not seen, and whose authors had not
    /// seen it withdrawn, ascending by time.
    func concurrentTouches(of entity: Entity) -> [OpID] {
        let withdrawals = entity.register(.life).heads.filter { $0.value == .withdrawn }
            .compactMap { document.version(of: $0.id) }
        guard !withdrawals.isEmpty else { return [] }
        let touches = entity.touches.filter { id in
            guard let version = document.version(of: id) else { return false }
            return withdrawals.allSatisfy { document.graph.areConcurrent($0, version) }
        }
        return touches.sorted { document.precedes($0, $1) }
    }

    /// The edits and answers that stood against a withdrawal and that a write to ``Field/life``
    /// decided about, knowing both, ascending by time; none for other writes.
    func touchesDecided(by write: Write, _ id: OpID) -> [OpID] {
        guard write.field == .life, let entity = write.entity.flatMap({ document.entity($0) }),
            let version = document.version(of: id)
        else { return [] }
        let withdrawals = entity.register(.life).writes
            .filter { write.replaces.contains($0.id) && $0.value == .withdrawn }
            .compactMap { document.version(of: $0.id) }
        guard !withdrawals.isEmpty else { return [] }
        let touches = entity.touches.filter { id in
            guard let touch = document.version(of: id) else { return false }
            return document.graph.contains(touch, inHistoryOf: version)
                && withdrawals.allSatisfy { document.graph.areConcurrent($0, touch) }
        }
        return touches.sorted { document.precedes($0, $1) }
    }

    private func sorted(_ entities: [Entity]) -> [Entity] {
        entities.sorted { document.precedes($0.id, $1.id) }
    }
}

/// Which field an operation wrote.
struct RegisterTable {
    struct Place: Hashable {
        var entity: OpID?
        var field: Field
    }

    private(set) var places: [OpID: Place] = [:]

    init(_ replica: Replica) {
        for (field, register) in replica.document.store.fields {
            for write in register.writes { places[write.id] = Place(entity: nil, field: field) }
        }
        for entity in replica.document.entities(where: { $0 != nil }) {
            for (field, register) in entity.edits.fields {
                // What an operation that makes something writes to several fields is no answer.
                for write in register.writes where write.id != entity.id {
                    places[write.id] = Place(entity: entity.id, field: field)
                }
            }
        }
    }
}

/// What was settled in one document, as far as its operations tell.
extension Replica {
    /// The changes that made the operations of some conflicts, as far as they are of this document.
    func entries(of conflicts: [Conflict]) -> Set<Int> {
        let own = conflicts.filter { $0.document == id }
        return Set(
            own.flatMap(\.versions).flatMap(\.operations).compactMap { entryIndex(of: $0) })
    }

    func textNodes(of edits: [OpID]) -> [TextNode] {
        edits.compactMap { id in entryIndex(of: id).map { TextNode(entry: $0, first: id) } }
    }

    /// The question about a field, or about the life of something, that some operations make.
    func question(of settles: [OpID], _ registers: RegisterTable) -> Conflict? {
        let places = Set(settles.compactMap { registers.places[$0] })
        let ordered = settles.sorted { document.precedes($0, $1) }
        let life = ordered.lazy.compactMap { registers.places[$0] }.first { $0.field == .life }
        if let entity = life?.entity.flatMap({ self.entity($0) }) {
            let writes = ordered.compactMap { entity.register(.life).write($0) }
            let touches = ordered.filter { id in entity.touches.contains(id) }
            if !writes.isEmpty, !touches.isEmpty {
                return lifeConflict(of: entity, writes, touches)
            }
        }
        guard places.count == 1, let place = places.first else { return nil }
        let register = document.register(of: place.entity, place.field)
        let writes = ordered.compactMap { register.write($0) }
        guard writes.count == settles.count else { return nil }
        return valueConflict(of: place.entity, place.field, register, writes, resolutionsByEntry)
    }

    /// Questions about fields that a write answered which no resolution came with, in the order of
    /// each field's writes.
    var conflictsSettledByWrites: [SettledConflict] {
        let answered = resolutionsByEntry
        let recorded = entriesWithResolutions
        var settled: [SettledConflict] = []
        func look(_ entity: Entity?, _ field: Field, _ register: Register) {
            for write in register.writes {
                guard let entry = entryIndex(of: write.id), !recorded.contains(entry),
                    let (conflict, take) = question(
                        settledBy: write, of: entity, field, register, answered)
                else { continue }
                let answer = SettledConflict.Answer(
                    operation: write.id, take: take, why: write.why)
                settled.append(SettledConflict(conflict: conflict, answers: [answer]))
            }
        }
        for field in fields { look(nil, field, register(field)) }
        for entity in document.editedNotes() {
            for field in entity.edits.fields.keys.sorted() {
                look(entity, field, entity.register(field))
            }
        }
        return settled
    }

    /// The changes that recorded an answer, be it taken back since.
    private var entriesWithResolutions: Set<Int> {
        Set(
            document.entities(madeBy: [OpForm.resolve]).compactMap { entryIndex(of: $0.id) })
    }

    private func question(
        settledBy write: Register.Entry, of entity: Entity?, _ field: Field,
        _ register: Register, _ answered: [Int: [Resolution]]
    ) -> (conflict: Conflict, take: String)? {
        let replaced = write.replaces.sorted { document.precedes($0, $1) }
            .compactMap { register.write($0) }
        if replaced.contains(where: { $0.value != replaced[0].value }) {
            let conflict = valueConflict(of: entity?.id, field, register, replaced, answered)
            let index = conflict.versions.firstIndex { $0.value == write.value }
            return (conflict, index.map { Conflict.letter($0) } ?? "edit")
        }
        guard let entity, field == .life else { return nil }
        let touches = touchesDecided(
            by: Write(
                entity: entity.id, field: field, value: write.value, replaces: write.replaces),
            write.id)
        guard !touches.isEmpty else { return nil }
        return (
            lifeConflict(of: entity, replaced, touches),
            write.value == .withdrawn ? "withdraw" : "keep"
        )
    }
}

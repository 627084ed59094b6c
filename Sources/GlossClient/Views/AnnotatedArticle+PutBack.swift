import GlossCore

/// Values that were put back. Taking an answer back writes all that had stood again, in one change: who
/// said so is still who said so first, and what stood before is still what stood before that.
extension AnnotatedArticle {
    /// The write that an operation put back; the operation itself if it put none back.
    func origin(of id: OpID, in conflict: Conflict) -> OpID {
        guard let register = register(of: conflict) else { return id }
        var origin = id
        while let index = register.writes.firstIndex(where: { $0.id == origin }) {
            let write = register.writes[index]
            let earlier = register.writes[..<index].last {
                $0.value == write.value && !write.replaces.contains($0.id)
            }
            guard isPutBack(write, in: register, of: conflict.document), let earlier else { break }
            origin = earlier.id
        }
        return origin
    }

    /// What stood before anybody disagreed, and the operation that wrote it, where one did.
    func base(of conflict: Conflict) -> (text: String, operation: OpID?)? {
        let ids = conflict.versions.flatMap(\.operations)
        let origins = ids.map { origin(of: $0, in: conflict) }
        if let register = register(of: conflict), origins != ids {
            let replaced = origins.map { Set(register.write($0)?.replaces ?? []) }
            let common = replaced.dropFirst().reduce(replaced[0]) { $0.intersection($1) }
            let base = register.writes.last { common.contains($0.id) }
            if let base, let text = base.value.text { return (text, base.id) }
        }
        return bodyBeforeTouches(of: conflict) ?? conflict.base.map { ($0, conflict.baseOperation) }
    }

    /// Of what is withdrawn here and was rewritten there, the body that the first of those who rewrote it
    /// saw; `nil` if nobody did.
    private func bodyBeforeTouches(of conflict: Conflict) -> (text: String, operation: OpID?)? {
        guard conflict.kind == .deleteEdit, case .entity(let id) = conflict.subject,
            let body = annotations.entity(id)?.register(.body)
        else { return nil }
        let operations = conflict.versions.flatMap(\.operations)
        let first = body.writes.first { operations.contains($0.id) }
        let before = body.writes.last { first?.replaces.contains($0.id) ?? false }
        return before.flatMap { write in write.value.text.map { ($0, write.id) } }
    }

    /// What an answer wrote into the field that a conflict is about; `nil` if it is about no field.
    func words(of answer: SettledConflict.Answer, to conflict: Conflict) -> String? {
        guard
            let change = replica(conflict.document).log.entry(of: answer.operation)?.change
        else { return nil }
        let write = register(of: conflict)?.writes.last { change.contains($0.id) }
        return write?.value.text
    }

    /// Whether another write of the same change replaced the same: only taking back writes so.
    private func isPutBack(
        _ write: Register.Entry, in register: Register, of document: DocumentID
    ) -> Bool {
        guard let change = replica(document).log.entry(of: write.id)?.change else { return false }
        return register.writes.contains { other in
            other.id != write.id && other.replaces == write.replaces && change.contains(other.id)
        }
    }

    private func register(of conflict: Conflict) -> Register? {
        switch conflict.subject {
        case .field(let field): replica(conflict.document).register(field)
        case .entityField(let id, let field):
            replica(conflict.document).entity(id)?.register(field)
        case .entity, .suggestions, .text: nil
        }
    }

    private func replica(_ document: DocumentID) -> Replica {
        document == article.id ? article : annotations
    }
}

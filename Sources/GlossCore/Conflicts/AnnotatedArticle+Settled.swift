/// What was settled, as far as the operations tell.
extension AnnotatedArticle {
    /// The questions that were answered, by resolutions or by writes that replaced all values of a
    /// field, ascending by id. Those whose answers disagree, or that somebody said more about, are
    /// open and not among them; nor are those that ended when what disagreed was taken back.
    ///
    /// - Complexity: O(operations) for each answer.
    public var settledConflicts: [SettledConflict] {
        let open = conflicts
        let table = DecisionTable(self)
        var settled: [ConflictID: SettledConflict] = [:]
        for replica in asking {
            let registers = RegisterTable(replica)
            let disputed = replica.entries(of: open.filter { $0.kind == .resolution })
            for entity in replica.resolutions {
                guard case .resolution(let resolution) = entity.kind,
                    replica.entryIndex(of: entity.id).map({ !disputed.contains($0) }) ?? false,
                    let conflict = question(settledBy: resolution, in: replica, registers, table),
                    conflict.id == resolution.conflict,
                    !open.contains(where: { Set($0.settles).isSuperset(of: conflict.settles) })
                else { continue }
                let answer = SettledConflict.Answer(
                    operation: entity.id, take: resolution.take, why: resolution.why)
                settled[conflict.id, default: SettledConflict(conflict: conflict, answers: [])]
                    .answers.append(answer)
            }
        }
        let recorded = settled.values.map(\.conflict)
        for replica in asking {
            var last: [SettledConflict] = []
            for written in replica.conflictsSettledByWrites
            where !(open + recorded).contains(where: { $0.asksTheSame(as: written.conflict) }) {
                if let place = last.firstIndex(where: { $0.conflict.id == written.conflict.id }) {
                    last[place].answers += written.answers
                    continue
                }
                last.removeAll { $0.conflict.asksTheSame(as: written.conflict) }
                last.append(written)
            }
            for written in last { settled[written.conflict.id] = written }
        }
        return settled.values.sorted { $0.conflict.id < $1.conflict.id }
    }

    /// The documents that ask: a private set asks for itself alone.
    private var asking: [Replica] { isPrivate ? [annotations] : [article, annotations] }

    /// The question that a resolution answers; `nil` if what it names makes none.
    private func question(
        settledBy resolution: Resolution, in replica: Replica, _ registers: RegisterTable,
        _ table: DecisionTable
    ) -> Conflict? {
        let settles = resolution.settles
        switch resolution.kind {
        case .value, .deleteEdit:
            return replica.question(of: settles, registers)
        case .text:
            let nodes = replica.textNodes(of: settles)
            let groups = nodes.isEmpty ? [] : [nodes]
            return replica.textConflicts(of: groups, now: table.index).first
        case .verdict:
            let decisions = table.named(settles)
            return decisions.isEmpty ? nil : verdictConflict(of: decisions, in: table.index)
        case .anchor:
            return anchorQuestion(of: settles, table.index)
        case .resolution:
            if let question = replica.question(of: settles, registers) { return question }
            let answers = replica.answers
            let known = settles.filter { answers[$0] != nil }
            switch known.first.flatMap({ answers[$0]?.kind }) {
            case .text:
                var frames = Replica.TextFrames()
                return replica.textResolution(of: known, answers, now: table.index, &frames)
            case .verdict: return verdictResolution(of: known, answers, table)
            case .anchor: return anchorResolution(of: known, answers, table.index)
            case .value, .deleteEdit, .resolution, nil: return nil
            }
        }
    }

    private func anchorQuestion(of settles: [OpID], _ index: TextIndex) -> Conflict? {
        let note = settles.lazy.compactMap { annotations.entity($0) }
            .first { if case .annotation = $0.kind { true } else { false } }
        guard let note,
            let write = note.register(.target).writes.first(where: {
                $0.id != note.id && settles.contains($0.id)
            }) ?? note.register(.target).write(note.id),
            case .target(let target) = write.value
        else { return nil }
        let loose = Loose(
            annotation: note, write: write, target: target,
            placement: placement(of: note, in: index))
        let removals = settles.filter { $0 != note.id && $0 != write.id }
        return conflict(of: loose, removals, index)
    }
}

extension Conflict {
    /// Whether it is about the same thing and the same versions, be it under another name: taking an
    /// answer back and bringing it back writes them anew.
    fileprivate func asksTheSame(as other: Conflict) -> Bool {
        if let life, life == other.life { return true }
        return subject == other.subject
            && Set(versions.map { ExactText($0.content) })
                == Set(other.versions.map { ExactText($0.content) })
    }

    /// What it asks whether to keep, if it asks that.
    private var life: OpID? {
        switch (kind, subject) {
        case (.deleteEdit, .entity(let id)), (_, .entityField(let id, .life)): id
        default: nil
        }
    }
}

/// What a resolution comes to: the question it answers in the end, and how.
struct Answer: Sendable {
    /// The kind of that question.
    var kind: ConflictKind
    /// What the resolution of that question settles.
    var settles: [OpID]
    /// The choice.
    var take: String
    /// What was typed, if the answer is in one's own words.
    var typed: [Unicode.Scalar] = []
    /// What was deleted for that.
    var deleted: [OpSpan] = []

    /// Whether it is the same answer. A letter stands for the same version only among the same ones.
    func agrees(with other: Answer) -> Bool {
        guard kind == other.kind, ExactText(take) == ExactText(other.take), typed == other.typed,
            deleted == other.deleted
        else { return false }
        return settles == other.settles || Conflict.index(ofLetter: take) == nil
    }
}

/// Two resolutions that answer one question differently.
struct Disagreement: Hashable {
    /// The first in time order.
    let first: OpID
    /// The other one.
    let second: OpID
}

extension Replica {
    /// The kinds of conflict that are answered by a resolution, not by a write.
    static let resolvedKinds: Set<ConflictKind> = [.text, .anchor, .verdict]

    /// What the standing resolutions of a kind settle.
    func settlements(of kind: ConflictKind) -> Settlements {
        Settlements(
            document.standingResolutions.compactMap { entity in
                guard case .resolution(let resolution) = entity.kind, resolution.kind == kind
                else { return nil }
                return resolution.settles
            })
    }

    /// The place in the log of the change that made an operation.
    func entryIndex(of id: OpID) -> Int? {
        document.version(of: id).map { document.changes.index(of: $0) }
    }

    /// What each resolution comes to, withdrawn ones included.
    ///
    /// One of kind `resolution` comes to what the answer it took comes to. It names only earlier
    /// ones, so going through them in time order finds each after those it names.
    var answers: [OpID: Answer] {
        var answers: [OpID: Answer] = [:]
        let made = document.entities(madeBy: [OpForm.resolve])
        let resolutions = made.compactMap { entity -> (OpID, Resolution)? in
            guard case .resolution(let resolution) = entity.kind else { return nil }
            return (entity.id, resolution)
        }
        for (id, resolution) in resolutions.sorted(by: { document.precedes($0.0, $1.0) }) {
            answers[id] = answer(id, resolution, answers)
        }
        return answers
    }

    private func answer(
        _ id: OpID, _ resolution: Resolution, _ answers: [OpID: Answer]
    ) -> Answer {
        var own = Answer(
            kind: resolution.kind, settles: resolution.settles, take: resolution.take)
        if resolution.take == "edit" { (own.typed, own.deleted) = textEdit(with: id) }
        guard resolution.kind == .resolution else { return own }
        let versions = versions(of: resolution.settles, answers)
        guard let first = versions.first.flatMap({ answers[$0[0]] }) else { return own }
        if let index = Conflict.index(ofLetter: resolution.take), versions.indices.contains(index) {
            return answers[versions[index][0]] ?? own
        }
        own.kind = first.kind
        own.settles = Set(versions.joined().flatMap { answers[$0]?.settles ?? [] }).sorted()
        return own
    }

    /// What the change that made a resolution typed and deleted.
    private func textEdit(with id: OpID) -> (typed: [Unicode.Scalar], deleted: [OpSpan]) {
        guard let entry = entryIndex(of: id) else { return ([], []) }
        var typed: [Unicode.Scalar] = []
        var deleted: [OpSpan] = []
        for op in document.change(at: entry).ops {
            switch op {
            case .insert(let insertion): typed += insertion.text
            case .delete(let deletion): deleted += deletion.spans
            default: break
            }
        }
        return (typed, deleted)
    }

    /// Resolutions that give the same answer, together, in time order.
    func versions(of resolutions: [OpID], _ answers: [OpID: Answer]) -> [[OpID]] {
        var versions: [[OpID]] = []
        for id in resolutions.sorted(by: { document.precedes($0, $1) }) {
            guard let answer = answers[id] else { continue }
            let known = versions.firstIndex { answers[$0[0]]?.agrees(with: answer) ?? false }
            if let known { versions[known].append(id) } else { versions.append([id]) }
        }
        return versions
    }

    /// Pairs of standing concurrent resolutions that settle two operations in common, differently.
    func disagreements(
        of kinds: Set<ConflictKind>, _ answers: [OpID: Answer]
    ) -> [Disagreement] {
        let standing = resolutions.map(\.id).filter { id in
            answers[id].map { kinds.contains($0.kind) } ?? false
        }
        guard standing.count > 1 else { return [] }
        var settling: [OpID: [Int]] = [:]
        var found: [Disagreement] = []
        for (index, id) in standing.enumerated() {
            guard let answer = answers[id] else { continue }
            var common: [Int: Int] = [:]
            for settled in answer.settles {
                for other in settling[settled] ?? [] { common[other, default: 0] += 1 }
                settling[settled, default: []].append(index)
            }
            for other in common.keys.sorted() where common[other, default: 0] > 1 {
                guard let earlier = answers[standing[other]], !earlier.agrees(with: answer),
                    let first = document.version(of: standing[other]),
                    let second = document.version(of: id),
                    document.graph.areConcurrent(first, second)
                else { continue }
                found.append(Disagreement(first: standing[other], second: id))
            }
        }
        return found
    }

    /// Resolutions that disagree and that nobody has answered since, in groups that hang together.
    func openDisagreements(
        of kinds: Set<ConflictKind>, _ answers: [OpID: Answer]
    ) -> [[OpID]] {
        let disagreements = disagreements(of: kinds, answers)
        guard !disagreements.isEmpty else { return [] }
        let answered = settlements(of: .resolution)
        var groups = Groups<OpID>()
        for pair in disagreements
        where !answered.cover([pair.first]) && !answered.cover([pair.second]) {
            groups.join(pair.first, pair.second)
        }
        return groups.all
    }
}

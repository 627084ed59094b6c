extension AnnotatedArticle {
    /// What settles a conflict, to be written to both documents.
    public struct Settlement: Hashable, Sendable {
        /// For the article.
        public var article: [Op]
        /// For its set, the resolution last.
        public var annotations: [Op]

        /// Operations for both documents.
        public init(article: [Op] = [], annotations: [Op] = []) {
            self.article = article
            self.annotations = annotations
        }
    }

    /// What settles a conflict about decisions on suggestions, or one about different answers to
    /// such a conflict or to one about an anchor.
    ///
    /// - Parameter take: a letter; of verdict conflicts also `base` (nobody has decided) or `merged`
    ///   (all acceptances stand).
    /// - Returns: `nil` if the choice does not answer the conflict.
    public func settlement(
        of conflict: Conflict, taking take: String, why: String? = nil
    ) -> Settlement? {
        guard var settlement = effect(of: take, on: conflict, why: why) else { return nil }
        settlement.annotations.append(
            .resolve(
                Resolution(
                    conflict: conflict.id, kind: conflict.kind, settles: conflict.settles,
                    take: take, why: why)))
        return settlement
    }

    private func effect(of take: String, on conflict: Conflict, why: String?) -> Settlement? {
        switch (conflict.kind, conflict.subject) {
        case (.verdict, .suggestions):
            return verdict(take, on: conflict.settles, why: why)
        case (.resolution, .suggestions):
            guard let answer = answer(take, to: conflict) else {
                let answers = annotations.answers
                let settled = conflict.settles.flatMap { answers[$0]?.settles ?? [] }
                return verdict(take, on: settled, why: why)
            }
            return verdict(answer.take, on: answer.settles, why: why)
        case (.resolution, .entity(let note)):
            guard let answer = answer(take, to: conflict) else { return nil }
            return Settlement(annotations: ops(bringing: note, to: answer.take, why: why))
        default: return nil
        }
    }

    /// The earlier answer that a letter stands for in a conflict about answers.
    private func answer(_ letter: String, to conflict: Conflict) -> Answer? {
        guard let index = Conflict.index(ofLetter: letter),
            conflict.versions.indices.contains(index)
        else { return nil }
        return annotations.answers[conflict.versions[index].operations[0]]
    }

    // MARK: Verdicts

    /// The operations of the article that undo all acceptances of a suggestion; none if it has none.
    public func takingOut(suggestion: OpID) -> [Op] {
        let standing = article.acceptances.filter { $0.suggestion == suggestion && $0.stands }
        let marks = article.marks(
            flipping: article.operations(in: standing.flatMap(\.operations), undone: false))
        return marks.isEmpty ? [] : [.visibility(Visibility(marks: marks))]
    }

    /// What brings the article and the verdicts to a choice among some decisions.
    private func verdict(_ take: String, on ids: [OpID], why: String?) -> Settlement? {
        let named = decisions.filter { ids.contains($0.id) }
        let acceptances = named.indices.filter { named[$0].wording != nil }
        /// For each acceptance whether it is to stand; those that are not in it stay as they are.
        var stands: [Int: Bool] = [:]
        var verdicts: [OpID: Value] = [:]
        switch take {
        case "base":
            for index in acceptances { stands[index] = false }
            for decision in named { verdicts[decision.suggestion] = .open }
        case "merged":
            for index in acceptances {
                stands[index] = true
                verdicts[named[index].suggestion] = .open
            }
        default:
            let versions = named.versions
            guard let letter = Conflict.index(ofLetter: take), versions.indices.contains(letter)
            else { return nil }
            let chosen = versions[letter][0]
            verdicts[chosen.suggestion] = chosen.wording == nil ? .rejected : .open
            for index in acceptances where named[index].agrees(with: chosen) {
                stands[index] = true
            }
            let losers = rivals(of: chosen, among: named)
            for index in losers { stands[index] = false }
            // Suggestions that overlap are one choice, so the others of it are decided, too.
            for suggestion in losers.map({ named[$0].suggestion })
            where suggestion != chosen.suggestion {
                let isLeft = acceptances.contains { index in
                    named[index].suggestion == suggestion && (stands[index] ?? named[index].stands)
                }
                if !isLeft { verdicts[suggestion] = .rejected }
            }
        }
        let flips = acceptances.flatMap { index -> [Range<LocalVersion>] in
            guard let isToStand = stands[index], isToStand != named[index].stands else { return [] }
            return article.operations(in: named[index].operations, undone: isToStand)
        }
        let marks = article.marks(flipping: flips)
        return Settlement(
            article: marks.isEmpty ? [] : [.visibility(Visibility(marks: marks))],
            annotations: verdicts.keys.sorted().compactMap { suggestion in
                verdicts[suggestion].flatMap { verdict(write: $0, on: suggestion, why: why) }
            })
    }

    /// The acceptances among some decisions that do not go together with a chosen version.
    private func rivals(of chosen: Decision, among named: [Decision]) -> [Int] {
        var found: Set<Int> = []
        for pair in named.rivals {
            if named[pair.first].agrees(with: chosen) { found.insert(pair.second) }
            if named[pair.second].agrees(with: chosen) { found.insert(pair.first) }
        }
        return found.filter { named[$0].wording != nil }.sorted()
    }

    /// A write of a verdict, unless it shows already and nobody disagrees.
    private func verdict(write value: Value, on suggestion: OpID, why: String?) -> Op? {
        guard let register = annotations.entity(suggestion)?.register(.verdict),
            (register.value ?? .open) != value || register.isContested
        else { return nil }
        return annotations.write(value, to: .verdict, of: suggestion, why: why)
    }

    // MARK: Anchors

    /// What makes of a loose note what one of several answers made of it.
    private func ops(bringing note: OpID, to take: String, why: String?) -> [Op] {
        guard let entity = annotations.entity(note) else { return [] }
        let isWithdrawn = take == "withdraw"
        var ops: [Op] = []
        if entity.isWithdrawn != isWithdrawn {
            let life: Value = isWithdrawn ? .withdrawn : .active
            ops.append(annotations.write(life, to: .life, of: note, why: why))
        }
        let isDone = entity.register(.status).value == .done
        if !isWithdrawn, isDone != (take == "done") {
            ops.append(
                annotations.write(isDone ? .open : .done, to: .status, of: note, why: why))
        }
        return ops
    }
}

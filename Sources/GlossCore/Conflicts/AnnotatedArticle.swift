/// An article with one of its annotation sets: what people look at.
public struct AnnotatedArticle: Sendable {
    /// The article.
    public var article: Replica
    /// Its shared annotation set, or a private one.
    public var annotations: Replica

    /// An article and an annotation set of it.
    public init(article: Replica, annotations: Replica) {
        precondition(
            article.kind == .article
                && (annotations.kind == .privateAnnotations
                    || annotations.id == article.id.annotations)
        )
        self.article = article
        self.annotations = annotations
    }

    /// Where a suggestion stands.
    public enum SuggestionState: Hashable, Sendable {
        /// Nobody has decided.
        case open
        /// The article has it, by the given changes.
        case accepted(by: [OpID])
        /// Somebody decided against it.
        case rejected
    }

    /// Whether the annotations are one user's own.
    var isPrivate: Bool { annotations.kind == .privateAnnotations }

    /// Where a suggestion stands: an acceptance is read from the article, not stored twice.
    public func state(ofSuggestion id: OpID) -> SuggestionState {
        let acceptances = article.liveAcceptances(of: id)
        if !acceptances.isEmpty { return .accepted(by: acceptances) }
        let verdict = annotations.document.register(of: id, .verdict).value
        return verdict == .rejected ? .rejected : .open
    }

    /// The place an annotation stands on now.
    ///
    /// - Parameter index: the article's ``Replica/textIndex``.
    public func placement(of annotation: Entity, in index: TextIndex) -> Placement {
        guard case .target(let target)? = annotation.register(.target).value else {
            return Placement(state: .whole, ranges: [], coverage: 1)
        }
        return article.placement(of: target, in: index)
    }

    /// Whether an annotation still wants something: it stands, is not done, and no decision on it
    /// was taken.
    public func isOpen(_ annotation: Entity) -> Bool {
        guard !annotations.isGone(annotation.id), annotation.register(.status).value != .done
        else { return false }
        if case .annotation(let made) = annotation.kind, made.kind == .suggestion {
            return state(ofSuggestion: annotation.id) == .open
        }
        return true
    }

    /// All open questions of both documents, ascending by id. With a private set only those that it
    /// asks: what the article asks by itself is asked with the shared set.
    public var conflicts: [Conflict] { conflicts(where: [:]) }

    /// As above, for whoever has found out already where annotations stand.
    ///
    /// - Parameter placements: as ``placement(of:in:)`` gives them, by annotation; of all or some.
    public func conflicts(where placements: [OpID: Placement]) -> [Conflict] {
        let decisions = DecisionTable(self)
        let together = verdictConflicts(decisions) + resolutionConflicts(decisions)
        var decided: Set<OpID> = []
        for conflict in together {
            if case .suggestions(let suggestions) = conflict.subject {
                decided.formUnion(suggestions)
            }
        }
        // Whoever answers these writes the verdicts, too.
        let ofSet = annotations.conflicts.filter { conflict in
            guard case .entityField(let entity, .verdict) = conflict.subject else { return true }
            return !decided.contains(entity)
        }
        let loose = anchorConflicts(decisions.index, placements)
        let ofArticle = isPrivate ? [] : article.conflicts
        return (ofArticle + ofSet + loose + together).sorted { $0.id < $1.id }
    }

    /// Open annotations whose text is gone or rewritten, unless somebody has checked what stands there.
    private func anchorConflicts(
        _ index: TextIndex, _ placements: [OpID: Placement]
    ) -> [Conflict] {
        var loose: [Loose] = []
        for annotation in annotations.annotations where isOpen(annotation) {
            guard let write = annotation.register(.target).shown,
                case .target(let target) = write.value
            else { continue }
            let placement = placements[annotation.id] ?? article.placement(of: target, in: index)
            guard placement.state == .collapsed || placement.state == .rewritten else { continue }
            let standing = standing(ofCheckOn: annotation, in: index)
            let isChecked =
                standing.state == .fresh && standing.check?.target.ranges.isEmpty == false
            if isChecked { continue }
            loose.append(
                Loose(annotation: annotation, write: write, target: target, placement: placement))
        }
        let settled = annotations.settlements(of: .anchor)
        let removals = article.removals(of: loose.map(\.target), in: index)
        return zip(loose, removals).compactMap { loose, removals in
            let settles = [loose.annotation.id, loose.write.id] + removals
            return settled.cover(settles) ? nil : conflict(of: loose, removals, index)
        }
    }

    /// An annotation whose text is gone or rewritten.
    struct Loose {
        var annotation: Entity
        var write: Register.Entry
        var target: Target
        var placement: Placement
    }

    /// The question that the removals of the words under an annotation make.
    ///
    /// - Parameter index: the article's ``Replica/textIndex``.
    func conflict(of loose: Loose, _ removals: [OpID], _ index: TextIndex) -> Conflict {
        let (annotation, write) = (loose.annotation, loose.write)
        let quoted = loose.target.quote.exact
        let now = text(at: loose.placement.ranges.first ?? 0..<0, in: index)
        return Conflict(
            id: ConflictID(
                kind: .anchor, document: annotations.id, about: [annotation.id], field: .target,
                versions: [write.id] + removals),
            kind: .anchor, document: annotations.id, subject: .entity(annotation.id),
            base: quoted,
            versions: [
                Conflict.Version(
                    content: "stands on: \(quoted)", operations: [write.id], why: nil,
                    value: write.value),
                Conflict.Version(
                    content: now.isEmpty ? "deleted" : "now reads: \(now)", operations: removals,
                    why: nil, value: nil),
            ],
            shown: now, settles: Array(Set([annotation.id, write.id] + removals)).sorted(),
            baseOperation: write.id)
    }

    /// What a range of the article says.
    ///
    /// - Parameter index: the article's ``Replica/textIndex``.
    func text(at range: Range<Int>, in index: TextIndex) -> String {
        article.document.string(of: index.versions(at: range.clamped(to: 0..<index.visibleCount)))
    }
}

extension Replica {
    /// The changes that accept a suggestion and are not undone, in the order of their making.
    public func liveAcceptances(of suggestion: OpID) -> [OpID] {
        (document.acceptances[suggestion] ?? [])
            .filter { document.isLive($0) }
            .map(\.change).sorted { document.precedes($0, $1) }
    }
}

extension Replica {
    /// A change that accepted a suggestion and was undone.
    public struct UndoneAcceptance: Sendable {
        /// The change.
        public let change: Change
        /// What it had put into the text.
        public let insertedText: String
    }

    /// The changes that accepted a suggestion and are undone, in the order of their making.
    public func undoneAcceptances(of suggestion: OpID) -> [UndoneAcceptance] {
        (document.acceptances[suggestion] ?? [])
            .filter { !document.isLive($0) }
            .sorted { document.precedes($0.change, $1.change) }
            .compactMap { acceptance in
                log.entry(of: acceptance.change).map {
                    UndoneAcceptance(
                        change: $0.change, insertedText: document.string(of: acceptance.inserted))
                }
            }
    }
}

/// How the check of an annotation stands.
public struct CheckStanding: Hashable, Sendable {
    /// Whether a check still says something of the words.
    public enum State: String, Hashable, Sendable {
        /// Nobody has checked the words.
        case unchecked
        /// The words are those that the check was given on.
        case fresh
        /// They are others, or the annotation was put on others.
        case stale
        /// The text that the check was given on has not arrived here yet.
        case pending
    }

    /// Whether the check still says something of the words.
    public var state: State
    /// The check that shows; `nil` if nobody has checked the words.
    public var check: Check?
    /// The write of it.
    public var write: OpID?
    /// The first write of that very check: another one if an undo or an answer wrote it again.
    public var origin: OpID?
    /// Why, where its author said so with the write.
    public var why: String?
    /// The words now, that ``Check/target`` had quoted then.
    public var words: String

    /// Whether the words are checked, found right, and still those.
    public var isConfirmed: Bool { state == .fresh && check?.verdict == .confirmed }
}

extension AnnotatedArticle {
    /// How the check of an annotation stands: a function of the operations known, as conflicts are.
    ///
    /// A check is stale if the words at the place it was given on are others now, or if somebody has
    /// put the annotation on another place since.
    ///
    /// - Parameter index: the article's ``Replica/textIndex``.
    /// - Complexity: that of a ``Replica/placement(of:in:)``.
    public func standing(ofCheckOn annotation: Entity, in index: TextIndex) -> CheckStanding {
        guard let write = annotation.register(.check).shown else {
            return CheckStanding(state: .unchecked, words: "")
        }
        return standing(of: write, on: annotation, in: index)
    }

    /// How one write of an annotation's check stands, as if it were the one that shows.
    public func standing(
        of write: Register.Entry, on annotation: Entity, in index: TextIndex
    ) -> CheckStanding {
        guard let check = write.value.check else {
            return CheckStanding(state: .unchecked, words: "")
        }
        let shown = annotation.register(.target)
        var place = check.target
        var isElsewhere = false
        if case .target(let target)? = shown.value,
            annotations.value(of: shown, knownTo: write.id) != shown.value
        {
            (place, isElsewhere) = (target, true)
        }
        let placement = article.placement(of: place, in: index)
        let words = article.words(at: placement.ranges, in: index)
        let isSame =
            placement.state == .whole || ExactText(words) == ExactText(check.target.quote.exact)
        let state: CheckStanding.State =
            if placement.state == .pending {
                .pending
            } else {
                isSame && !isElsewhere ? .fresh : .stale
            }
        return CheckStanding(
            state: state, check: check, write: write.id,
            origin: annotations.firstWrite(of: check, in: annotation.register(.check)),
            why: write.why, words: words)
    }
}

extension Replica {
    /// The first write, in time order, of a check of the very same words in the very same place.
    fileprivate func firstWrite(of check: Check, in register: Register) -> OpID? {
        register.writes.filter { $0.value.check == check && $0.value.place == check.target }
            .map(\.id).min { document.precedes($0, $1) }
    }

    /// The value of a register that showed to the author of an operation.
    ///
    /// - Complexity: O(writes of the register), each a question of ancestry.
    func value(of register: Register, knownTo id: OpID) -> Value? {
        guard let version = document.version(of: id) else { return nil }
        let known = register.writes.filter { write in
            document.version(of: write.id).map {
                document.graph.contains($0, inHistoryOf: version)
            } ?? false
        }
        let replaced = Set(known.flatMap(\.replaces))
        return known.filter { !replaced.contains($0.id) }
            .max { document.precedes($0.id, $1.id) }?.value
    }
}

import GlossCore

/// How often things happened, so that nothing is believed to be tested that never came up.
struct Tally {
    private(set) var acts: [Act: Int] = [:]
    /// How many changes the server refused.
    var refusals = 0
    private(set) var forbidden = 0
    private(set) var stale = 0
    private(set) var comparisons = 0
    private(set) var kinds: [ConflictKind: Int] = [:]
    private(set) var states: Set<Placement.State> = []
    var answers = AnswerCounts()
    private var known: Set<ConflictID> = []

    mutating func count(_ act: Act, _ outcome: Person.Outcome) {
        switch outcome {
        case .done: acts[act, default: 0] += 1
        case .notAllowed: forbidden += 1
        case .stale: stale += 1
        case .nothing: break
        }
    }

    mutating func count(_ sight: Sight) {
        comparisons += 1
        for conflict in sight.conflicts where known.insert(conflict.id).inserted {
            kinds[conflict.kind, default: 0] += 1
        }
        states.formUnion(sight.notes.map(\.placement.state))
    }

    mutating func add(_ other: Tally) {
        acts.merge(other.acts, uniquingKeysWith: +)
        kinds.merge(other.kinds, uniquingKeysWith: +)
        answers.add(other.answers)
        states.formUnion(other.states)
        refusals += other.refusals
        forbidden += other.forbidden
        stale += other.stale
        comparisons += other.comparisons
    }

    /// Every way to answer a conflict of some kind. Each kind in each way is tried by the core's own
    /// tests.
    private static let ways = [
        "letter", "base", "merged", "both", "edit", "keep", "withdraw", "loose", "done",
    ]

    /// What should have come up and has not.
    var missing: [String] {
        var missing = Act.allCases.filter { acts[$0] == nil }.map(\.rawValue)
        for kind in ConflictKind.allCases {
            if kinds[kind] == nil { missing.append("a conflict of kind \(kind)") }
            if answers.count(kind) == 0 { missing.append("an answer to one of kind \(kind)") }
        }
        missing += Self.ways.filter { way in
            ConflictKind.allCases.allSatisfy { answers.count($0, way) == 0 }
        }
        if forbidden == 0 { missing.append("an act that the role forbids") }
        if refusals == 0 { missing.append("a change that the server refuses") }
        if stale == 0 { missing.append("an answer that comes too late") }
        for state: Placement.State in [
            .anchored, .partial, .moved, .rewritten, .collapsed, .whole,
        ] where !states.contains(state) {
            missing.append("a note that is \(state)")
        }
        return missing
    }
}

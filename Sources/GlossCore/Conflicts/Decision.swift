/// What somebody decided on a suggestion: to accept it, in some words, or to reject it.
struct Decision: Sendable {
    /// The first tagged operation of an acceptance, or the write that rejects.
    let id: OpID
    /// The suggestion.
    let suggestion: OpID
    /// What was put into the text; `nil` for a rejection.
    let wording: [Unicode.Scalar]?
    /// Whether it is not undone, or not replaced.
    let stands: Bool
    /// Why, where its author said so.
    let why: String?
    /// The tagged operations of an acceptance.
    var operations: [Range<LocalVersion>] = []
    /// The characters it put in.
    var inserted: [Range<LocalVersion>] = []
    /// The characters it took out.
    var removed: [Range<LocalVersion>] = []

    /// Whether both say the same of the same suggestion.
    func agrees(with other: Decision) -> Bool {
        suggestion == other.suggestion && wording == other.wording
    }
}

/// Two of some decisions, as places in a list of them.
struct DecisionPair: Hashable {
    /// The one that comes first in the list.
    let first: Int
    /// The other one.
    let second: Int
}

extension Replica {
    /// The acceptances in an article, undone ones included, in time order.
    ///
    /// - Complexity: O(characters of all of them).
    var acceptances: [Decision] {
        var found: [(change: OpID, decision: Decision)] = []
        for suggestion in document.acceptances.keys.sorted() where !suggestion.isEditTag {
            for acceptance in document.acceptances[suggestion] ?? [] {
                found.append((acceptance.change, decision(acceptance, on: suggestion)))
            }
        }
        found.sort {
            $0.change == $1.change
                ? $0.decision.id < $1.decision.id : document.precedes($0.change, $1.change)
        }
        return found.map(\.decision)
    }

    private func decision(_ acceptance: Acceptance, on suggestion: OpID) -> Decision {
        let first = acceptance.operations[0].lowerBound
        var removed: [Range<LocalVersion>] = []
        for operation in acceptance.operations {
            document.ops.forEachRun(in: operation) { index, part in
                guard document.ops.runs[index].kind == .deletion else { return }
                removed.append(document.ops.targets(ofRun: index, part))
            }
        }
        return Decision(
            id: document.identity(of: first), suggestion: suggestion,
            wording: document.scalars(of: acceptance.inserted),
            stands: document.isLive(acceptance),
            why: document.changes.message(of: document.changes.index(of: first)),
            operations: acceptance.operations, inserted: acceptance.inserted, removed: removed)
    }

    /// The writes in a set that reject a suggestion, replaced ones included, in time order.
    var rejections: [Decision] {
        var found: [Decision] = []
        for entity in document.editedNotes(where: { $0.fields[.verdict] != nil }) {
            guard case .annotation = entity.kind else { continue }
            let register = entity.register(.verdict)
            for write in register.writes where write.value == .rejected {
                found.append(
                    Decision(
                        id: write.id, suggestion: entity.id, wording: nil,
                        stands: register.heads.contains { $0.id == write.id }, why: write.why))
            }
        }
        return found.sorted { document.precedes($0.id, $1.id) }
    }
}

extension [Decision] {
    /// Those that cannot both be had: one suggestion accepted in different words, different
    /// suggestions whose acceptances took out a character in common, a suggestion accepted and
    /// rejected. Each pair once, ascending by its second decision.
    ///
    /// - Complexity: O(characters), and O(pairs of decisions on one suggestion).
    var rivals: [DecisionPair] {
        var onSuggestion: [OpID: [Int]] = [:]
        var onCharacter: [LocalVersion: [Int]] = [:]
        var pairs: [DecisionPair] = []
        for (index, decision) in enumerated() {
            var earlier: Set<Int> = []
            for other in onSuggestion[decision.suggestion] ?? []
            where self[other].wording != decision.wording {
                earlier.insert(other)
            }
            onSuggestion[decision.suggestion, default: []].append(index)
            for character in decision.removed.joined() {
                let others = onCharacter[character] ?? []
                if others.last == index { continue }
                earlier.formUnion(others.filter { self[$0].suggestion != decision.suggestion })
                onCharacter[character] = others + [index]
            }
            pairs += earlier.sorted().map { DecisionPair(first: $0, second: index) }
        }
        return pairs
    }
}

/// The decisions of an article and its set, and what is needed to tell about some of them.
struct DecisionTable {
    /// All of them: acceptances in time order, then rejections in time order.
    let all: [Decision]
    /// The article's ``Replica/textIndex``.
    let index: TextIndex
    private let places: [OpID: Int]

    init(_ content: AnnotatedArticle) {
        all = content.decisions
        index = content.article.textIndex
        places = Dictionary(
            all.enumerated().map { ($0.element.id, $0.offset) },
            uniquingKeysWith: { first, _ in first })
    }

    /// Those of some names, in the order of all.
    func named(_ ids: some Sequence<OpID>) -> [Decision] {
        Set(ids.compactMap { places[$0] }).sorted().map { all[$0] }
    }
}

/// Which operations of an article accept which suggestion, for look-ups.
struct AcceptanceRanges {
    private var ranges: [(versions: Range<LocalVersion>, suggestion: OpID)] = []

    /// Of nothing.
    init() {}

    init(_ acceptances: [Decision]) {
        ranges = acceptances.flatMap { decision in
            decision.operations.map { ($0, decision.suggestion) }
        }
        ranges.sort { $0.versions.lowerBound < $1.versions.lowerBound }
    }

    /// The suggestion that an operation accepts, if any. O(log n).
    func suggestion(of version: LocalVersion) -> OpID? {
        let place = ranges.partitioningIndex { $0.versions.upperBound > version }
        guard place < ranges.count, ranges[place].versions.contains(version) else { return nil }
        return ranges[place].suggestion
    }
}

public import GlossCore

/// Who deleted what, what is undone, and which suggestions were accepted by whom.
///
/// A character shows if its insertion is not undone, every deletion of it is undone, and, where it
/// was inserted to accept a suggestion, its change is the one that counts for that suggestion.
public struct VisibilityLedger: Sendable {
    /// A change's part in accepting a suggestion.
    private struct Acceptance {
        var change: OpID
        var inserted: [OpID] = []
        var deletions: [OpID] = []

        /// The operations that must be undone for the acceptance to be: what it inserts, or what
        /// it deletes where it inserts nothing.
        var decisive: [OpID] { inserted.isEmpty ? deletions : inserted }
    }

    /// A suggestion and the change that accepts it.
    public struct AcceptanceID: Hashable, Sendable {
        /// The suggestion.
        let suggestion: OpID
        /// The first operation of the change.
        let change: OpID
    }

    private var deletions: [OpID: [OpID]] = [:]
    private var counts: [OpID: Int] = [:]
    private var lamports: [OpID: Int] = [:]
    private var acceptances: [OpID: [Acceptance]] = [:]
    private var acceptanceOfCharacter: [OpID: AcceptanceID] = [:]
    private var header: ChangeHeader?

    init() {}

    /// Opens a change.
    mutating func begin(_ change: ChangeHeader) {
        for dependency in change.dependencies {
            precondition(lamports[dependency] != nil, "\(change.id) lacks its cause \(dependency)")
        }
        header = change
    }

    /// Takes an operation of the open change.
    mutating func perform(_ op: Op, as id: OpID) {
        guard let header else { preconditionFailure("no change is open") }
        for offset in 0..<op.width { keepTime(of: id.advanced(by: offset), in: header) }
        switch op {
        case .insert(let insertion):
            if let suggestion = insertion.accepts {
                let span = OpSpan(start: id, count: insertion.text.count)
                for character in span.ids {
                    acceptanceOfCharacter[character] = AcceptanceID(
                        suggestion: suggestion, change: header.id)
                }
                accept(suggestion, by: header.id) { $0.inserted += span.ids }
            }
        case .delete(let deletion):
            for (offset, target) in deletion.spans.flatMap(\.ids).enumerated() {
                deletions[target, default: []].append(id.advanced(by: offset))
            }
            if let suggestion = deletion.accepts {
                let span = OpSpan(start: id, count: op.width)
                accept(suggestion, by: header.id) { $0.deletions += span.ids }
            }
        case .visibility(let visibility):
            for mark in visibility.marks {
                for target in mark.span.ids { counts[target] = max(count(of: target), mark.count) }
            }
        case .write, .annotate, .reply, .addTag, .removeTag, .resolve, .unknown: break
        }
    }

    /// How often an operation was undone and redone; it is undone while this is odd.
    public func count(of op: OpID) -> Int { counts[op] ?? 0 }

    /// Whether an operation is undone.
    public func isUndone(_ op: OpID) -> Bool { !count(of: op).isMultiple(of: 2) }

    /// The logical time of an operation that was taken.
    public func lamport(of op: OpID) -> Int? { lamports[op] }

    /// For each suggestion the earliest of the changes that accept it and are not undone in that:
    /// the one whose first operation, tagged or not, comes first.
    var shownAcceptances: Set<AcceptanceID> {
        var shown: Set<AcceptanceID> = []
        for (suggestion, candidates) in acceptances {
            let live = candidates.filter { $0.decisive.contains { !isUndone($0) } }
            if let first = live.min(by: { isEarlier($0.change, $1.change) }) {
                shown.insert(AcceptanceID(suggestion: suggestion, change: first.change))
            }
        }
        return shown
    }

    /// Whether a character shows, given ``shownAcceptances``.
    func shows(_ character: OpID, acceptances shown: Set<AcceptanceID>) -> Bool {
        if isUndone(character) { return false }
        if (deletions[character] ?? []).contains(where: { !isUndone($0) }) { return false }
        if let acceptance = acceptanceOfCharacter[character] { return shown.contains(acceptance) }
        return true
    }

    /// Logical time: one more than that of everything the operation directly follows.
    private mutating func keepTime(of id: OpID, in header: ChangeHeader) {
        precondition(lamports[id] == nil, "\(id) was taken already")
        var causes = id == header.id ? header.dependencies : []
        if id.seq > 0 { causes.append(id.advanced(by: -1)) }
        let times = causes.map { cause -> Int in
            guard let time = lamports[cause] else { preconditionFailure("\(id) lacks \(cause)") }
            return time
        }
        lamports[id] = 1 + (times.max() ?? 0)
    }

    private mutating func accept(
        _ suggestion: OpID, by change: OpID, note: (inout Acceptance) -> Void
    ) {
        var known = acceptances[suggestion] ?? []
        if known.last?.change != change { known.append(Acceptance(change: change)) }
        note(&known[known.count - 1])
        acceptances[suggestion] = known
    }

    /// The order of operations by logical time, then agent, then number.
    private func isEarlier(_ one: OpID, _ other: OpID) -> Bool {
        let left = lamports[one] ?? 0
        let right = lamports[other] ?? 0
        return left == right ? one < other : left < right
    }
}

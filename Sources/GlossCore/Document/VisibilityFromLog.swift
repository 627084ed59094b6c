/// What shows, worked out from nothing but the log, the slow way: for checking what is kept.
struct VisibilityFromLog {
    /// The highest count of each operation.
    private(set) var undoCounts: [Int]
    /// Whether each operation repeats an accepted suggestion.
    private(set) var isRepeated: [Bool]
    /// Counts set by undoing and redoing, in the order of the log.
    private(set) var countChanges: [CountChange] = []
    /// For each suggestion the changes that accept it, in the order of the log.
    private(set) var acceptances: [OpID: [Acceptance]] = [:]
    /// For each character the deletions of it.
    private var deletions: [[LocalVersion]]

    init(_ document: borrowing Document) {
        let count = document.ops.count
        undoCounts = Array(repeating: 0, count: count)
        isRepeated = Array(repeating: false, count: count)
        deletions = Array(repeating: [], count: count)
        for index in 0..<document.changes.count { read(changeAt: index, of: document) }
        for all in acceptances.values { markRepeated(all, in: document) }
    }

    /// Whether a character shows.
    func shows(_ character: LocalVersion) -> Bool {
        !isUndone(character) && !isRepeated[character]
            && deletions[character].allSatisfy { isUndone($0) }
    }

    private func isUndone(_ version: LocalVersion) -> Bool {
        !undoCounts[version].isMultiple(of: 2)
    }

    private mutating func read(changeAt index: Int, of document: borrowing Document) {
        let change = document.change(at: index)
        var version = document.changes.versions(of: index).lowerBound
        for op in change.ops {
            let versions = version..<version + op.width
            version = versions.upperBound
            switch op {
            case .insert(let insertion):
                guard let suggestion = insertion.accepts else { continue }
                accept(suggestion, by: change.id, versions) { $0.inserted.append(versions) }
            case .delete(let deletion):
                let targets = deletion.spans.flatMap { document.versions(of: $0) ?? [] }.joined()
                precondition(targets.count == versions.count, "what is deleted is known")
                for (deletion, target) in zip(versions, targets) {
                    deletions[target].append(deletion)
                }
                guard let suggestion = deletion.accepts else { continue }
                accept(suggestion, by: change.id, versions) { _ in }
            case .visibility(let visibility):
                for mark in visibility.marks {
                    raise(document.versions(of: mark.span) ?? [], to: mark.count, by: versions)
                }
            default: break
            }
        }
    }

    private mutating func raise(
        _ ranges: [Range<LocalVersion>], to count: Int, by versions: Range<LocalVersion>
    ) {
        for range in ranges {
            countChanges.append(
                CountChange(
                    version: versions.lowerBound, targets: range, count: Int32(count)))
            for target in range { undoCounts[target] = max(undoCounts[target], count) }
        }
    }

    private mutating func accept(
        _ suggestion: OpID, by change: OpID, _ versions: Range<LocalVersion>,
        _ note: (inout Acceptance) -> Void
    ) {
        var all = acceptances[suggestion] ?? []
        if all.last?.change != change {
            all.append(Acceptance(change: change, operations: [], inserted: []))
        }
        all[all.count - 1].operations.append(versions)
        note(&all[all.count - 1])
        acceptances[suggestion] = all
    }

    private mutating func markRepeated(_ all: [Acceptance], in document: borrowing Document) {
        var first: OpID?
        for acceptance in all {
            let decisive = acceptance.inserted.isEmpty ? acceptance.operations : acceptance.inserted
            guard decisive.joined().contains(where: { !isUndone($0) }) else { continue }
            if let earlier = first, document.precedes(earlier, acceptance.change) { continue }
            first = acceptance.change
        }
        guard let first else { return }
        for acceptance in all where acceptance.change != first {
            for version in acceptance.inserted.joined() { isRepeated[version] = true }
        }
    }
}

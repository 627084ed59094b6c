/// What shows, worked out from nothing but the log, in one pass for each rule: for checking what is
/// kept from change to change.
struct VisibilityFromLog {
    /// The highest count of each operation.
    private(set) var undoCounts: [Int]
    /// Whether each operation repeats an accepted suggestion.
    private(set) var isRepeated: [Bool]
    /// Whether each operation is a character that shows.
    private(set) var shows: [Bool]
    /// Counts set by undoing and redoing, in the order of the log.
    private(set) var countChanges: [CountChange] = []
    /// For each suggestion the changes that accept it, in the order of the log.
    private(set) var acceptances: [OpID: [Acceptance]] = [:]

    init(_ document: borrowing Document) {
        let count = document.ops.count
        undoCounts = Array(repeating: 0, count: count)
        isRepeated = Array(repeating: false, count: count)
        shows = Array(repeating: false, count: count)
        readCounts(document)
        readAcceptances(document)
        for all in acceptances.values { markRepeated(all, in: document) }
        for index in 0..<document.ops.runs.count {
            let versions = document.ops.versions(ofRun: index)
            switch document.ops.runs[index].kind {
            case .insertion:
                for version in versions {
                    shows[version] = !isUndone(version) && !isRepeated[version]
                }
            case .deletion:
                for version in versions where !isUndone(version) {
                    if let target = document.ops.target(of: version) { shows[target] = false }
                }
            case .other: break
            }
        }
    }

    private func isUndone(_ version: LocalVersion) -> Bool { undoCounts[version] & 1 == 1 }

    private mutating func readCounts(_ document: borrowing Document) {
        for index in 0..<document.ops.runs.count where document.ops.runs[index].kind == .other {
            let run = document.ops.runs[index]
            guard case .visibility(let visibility) = document.ops.others[Int(run.subject)] else {
                continue
            }
            for mark in visibility.marks {
                guard let ranges = document.versions(of: mark.span) else {
                    preconditionFailure("what is undone is known")
                }
                for range in ranges {
                    countChanges.append(
                        CountChange(
                            version: run.start, targets: range, count: Int32(mark.count)))
                    for target in range { undoCounts[target] = max(undoCounts[target], mark.count) }
                }
            }
        }
    }

    private mutating func readAcceptances(_ document: borrowing Document) {
        var end = 0
        for detail in document.ops.details where detail.accepts != nil && detail.version >= end {
            let index = document.changes.index(of: detail.version)
            var version = document.changes.versions(of: index).lowerBound
            end = document.changes.versions(of: index).upperBound
            let change = document.change(at: index)
            for op in change.ops {
                let versions = version..<version + op.width
                version = versions.upperBound
                switch op {
                case .insert(let insertion):
                    guard let suggestion = insertion.accepts else { continue }
                    accept(suggestion, by: change.id, versions) { $0.inserted.append(versions) }
                case .delete(let deletion):
                    guard let suggestion = deletion.accepts else { continue }
                    accept(suggestion, by: change.id, versions) { _ in }
                default: break
                }
            }
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

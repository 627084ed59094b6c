/// Where the replay of a log has to stop, because more happens there than runs of operations say:
/// behind changes that accept suggestions.
struct ReplayEvents {
    /// The changes, the next one last.
    private var changes: [Int] = []
    /// The local version at which the replay has to stop next.
    private(set) var next: LocalVersion
    private var ends: [LocalVersion] = []

    /// The stops of a document whose changes and details are there.
    init(of document: borrowing Document) {
        next = document.graph.count
        for detail in document.ops.details.reversed() where detail.accepts != nil {
            let change = document.changes.index(of: detail.version)
            if changes.last == change { continue }
            changes.append(change)
            ends.append(document.changes.versions(of: change).upperBound)
        }
        if let end = ends.last { next = end }
        last = document.graph.count
    }

    private let last: LocalVersion

    /// The change that ends here, if one does; from now on the next stop is another.
    mutating func pass() -> Int? {
        guard let change = changes.popLast() else { return nil }
        ends.removeLast()
        next = ends.last ?? last
        return change
    }
}

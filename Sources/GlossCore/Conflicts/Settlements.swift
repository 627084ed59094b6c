/// What some resolutions settle, for look-ups.
struct Settlements {
    /// For each operation the places of the resolutions that name it, ascending.
    private var settling: [OpID: [Int]] = [:]

    /// - Parameter settled: for each resolution what it settles.
    init(_ settled: [[OpID]]) {
        for (place, operations) in settled.enumerated() {
            for operation in Set(operations) { settling[operation, default: []].append(place) }
        }
    }

    /// Whether one resolution settles all of some operations. O(resolutions that name one of them).
    func cover(_ operations: [OpID]) -> Bool {
        guard !settling.isEmpty, let first = operations.first else { return false }
        var common = settling[first] ?? []
        for operation in operations.dropFirst() where !common.isEmpty {
            let others = Set(settling[operation] ?? [])
            common.removeAll { !others.contains($0) }
        }
        return !common.isEmpty
    }
}

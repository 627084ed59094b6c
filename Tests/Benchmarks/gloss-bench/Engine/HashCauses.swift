import GlossCore
import GlossProtocol

/// Whose hashes go into each change's hash, looked up beforehand: places in the list of changes.
struct HashCauses {
    private var previous: [Int?] = []
    private var dependencies: [[Int]] = []

    /// Finds the causes of changes that are in causal order.
    init(_ changes: [Change]) throws {
        var placeOf: [OpID: Int] = [:]
        func place(_ id: OpID) throws -> Int {
            guard let place = placeOf[id] else { throw BenchError("\(id) comes before its cause") }
            return place
        }
        for (index, change) in changes.enumerated() {
            let last = OpID(agent: change.agent, seq: change.seq - 1)
            previous.append(change.seq == 0 ? nil : try place(last))
            dependencies.append(try change.dependencies.map(place))
            placeOf[change.lastID] = index
        }
    }

    /// The hash of every change.
    func hashes(of changes: [EncodedChange]) -> [ChangeHash] {
        var hashes: [ChangeHash] = []
        hashes.reserveCapacity(changes.count)
        for (index, change) in changes.enumerated() {
            hashes.append(
                ChangeHash(
                    of: change, previous: previous[index].map { hashes[$0] },
                    dependencies: dependencies[index].map { hashes[$0] }))
        }
        return hashes
    }
}

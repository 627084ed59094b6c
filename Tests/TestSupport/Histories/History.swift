public import GlossCore

/// What several writers did to one article.
public struct History: Sendable {
    /// All changes in one causal order.
    public let changes: [Change]
    /// For each change the places of those it directly follows in ``changes``, ascending: its
    /// agent's previous one and its dependencies.
    public let parents: [[Int]]
    /// The text that each writer saw in the end, with how many of ``changes`` it had made or
    /// received and which.
    public let endings: [Ending]

    /// Where one writer ended.
    public struct Ending: Sendable {
        /// The places of the changes known to the writer, ascending.
        public let known: [Int]
        /// The text that showed.
        public let text: String
    }

    /// A history of changes in causal order.
    public init(changes: [Change], endings: [Ending] = []) {
        var placeOf: [OpID: Int] = [:]
        var parents: [[Int]] = []
        for (place, change) in changes.enumerated() {
            var causes = change.dependencies
            if change.seq > 0 { causes.append(OpID(agent: change.agent, seq: change.seq - 1)) }
            parents.append(
                causes.map { cause in
                    guard let place = placeOf[cause] else {
                        preconditionFailure("\(change.id) stands before its cause \(cause)")
                    }
                    return place
                }.sorted())
            placeOf[change.lastID] = place
        }
        self.changes = changes
        self.parents = parents
        self.endings = endings
    }

    /// The places of all changes that a change follows, ascending.
    public func past(of place: Int) -> [Int] {
        var isPast = Array(repeating: false, count: place)
        var open = parents[place]
        while let next = open.popLast() {
            if isPast[next] { continue }
            isPast[next] = true
            open += parents[next]
        }
        return isPast.indices.filter { isPast[$0] }
    }
}

extension History {
    /// Random causal orders: every change stands behind those it follows.
    ///
    /// They differ in kind, from single changes shuffled to long stretches of one branch.
    public func deliveryOrders(
        _ count: Int, using random: inout some RandomNumberGenerator
    ) -> [[Change]] {
        (0..<count).map { _ in
            let persistence = Double.random(in: 0..<1, using: &random)
            return deliveryOrder(persistence: persistence, using: &random).map { changes[$0] }
        }
    }

    /// An order that breaks causality and repeats some changes, for what keeps changes back until
    /// their causes come. Each change occurs at least once.
    public func disorderedDelivery(using random: inout some RandomNumberGenerator) -> [Change] {
        var order = changes
        for change in changes where Int.random(in: 0..<8, using: &random) == 0 {
            order.append(change)
        }
        order.shuffle(using: &random)
        return order
    }

    /// A causal order that goes on with what has just become possible with a probability of
    /// `persistence`, and else with anything.
    private func deliveryOrder(
        persistence: Double, using random: inout some RandomNumberGenerator
    ) -> [Int] {
        var missing = parents.map(\.count)
        var followers = Array(repeating: [Int](), count: changes.count)
        for (place, causes) in parents.enumerated() {
            for cause in causes { followers[cause].append(place) }
        }
        var ready = missing.indices.filter { missing[$0] == 0 }
        var order: [Int] = []
        while !ready.isEmpty {
            let goesOn = Double.random(in: 0..<1, using: &random) < persistence
            let pick = goesOn ? ready.count - 1 : Int.random(in: ready.indices, using: &random)
            let place = ready.remove(at: pick)
            order.append(place)
            for follower in followers[place].shuffled(using: &random) {
                missing[follower] -= 1
                if missing[follower] == 0 { ready.append(follower) }
            }
        }
        return order
    }
}

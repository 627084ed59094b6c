/// Times that something took, in microseconds.
struct Latencies: Sendable {
    private(set) var values: [Int] = []

    mutating func add(_ microseconds: Int) { values.append(microseconds) }

    mutating func add(_ others: Latencies) { values += others.values }

    var count: Int { values.count }

    /// The time, in milliseconds, that a share of them stayed within, for each share; 0 if there are none.
    func milliseconds(at shares: [Double]) -> [Double] {
        let sorted = values.sorted()
        return shares.map { share in
            guard !sorted.isEmpty else { return 0 }
            let index = min(sorted.count - 1, Int(Double(sorted.count) * share))
            return Double(sorted[index]) / 1e3
        }
    }
}

/// Microseconds of a clock that does not go back, the same for all of this process.
struct Stopwatch: Sendable {
    private let start = ContinuousClock.now

    var microseconds: Int {
        let time = start.duration(to: .now).components
        return Int(time.seconds) * 1_000_000 + Int(time.attoseconds / 1_000_000_000_000)
    }
}

import GlossProtocol

/// How often somebody has failed at something: each name may fail a number of times in a row, and then
/// as often as time passes.
struct FailureDebts {
    /// Names that are remembered. Beyond it the one that has failed least is forgotten.
    static let nameLimit = WireLimits.failuresKept

    /// How often somebody may fail in a row.
    private let count: Int
    /// Milliseconds that pay for one failure.
    private let time: Int
    /// The moment, on the steady clock, at which a name has paid for its failures.
    private var settled: [String: Int] = [:]

    init(count: Int, time: Int) {
        (self.count, self.time) = (count, time)
    }

    /// How many more failures a name has room for; `nil` if not even for one.
    func room(for name: String, now: Int) -> Int? {
        let left = (count - 1) * time - max(0, (settled[name] ?? now) - now)
        return left < 0 ? nil : left / time + 1
    }

    /// Notes that a name has failed.
    ///
    /// - Complexity: O(1), and O(names) where the limit of them is reached.
    mutating func note(_ name: String, now: Int) {
        if settled[name] == nil, settled.count >= Self.nameLimit {
            settled = settled.filter { $0.value > now }
            if settled.count >= Self.nameLimit,
                let least = settled.min(by: { ($0.value, $0.key) < ($1.value, $1.key) })
            {
                settled[least.key] = nil
            }
        }
        settled[name] = min(max(settled[name] ?? now, now) + time, now + count * time)
    }
}

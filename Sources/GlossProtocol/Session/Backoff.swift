/// How long a client waits before it connects again: exponential, with full jitter, so that many
/// clients that lost one server do not come back at once.
public struct Backoff: Hashable, Sendable {
    /// Milliseconds of the first step.
    public static let base = 200
    /// Milliseconds of the longest step.
    public static let cap = 30_000

    private var attempt = 0

    /// Nothing has failed yet.
    public init() {}

    /// Milliseconds until the next attempt: between 0 and the current step, or between the server's
    /// own delay and half as much again.
    ///
    /// - Parameters:
    ///   - asked: Milliseconds the server asked to wait, where it did.
    ///   - random: Where the jitter comes from.
    public mutating func next(
        asked: Int? = nil, using random: inout some RandomNumberGenerator
    ) -> Int {
        let step = min(Self.cap, Self.base << min(attempt, 20))
        attempt += 1
        if let asked, asked > 0 {
            let delay = min(asked, 3_600_000)
            return delay + Int.random(in: 0...delay / 2, using: &random)
        }
        return Int.random(in: 0...step, using: &random)
    }

    /// The connection has been good for a while: start over.
    public mutating func reset() {
        attempt = 0
    }
}

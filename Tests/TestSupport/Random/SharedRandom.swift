import Synchronization

/// Seeded chance that several closures draw from in turn.
public final class SharedRandom: Sendable {
    private let random: Mutex<SeededRandom>

    /// A source that starts from `seed`.
    public init(seed: UInt64) {
        random = Mutex(SeededRandom(seed: seed))
    }

    /// The next 64 bits.
    public func next() -> UInt64 { random.withLock { $0.next() } }
}

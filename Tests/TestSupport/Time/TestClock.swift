import Synchronization

/// A clock that tests turn.
public final class TestClock: Sendable {
    /// Noon of a Wednesday, 4 March 2026, in UTC.
    public static let start = 1_772_625_600_000

    private let time = Mutex(TestClock.start)

    /// A clock that shows `start`.
    public init() {}

    /// Milliseconds since 1970.
    public var now: Int { time.withLock { $0 } }

    /// Lets time pass.
    public func pass(minutes: Int) { time.withLock { $0 += minutes * 60_000 } }
}

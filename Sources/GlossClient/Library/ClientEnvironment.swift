public import GlossCrypto

/// What the client takes from outside: the clocks, how it waits, and chance.
public struct ClientEnvironment: Sendable {
    /// The clock, in milliseconds since 1970.
    public var now: @Sendable () -> Int
    /// Milliseconds since some moment; never goes back.
    public var steady: @Sendable () -> Int = {
        Int((ContinuousClock.now - ClientEnvironment.start) / .milliseconds(1))
    }
    /// Waits; ends early, with an error, when the task is cancelled.
    public var sleep: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    /// 64 random bits, from a source fit for secrets.
    public var random: @Sendable () -> UInt64

    /// An environment. Randomness comes from the system unless a test gives its own.
    public init(
        now: @escaping @Sendable () -> Int,
        random: @escaping @Sendable () -> UInt64 = {
            var source = SystemRandom()
            return source.next()
        }
    ) {
        self.now = now
        self.random = random
    }

    private static let start = ContinuousClock.now
}

/// A caller's source as a generator.
struct EnvironmentRandom: RandomNumberGenerator {
    let environment: ClientEnvironment

    mutating func next() -> UInt64 { environment.random() }
}

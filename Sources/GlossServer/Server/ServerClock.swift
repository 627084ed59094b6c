import Glibc

/// The two clocks a server needs and how it waits, passed in so that tests can turn them.
struct ServerClock: Sendable {
    /// Milliseconds since 1970.
    var wall: @Sendable () -> Int
    /// Milliseconds since some moment; never goes back.
    var steady: @Sendable () -> Int
    /// Waits; ends early, with an error, when the task is cancelled.
    var sleep: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }

    /// The machine's clocks.
    static let system = ServerClock(
        wall: { read(CLOCK_REALTIME) }, steady: { read(CLOCK_MONOTONIC) })

    private static func read(_ clock: clockid_t) -> Int {
        var time = timespec()
        clock_gettime(clock, &time)
        return time.tv_sec * 1_000 + time.tv_nsec / 1_000_000
    }
}

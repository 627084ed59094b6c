import Glibc

/// The two clocks a server needs, passed in so that tests can turn them.
struct ServerClock: Sendable {
    /// Milliseconds since 1970.
    var wall: @Sendable () -> Int
    /// Milliseconds since some moment; never goes back.
    var steady: @Sendable () -> Int

    /// The machine's clocks.
    static let system = ServerClock(
        wall: { read(CLOCK_REALTIME) }, steady: { read(CLOCK_MONOTONIC) })

    private static func read(_ clock: clockid_t) -> Int {
        var time = timespec()
        clock_gettime(clock, &time)
        return time.tv_sec * 1_000 + time.tv_nsec / 1_000_000
    }
}

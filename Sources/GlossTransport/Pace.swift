import NIOCore

/// Spreads what comes in crowds over time: handshakes after a restart, ends when a network goes. Each
/// costs, and those who are connected are served in between.
///
/// The generic cell rate algorithm (ITU-T I.371): a turn every interval, a tenth of a second's turns
/// at once.
struct Pace {
    private let interval: Int64
    private let burst: Int64
    private let patience: Int64
    /// When the next turn would be without any burst.
    private var next = NIODeadline.uptimeNanoseconds(0)

    /// - Parameter patience: how long anybody waits for a turn; as long as it takes unless told.
    init(perSecond: Int, patience: TimeAmount = .nanoseconds(.max)) {
        interval = 1_000_000_000 / Int64(max(1, perSecond))
        burst = 100_000_000
        self.patience = patience.nanoseconds
    }

    /// How long whoever comes now has to wait; `nil` if that is too long.
    mutating func delay(now: NIODeadline) -> TimeAmount? {
        let due = max(next, now)
        let delay = max(0, (due - now).nanoseconds - burst)
        guard delay <= patience else { return nil }
        next = due + .nanoseconds(interval)
        return .nanoseconds(delay)
    }
}

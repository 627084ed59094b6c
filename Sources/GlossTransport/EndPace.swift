import NIOCore
import Synchronization

/// Gives the ends of a listener's connections their turns. That a peer is gone is noticed at once and
/// costs little; what follows, its session and the socket, waits when thousands go together.
final class EndPace: Sendable {
    /// Nil once nobody waits any more.
    private let pace: Mutex<Pace?>

    init(perSecond: Int) {
        pace = Mutex(Pace(perSecond: perSecond))
    }

    /// Whether every end comes at once.
    var isLifted: Bool { pace.withLock { $0 == nil } }

    /// From now on every end comes at once: the listener stops.
    func lift() {
        pace.withLock { $0 = nil }
    }

    /// Does `end` when it is its turn, which may be now. Call on `eventLoop`, where it is done.
    func take(on eventLoop: any EventLoop, _ end: @escaping @Sendable () -> Void) {
        let delay = pace.withLock { $0?.delay(now: .now()) }
        guard let delay, delay.nanoseconds > 0 else { return end() }
        eventLoop.scheduleTask(in: delay, end)
    }
}

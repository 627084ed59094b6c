/// When to ask for a sign of life, and when to give up. Both sides have one.
struct Heartbeat: Hashable, Sendable {
    enum Verdict: Hashable { case fine, ask, dead }

    /// Milliseconds of silence before asking.
    var interval: Int
    private var heardAt: Int
    private var askedAt: Int?

    init(interval: Int, now: Int) {
        self.interval = interval
        heardAt = now
    }

    /// When ``check(now:)`` is due next.
    var deadline: Int {
        askedAt.map { $0 + WireLimits.pongTime } ?? heardAt + interval
    }

    mutating func heard(now: Int) {
        heardAt = now
        askedAt = nil
    }

    mutating func check(now: Int) -> Verdict {
        if now < deadline { return .fine }
        if askedAt != nil { return .dead }
        askedAt = now
        return .ask
    }
}

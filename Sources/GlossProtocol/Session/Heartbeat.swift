/// When to ask for a sign of life, and when to give up. Both sides have one.
struct Heartbeat: Hashable, Sendable {
    enum Verdict: Hashable { case fine, ask, dead }

    /// Milliseconds of silence before asking.
    var interval: Int
    private var heardAt: Int
    private var askedAt: Int?
    /// Whether bytes came since the last line, or since it was asked.
    private var hasStirred = false

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
        hasStirred = false
    }

    /// Part of a line came. Whoever sends a long one over a thin link is not dead, but cannot answer.
    mutating func stirred() { hasStirred = true }

    mutating func check(now: Int) -> Verdict {
        if now < deadline { return .fine }
        if askedAt != nil, !hasStirred { return .dead }
        askedAt = now
        hasStirred = false
        return .ask
    }
}

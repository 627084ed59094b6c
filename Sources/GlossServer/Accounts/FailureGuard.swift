import GlossProtocol
import Synchronization

/// Limits how often somebody may fail: at guessing credentials from an address, or at showing receipts
/// as a user. Each name may fail a number of times in a row, and then as often as time passes. What
/// succeeds costs nothing.
///
/// An attempt counts as a failure while it is under way, so that many at once are no way around it:
/// what would go over the limit waits until the ones before are decided.
final class FailureGuard: Sendable {
    /// The attempts of a name that are not decided.
    private struct Attempts {
        var underWay = 0
        /// Those that wait, behind some that do no longer.
        private var waiting: [CheckedContinuation<Bool, Never>?] = []
        private var decided = 0

        var areWaiting: Bool { decided < waiting.count }

        mutating func wait(_ continuation: CheckedContinuation<Bool, Never>) {
            waiting.append(continuation)
        }

        /// Takes the one that has waited longest. O(1), seen over all of them.
        mutating func takeFirst() -> CheckedContinuation<Bool, Never>? {
            guard areWaiting else { return nil }
            defer {
                decided += 1
                if decided > 64, decided * 2 > waiting.count {
                    waiting.removeFirst(decided)
                    decided = 0
                }
            }
            return waiting[decided].take()
        }
    }

    private struct State {
        var debts: FailureDebts
        var attempts: [String: Attempts] = [:]

        /// Whether one more attempt of a name may fail; `nil` if that depends on those under way.
        func allows(_ name: String, now: Int) -> Bool? {
            guard let room = debts.room(for: name, now: now) else { return false }
            return (attempts[name]?.underWay ?? 0) < room ? true : nil
        }
    }

    private let state: Mutex<State>

    /// A guard that lets each name fail `count` times in a row, and then once each `time` milliseconds.
    init(count: Int, time: Int) {
        state = Mutex(State(debts: FailureDebts(count: count, time: time)))
    }

    /// A guard of logins.
    static func logins() -> FailureGuard {
        FailureGuard(count: WireLimits.failedLogins, time: WireLimits.failedLoginTime)
    }

    /// A guard of receipts.
    static func receipts() -> FailureGuard {
        FailureGuard(count: WireLimits.falseReceipts, time: WireLimits.falseReceiptTime)
    }

    /// Whether somebody may try now, once that is decided. Who may calls ``finish(_:failed:now:)``
    /// afterwards.
    func begin(_ name: String, now: Int) async -> Bool {
        await withCheckedContinuation { continuation in
            let answer = state.withLock { state -> Bool? in
                let answer = state.allows(name, now: now)
                switch answer {
                case true?: state.attempts[name, default: Attempts()].underWay += 1
                case false?: break
                case nil: state.attempts[name]?.wait(continuation)
                }
                return answer
            }
            if let answer { continuation.resume(returning: answer) }
        }
    }

    /// Ends an attempt: `failed` if what was shown is not right.
    ///
    /// - Complexity: O(attempts that it decides), and O(names) where the limit of them is reached.
    func finish(_ name: String, failed: Bool, now: Int) {
        let decided = state.withLock { state in
            if failed { state.debts.note(name, now: now) }
            precondition(state.attempts[name] != nil, "an attempt ends once")
            state.attempts[name]?.underWay -= 1
            var decided: [(CheckedContinuation<Bool, Never>, Bool)] = []
            while state.attempts[name]?.areWaiting == true,
                let answer = state.allows(name, now: now),
                let first = state.attempts[name]?.takeFirst()
            {
                if answer { state.attempts[name]?.underWay += 1 }
                decided.append((first, answer))
            }
            if let left = state.attempts[name], left.underWay == 0, !left.areWaiting {
                state.attempts[name] = nil
            }
            return decided
        }
        for (continuation, answer) in decided { continuation.resume(returning: answer) }
    }
}

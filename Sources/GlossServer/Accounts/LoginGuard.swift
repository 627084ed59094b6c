import GlossProtocol
import Synchronization

/// Limits how often credentials can be guessed: each address may fail a number of times in a row, and
/// then as often as time passes. Logins that succeed cost nothing.
///
/// An attempt counts as a failure while it is under way, so that many at once are no way around it:
/// what would go over the limit waits until the ones before are decided.
final class LoginGuard: Sendable {
    /// The attempts of an address that are not decided.
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
        var debts = FailureDebts(
            count: WireLimits.failedLogins, time: WireLimits.failedLoginTime)
        var attempts: [String: Attempts] = [:]

        /// Whether one more attempt from an address may fail; `nil` if that depends on those under way.
        func allows(_ address: String, now: Int) -> Bool? {
            guard let room = debts.room(for: address, now: now) else { return false }
            return (attempts[address]?.underWay ?? 0) < room ? true : nil
        }
    }

    private let state = Mutex(State())

    /// Whether somebody at an address may try now, once that is decided. Who may calls
    /// ``finish(_:failed:now:)`` afterwards.
    func begin(_ address: String, now: Int) async -> Bool {
        await withCheckedContinuation { continuation in
            let answer = state.withLock { state -> Bool? in
                let answer = state.allows(address, now: now)
                switch answer {
                case true?: state.attempts[address, default: Attempts()].underWay += 1
                case false?: break
                case nil: state.attempts[address]?.wait(continuation)
                }
                return answer
            }
            if let answer { continuation.resume(returning: answer) }
        }
    }

    /// Ends an attempt: `failed` if the credential was none.
    ///
    /// - Complexity: O(attempts that it decides), and O(addresses) where the limit of them is reached.
    func finish(_ address: String, failed: Bool, now: Int) {
        let decided = state.withLock { state in
            if failed { state.debts.note(address, now: now) }
            precondition(state.attempts[address] != nil, "an attempt ends once")
            state.attempts[address]?.underWay -= 1
            var decided: [(CheckedContinuation<Bool, Never>, Bool)] = []
            while state.attempts[address]?.areWaiting == true,
                let answer = state.allows(address, now: now),
                let first = state.attempts[address]?.takeFirst()
            {
                if answer { state.attempts[address]?.underWay += 1 }
                decided.append((first, answer))
            }
            if let left = state.attempts[address], left.underWay == 0, !left.areWaiting {
                state.attempts[address] = nil
            }
            return decided
        }
        for (continuation, answer) in decided { continuation.resume(returning: answer) }
    }
}

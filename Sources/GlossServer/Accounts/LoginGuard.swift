import GlossProtocol
import Synchronization

/// Limits how often credentials can be guessed: each address may fail a number of times in a row, and
/// then as often as time passes. Logins that succeed cost nothing.
///
/// An attempt counts as a failure while it is under way, so that many at once are no way around it:
/// what would go over the limit waits until the ones before are decided.
final class LoginGuard: Sendable {
    /// Addresses that are remembered. Beyond it the one that has failed least is forgotten.
    static let addressLimit = 4_096

    /// The attempts of an address that are not decided.
    private struct Attempts {
        var underWay = 0
        var waiting: [CheckedContinuation<Bool, Never>] = []
    }

    private struct State {
        /// The moment, on the steady clock, at which an address has paid for its failures.
        var settled: [String: Int] = [:]
        var attempts: [String: Attempts] = [:]

        /// Whether one more attempt from an address may fail; `nil` if that depends on those under way.
        func allows(_ address: String, now: Int) -> Bool? {
            let limit = (WireLimits.failedLogins - 1) * WireLimits.failedLoginTime
            let debt = max(0, (settled[address] ?? now) - now)
            if debt > limit { return false }
            let underWay = attempts[address]?.underWay ?? 0
            return debt + underWay * WireLimits.failedLoginTime <= limit ? true : nil
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
                case nil: state.attempts[address]?.waiting.append(continuation)
                }
                return answer
            }
            if let answer { continuation.resume(returning: answer) }
        }
    }

    /// Ends an attempt: `failed` if the credential was none.
    ///
    /// - Complexity: O(attempts that wait), and O(addresses) where the limit of them is reached.
    func finish(_ address: String, failed: Bool, now: Int) {
        let decided = state.withLock { state in
            if failed { Self.noteFailure(address, now: now, in: &state.settled) }
            guard var attempts = state.attempts.removeValue(forKey: address) else {
                preconditionFailure("an attempt ends once")
            }
            let waiting = attempts.waiting
            attempts.waiting = []
            attempts.underWay -= 1
            state.attempts[address] = attempts
            var decided: [(CheckedContinuation<Bool, Never>, Bool)] = []
            for continuation in waiting {
                guard let answer = state.allows(address, now: now) else { break }
                if answer { state.attempts[address]?.underWay += 1 }
                decided.append((continuation, answer))
            }
            if decided.count == waiting.count, state.attempts[address]?.underWay == 0 {
                state.attempts[address] = nil
            } else {
                state.attempts[address]?.waiting = Array(waiting[decided.count...])
            }
            return decided
        }
        for (continuation, answer) in decided { continuation.resume(returning: answer) }
    }

    /// Notes that somebody at an address has shown a credential that is none.
    private static func noteFailure(
        _ address: String, now: Int, in settled: inout [String: Int]
    ) {
        if settled[address] == nil, settled.count >= addressLimit {
            settled = settled.filter { $0.value > now }
            if settled.count >= addressLimit,
                let least = settled.min(by: { ($0.value, $0.key) < ($1.value, $1.key) })
            {
                settled[least.key] = nil
            }
        }
        let most = now + WireLimits.failedLogins * WireLimits.failedLoginTime
        let next = max(settled[address] ?? now, now) + WireLimits.failedLoginTime
        settled[address] = min(next, most)
    }
}

import GlossProtocol
import Synchronization

/// Limits how often credentials can be guessed: each address may fail a number of times in a row, and
/// then as often as time passes. Logins that succeed cost nothing.
final class LoginGuard: Sendable {
    /// Addresses that are remembered. Beyond it the one that has failed least is forgotten.
    static let addressLimit = 4_096

    /// The moment, on the steady clock, at which an address has paid for its failures.
    private let settled = Mutex<[String: Int]>([:])

    /// Whether somebody at an address may try now.
    func allows(_ address: String, now: Int) -> Bool {
        let debt = settled.withLock { $0[address] ?? now } - now
        return debt <= (WireLimits.failedLogins - 1) * WireLimits.failedLoginTime
    }

    /// Notes that somebody at an address has shown a credential that is none.
    ///
    /// - Complexity: O(1), or O(addresses) where the limit of them is reached.
    func noteFailure(_ address: String, now: Int) {
        settled.withLock { settled in
            if settled[address] == nil, settled.count >= Self.addressLimit {
                settled = settled.filter { $0.value > now }
                if settled.count >= Self.addressLimit,
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
}

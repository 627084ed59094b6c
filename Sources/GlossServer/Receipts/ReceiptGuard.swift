import GlossProtocol
import Synchronization

/// Limits how often somebody may have a server look into receipts that it has not given: each user may
/// show some in a row, and then one as often as time passes.
final class ReceiptGuard: Sendable {
    /// What who is over the limit is told.
    static let message = "too many receipts that are not this server's; wait a while"

    private let debts = Mutex(
        FailureDebts(count: WireLimits.falseReceipts, time: WireLimits.falseReceiptTime))

    /// Whether a user may show a receipt now.
    func allows(_ user: String, now: Int) -> Bool {
        debts.withLock { $0.room(for: user, now: now) != nil }
    }

    /// Notes that a user has shown a receipt that is none.
    func noteFalse(_ user: String, now: Int) {
        debts.withLock { $0.note(user, now: now) }
    }
}

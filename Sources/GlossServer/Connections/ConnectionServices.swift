import GlossProtocol
import GlossStorage
import Logging

/// What every connection works with.
struct ConnectionServices {
    var store: any Store
    var rooms: Rooms
    var accounts: Accounts
    var access: Access
    var clock: ServerClock
    var log: Logger
    /// Called if the disk can no longer be trusted.
    var onFatal: @Sendable (StoreError) -> Void
    var limits = SessionLimits()
    let logins = FailureGuard.logins()
    let timekeeper = Timekeeper()
    let presence: PresenceBoard
    var heartbeat = WireLimits.heartbeat
    var metrics = ServerMetrics()
}

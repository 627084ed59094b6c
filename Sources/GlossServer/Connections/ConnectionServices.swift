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
    var limits = SessionLimits()
    var heartbeat = WireLimits.heartbeat
}

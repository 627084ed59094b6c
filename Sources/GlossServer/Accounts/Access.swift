import GlossCore
import GlossProtocol
import Synchronization

/// Who may do what at this moment, for everybody who is connected: asked at every push and every
/// page, so it is kept in memory and changed at once when the store has changed.
final class Access: Sendable {
    /// A connection that is to hear of changes.
    protocol Listener: AnyObject, Sendable {
        /// The user's roles or the device's standing may have changed. Must not block.
        func accessChanged()
        /// A library that the user is a member of has a new document. Must not block.
        func documentAppeared(_ appeared: DocumentAppeared)
    }

    /// A user who is connected.
    private struct Present {
        /// The reading that the roles are from.
        var applied = 0
        var roles = UserRoles()
        var listeners: [ObjectIdentifier: (device: DeviceID, listener: any Listener)] = [:]
    }

    private struct State {
        /// Numbers the readings of roles, so that an older one does not undo a newer one.
        var readings = 0
        var users: [String: Present] = [:]
        var userOfListener: [ObjectIdentifier: String] = [:]
        var revoked: Set<DeviceID> = []
    }

    private let state = Mutex(State())

    /// The role of a user who is connected; `nil` if they are no member.
    func role(of user: String, in library: LibraryID) -> Role? {
        state.withLock { $0.users[user]?.roles.libraries[library] }
    }

    /// The role of a user who is connected on a document; `nil` if they may not read it.
    func role(of user: String, in scope: DocumentScope) -> Role? {
        state.withLock { $0.users[user]?.roles.role(of: user, in: scope) }
    }

    /// The libraries that a user who is connected is a member of, with their roles.
    func libraries(of user: String) -> [LibraryID: Role] {
        state.withLock { $0.users[user]?.roles.libraries ?? [:] }
    }

    /// Whether a device was revoked since the server started.
    func isRevoked(_ device: DeviceID) -> Bool {
        state.withLock { $0.revoked.contains(device) }
    }

    /// Puts a connection on the list. Read what the store has of its user and device behind this
    /// call, so that no change falls between.
    func add(_ listener: any Listener, user: String, device: DeviceID) {
        state.withLock { state in
            let id = ObjectIdentifier(listener)
            state.userOfListener[id] = user
            state.users[user, default: Present()].listeners[id] = (device, listener)
        }
    }

    /// How many connections of a user's device are on the list.
    func connectionCount(of device: DeviceID, of user: String) -> Int {
        state.withLock { state in
            (state.users[user]?.listeners.values ?? [:].values).count { $0.device == device }
        }
    }

    /// Takes a connection off the list, and forgets its user with their last one.
    func remove(_ listener: any Listener) {
        state.withLock { state in
            let id = ObjectIdentifier(listener)
            guard let user = state.userOfListener.removeValue(forKey: id) else { return }
            state.users[user]?.listeners[id] = nil
            if state.users[user]?.listeners.isEmpty == true { state.users[user] = nil }
        }
    }

    /// To be called before roles are read from the store; pass the number on with them.
    func startReading() -> Int {
        state.withLock { state in
            state.readings += 1
            return state.readings
        }
    }

    /// Notes the roles of a user as the store had them, and tells their connections if they are
    /// others than before. Of two readings the one that was started later counts, whichever ends
    /// first: nobody has to read again, so that many connections of a user may log in at once.
    func setRoles(_ roles: UserRoles, of user: String, read reading: Int) {
        let listeners = state.withLock { state -> [any Listener] in
            guard let present = state.users[user], reading > present.applied else { return [] }
            state.users[user]?.applied = reading
            if present.roles == roles { return [] }
            state.users[user]?.roles = roles
            return present.listeners.values.map(\.listener)
        }
        for listener in listeners { listener.accessChanged() }
    }

    /// Notes that the store has a device of a user as revoked, and tells its connections.
    func revoke(_ device: DeviceID, of user: String) {
        let listeners = state.withLock { state -> [any Listener] in
            state.revoked.insert(device)
            return (state.users[user]?.listeners.values ?? [:].values)
                .filter { $0.device == device }.map(\.listener)
        }
        for listener in listeners { listener.accessChanged() }
    }

    /// Tells those who are connected and may read it of a new document, but for `author`.
    ///
    /// - Complexity: O(connections).
    func announce(_ appeared: DocumentAppeared, besides author: any Listener) {
        let listeners = state.withLock { state in
            state.users.filter { $1.roles.role(of: $0, in: appeared.scope) != nil }.values
                .flatMap { $0.listeners.values.map(\.listener) }
        }
        for listener in listeners where listener !== author { listener.documentAppeared(appeared) }
    }

    /// Tells a user's connections of a document that they may read now, but for `author`.
    func announce(
        _ appeared: DocumentAppeared, to user: String, besides author: (any Listener)? = nil
    ) {
        let listeners = state.withLock { state in
            (state.users[user]?.listeners.values ?? [:].values).map(\.listener)
        }
        for listener in listeners where listener !== author { listener.documentAppeared(appeared) }
    }

    /// How many connections have logged in.
    var connectionCount: Int { state.withLock { $0.userOfListener.count } }
}

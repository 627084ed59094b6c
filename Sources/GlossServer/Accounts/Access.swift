import GlossCore
import Synchronization

/// Who may do what at this moment, for everybody who is connected: asked at every push and every
/// page, so it is kept in memory and changed at once when the store has changed.
final class Access: Sendable {
    /// Somebody to be told when their access changes.
    protocol Listener: AnyObject, Sendable {
        /// The user's roles or the device's standing may have changed. Must not block.
        func accessChanged()
    }

    private struct Entry {
        var user: String
        var device: DeviceID
        var listener: any Listener
    }

    private struct State {
        var roles: [String: [LibraryID: Role]] = [:]
        var revoked: Set<DeviceID> = []
        var entries: [ObjectIdentifier: Entry] = [:]
    }

    private let state = Mutex(State())

    /// The role of a user who is connected; `nil` if they are no member.
    func role(of user: String, in library: LibraryID) -> Role? {
        state.withLock { $0.roles[user]?[library] }
    }

    /// The roles of a user who is connected.
    func roles(of user: String) -> [LibraryID: Role] {
        state.withLock { $0.roles[user] ?? [:] }
    }

    /// Whether a device was revoked while it was connected.
    func isRevoked(_ device: DeviceID) -> Bool {
        state.withLock { $0.revoked.contains(device) }
    }

    /// Puts a connection on the list. What was read from the store before this may be old: read
    /// it behind this call and pass it to ``setRoles(_:of:)``.
    func add(_ listener: any Listener, user: String, device: DeviceID) {
        state.withLock { state in
            state.entries[ObjectIdentifier(listener)] = Entry(
                user: user, device: device, listener: listener)
        }
    }

    /// Takes a connection off the list, and forgets its user with their last one.
    func remove(_ listener: any Listener) {
        state.withLock { state in
            guard let entry = state.entries.removeValue(forKey: ObjectIdentifier(listener)),
                !state.entries.values.contains(where: { $0.user == entry.user })
            else { return }
            state.roles[entry.user] = nil
        }
    }

    /// Notes the roles of a user as the store has them now, and tells their connections.
    func setRoles(_ roles: [LibraryID: Role], of user: String) {
        let listeners = state.withLock { state -> [any Listener] in
            let entries = state.entries.values.filter { $0.user == user }
            guard !entries.isEmpty, state.roles[user] != roles else { return [] }
            state.roles[user] = roles
            return entries.map(\.listener)
        }
        for listener in listeners { listener.accessChanged() }
    }

    /// Notes that the store has a device as revoked, and tells its connections.
    func revoke(_ device: DeviceID) {
        let listeners = state.withLock { state -> [any Listener] in
            state.revoked.insert(device)
            return state.entries.values.filter { $0.device == device }.map(\.listener)
        }
        for listener in listeners { listener.accessChanged() }
    }

    /// How many connections there are, and of how many users.
    var counts: (connections: Int, users: Int) {
        state.withLock { ($0.entries.count, Set($0.entries.values.map(\.user)).count) }
    }
}

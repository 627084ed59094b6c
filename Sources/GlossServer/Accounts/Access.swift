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

    private struct Entry {
        var user: String
        var device: DeviceID
        var listener: any Listener
    }

    private struct State {
        var generation = 0
        var roles: [String: [LibraryID: Role]] = [:]
        var revoked: Set<DeviceID> = []
        var entries: [ObjectIdentifier: Entry] = [:]
    }

    private let state = Mutex(State())

    /// The role of a user who is connected; `nil` if they are no member.
    func role(of user: String, in library: LibraryID) -> Role? {
        state.withLock { $0.roles[user]?[library] }
    }

    /// Whether a device was revoked since the server started.
    func isRevoked(_ device: DeviceID) -> Bool {
        state.withLock { $0.revoked.contains(device) }
    }

    /// Puts a connection on the list. Read what the store has of its user and device behind this
    /// call, so that no change falls between.
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

    /// To be called before roles are read from the store; pass the number on with them.
    func startReading() -> Int {
        state.withLock { state in
            state.generation += 1
            return state.generation
        }
    }

    /// Notes the roles of a user as the store had them, and tells their connections.
    ///
    /// - Returns: false if somebody has started to read since; then read again.
    func setRoles(_ roles: [LibraryID: Role], of user: String, read generation: Int) -> Bool {
        let listeners = state.withLock { state -> [any Listener]? in
            guard generation == state.generation else { return nil }
            let entries = state.entries.values.filter { $0.user == user }
            guard !entries.isEmpty, state.roles[user] != roles else { return [] }
            state.roles[user] = roles
            return entries.map(\.listener)
        }
        for listener in listeners ?? [] { listener.accessChanged() }
        return listeners != nil
    }

    /// Notes that the store has a device as revoked, and tells its connections.
    func revoke(_ device: DeviceID) {
        let listeners = state.withLock { state -> [any Listener] in
            state.revoked.insert(device)
            return state.entries.values.filter { $0.device == device }.map(\.listener)
        }
        for listener in listeners { listener.accessChanged() }
    }

    /// Tells the members of a library who are connected of a new document, but for `author`.
    func announce(_ appeared: DocumentAppeared, besides author: any Listener) {
        let listeners = state.withLock { state in
            state.entries.values
                .filter { state.roles[$0.user]?[appeared.library] != nil }
                .map(\.listener)
        }
        for listener in listeners where listener !== author { listener.documentAppeared(appeared) }
    }

    /// How many connections have logged in.
    var connectionCount: Int { state.withLock { $0.entries.count } }
}

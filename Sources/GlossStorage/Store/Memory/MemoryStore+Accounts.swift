public import GlossCore

extension MemoryStore {
    /// The ``Store`` requirement.
    public func addLibrary(_ library: LibraryRecord) throws(StoreError) {
        try checkOpen()
        guard libraryRecords[library.id] == nil,
            !libraryRecords.values.contains(where: { $0.name == library.name })
        else { throw StoreError(.exists, "There is a library “\(library.name)” already.") }
        libraryRecords[library.id] = library
    }

    /// The ``Store`` requirement.
    public func libraries() throws(StoreError) -> [LibraryRecord] {
        try checkOpen()
        return libraryRecords.values.sorted { utf8($0.name, before: $1.name) }
    }

    /// The ``Store`` requirement.
    public func library(_ id: LibraryID) throws(StoreError) -> LibraryRecord? {
        try checkOpen()
        return libraryRecords[id]
    }

    /// The ``Store`` requirement.
    public func library(named name: String) throws(StoreError) -> LibraryRecord? {
        try libraries().first { $0.name == name }
    }

    /// The ``Store`` requirement.
    public func members(of library: LibraryID) throws(StoreError) -> [Membership] {
        try checkOpen()
        return (roles[library] ?? [:])
            .map { Membership(library: library, user: $0.key, role: $0.value) }
            .sorted { utf8($0.user, before: $1.user) }
    }

    /// The ``Store`` requirement.
    public func memberships(of user: String) throws(StoreError) -> [Membership] {
        try checkOpen()
        return
            roles
            .compactMap { library, members in
                members[user].map { Membership(library: library, user: user, role: $0) }
            }
            .sorted { $0.library.rawValue < $1.library.rawValue }
    }

    /// The ``Store`` requirement.
    public func role(of user: String, in library: LibraryID) throws(StoreError) -> Role? {
        try checkOpen()
        return roles[library]?[user]
    }

    /// The ``Store`` requirement.
    public func setRole(_ role: Role?, of user: String, in library: LibraryID) throws(StoreError) {
        try checkOpen()
        guard libraryRecords[library] != nil else { throw AccountRules.unknown(library) }
        guard userRecords[user] != nil else { throw AccountRules.unknown(user: user) }
        let previous = roles[library]?[user]
        roles[library, default: [:]][user] = role
        if role == nil { forgetDocumentRoles(of: user, in: library) }
        guard AccountRules.loses(previous, role) else { return }
        for invitation in invitationRecords.values where invitation.library == library {
            if invitation.creator == user || role == nil && invitation.forUser == user {
                forgetInvitation(invitation.secretHash)
            }
        }
    }

    /// The ``Store`` requirement.
    public func addUser(_ user: UserRecord) throws(StoreError) {
        try checkOpen()
        guard userRecords[user.name] == nil else {
            throw StoreError(.exists, "There is an account “\(user.name)” already.")
        }
        userRecords[user.name] = user
    }

    /// The ``Store`` requirement.
    public func users() throws(StoreError) -> [UserRecord] {
        try checkOpen()
        return userRecords.values.sorted { utf8($0.name, before: $1.name) }
    }

    /// The ``Store`` requirement.
    public func devices(of user: String?) throws(StoreError) -> [DeviceRecord] {
        try checkOpen()
        return deviceRecords.values.filter { user == nil || $0.user == user }
            .sorted {
                $0.user == $1.user
                    ? utf8($0.label, before: $1.label) : utf8($0.user, before: $1.user)
            }
    }

    /// The ``Store`` requirement.
    public func device(_ id: DeviceID) throws(StoreError) -> DeviceRecord? {
        try checkOpen()
        return deviceRecords[id]
    }

    /// The ``Store`` requirement.
    public func revokeDevice(_ id: DeviceID, now: Int) throws(StoreError) {
        try checkOpen()
        guard let device = deviceRecords[id] else { throw AccountRules.unknown(id) }
        deviceRecords[id]?.revokedAt = device.revokedAt ?? now
    }

    /// The ``Store`` requirement.
    public func touchDevice(_ id: DeviceID, now: Int) throws(StoreError) {
        try checkOpen()
        guard let device = deviceRecords[id] else { throw AccountRules.unknown(id) }
        deviceRecords[id]?.lastSeenAt = max(device.lastSeenAt ?? now, now)
    }

    /// The order of names in every store: by their UTF-8 bytes.
    func utf8(_ left: String, before right: String) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }
}

import GlossCore
import GlossStorage

extension Administrator {
    func listUsers() async throws -> AdminReport {
        var report = AdminReport("users")
        var users: [AdminReport.User] = []
        let libraries = try await store.libraries()
        for user in try await store.users() {
            users.append(try await describe(user, libraries))
        }
        report.users = users
        return report
    }

    private func describe(
        _ user: UserRecord, _ libraries: [LibraryRecord]
    ) async throws -> AdminReport.User {
        let memberships = try await store.memberships(of: user.name)
        let named = libraries.compactMap { library in
            memberships.first { $0.library == library.id }.map {
                AdminReport.Membership(library: library.name, role: $0.role.rawValue)
            }
        }
        return AdminReport.User(
            name: user.name, created: Timestamp.text(user.createdAt), memberships: named)
    }

    func setRole(_ request: AdminRequest) async throws -> AdminReport {
        guard let name = request.name else {
            throw ServerError(.invalid, "Say whose role.")
        }
        let library = try await library(request.library)
        let role = try request.role.map(role)
        guard let user = try await store.users().first(where: { $0.name == name }) else {
            throw ServerError(.notFound, "There is no user “\(name)”. See: glossd user list")
        }
        let before = try await store.role(of: name, in: library.id)
        if request.dry == true {
            let libraries = try await store.libraries()
            var report = AdminReport("users")
            var planned = try await describe(user, libraries)
            planned.memberships.removeAll { $0.library == library.name }
            if let role {
                planned.memberships.append(
                    AdminReport.Membership(library: library.name, role: role.rawValue))
            }
            report.users = [planned]
            return report
        }
        if role != before {
            try await store.setRole(role, of: name, in: library.id)
            var entry = AuditEntry(role == nil ? .memberRemoved : .roleSet)
            (entry.user, entry.library) = (name, library.name)
            (entry.role, entry.before) = (role?.rawValue, before?.rawValue)
            audit?.record(entry, by: actor)
        }
        // Also where nothing changes: the last time the store could perhaps write and then not be read.
        try await accounts.refreshRoles(of: name)
        var report = AdminReport("users")
        report.users = [try await describe(user, try await store.libraries())]
        return report
    }

    func listDevices() async throws -> AdminReport {
        var report = AdminReport("devices")
        report.devices = try await store.devices(of: nil).map(Self.describe)
        return report
    }

    private static func describe(_ device: DeviceRecord) -> AdminReport.Device {
        AdminReport.Device(
            id: device.id.description, user: device.user, label: device.label,
            created: Timestamp.text(device.createdAt),
            lastSeen: device.lastSeenAt.map(Timestamp.text),
            revoked: device.revokedAt.map(Timestamp.text))
    }

    func revoke(_ request: AdminRequest) async throws -> AdminReport {
        guard let id = request.name.flatMap({ DeviceID($0) }),
            let device = try await store.device(id)
        else {
            throw ServerError(.notFound, "There is no such device. See: glossd device list")
        }
        var report = AdminReport("devices")
        if request.dry == true {
            var planned = device
            planned.revokedAt = device.revokedAt ?? accounts.clock.wall()
            report.devices = [Self.describe(planned)]
            return report
        }
        try await store.revokeDevice(id, now: accounts.clock.wall())
        accounts.access.revoke(id, of: device.user)
        var entry = AuditEntry(.deviceRevoked)
        (entry.user, entry.device) = (device.user, id.description)
        audit?.record(entry, by: actor)
        report.devices = try await store.device(id).map { [Self.describe($0)] } ?? []
        return report
    }
}

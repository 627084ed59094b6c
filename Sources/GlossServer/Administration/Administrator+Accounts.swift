import GlossCore
import GlossCrypto
import GlossStorage
import GlossTransport

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
        try await store.setRole(role, of: name, in: library.id)
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
        guard let id = request.name.flatMap({ DeviceID($0) }), try await store.device(id) != nil
        else {
            throw ServerError(.notFound, "There is no such device. See: glossd device list")
        }
        try await store.revokeDevice(id, now: accounts.clock.wall())
        accounts.access.revoke(id)
        var report = AdminReport("devices")
        report.devices = try await store.device(id).map { [Self.describe($0)] } ?? []
        return report
    }
}

extension Administrator {
    /// Bytes a library's name may have.
    private static let libraryNameLimit = 64

    func listLibraries() async throws -> AdminReport {
        var report = AdminReport("libraries")
        var libraries: [AdminReport.Library] = []
        for library in try await store.libraries() {
            libraries.append(try await describe(library))
        }
        report.libraries = libraries
        return report
    }

    private func describe(_ library: LibraryRecord) async throws -> AdminReport.Library {
        AdminReport.Library(
            id: library.id.description, name: library.name,
            created: Timestamp.text(library.createdAt),
            members: try await store.members(of: library.id).count)
    }

    func addLibrary(_ request: AdminRequest) async throws -> AdminReport {
        guard let name = request.name, (1...Self.libraryNameLimit).contains(name.utf8.count),
            name.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F })
        else {
            throw ServerError(.invalid, "A library's name has 1 to 64 bytes of printable text.")
        }
        var random = SystemRandom()
        let library = LibraryRecord(
            id: LibraryID(rawValue: random.next()), name: name, createdAt: accounts.clock.wall())
        try await store.addLibrary(library)
        var report = AdminReport("libraries")
        report.libraries = [try await describe(library)]
        return report
    }

    func backup(_ request: AdminRequest) async throws -> AdminReport {
        guard let path = request.path, path.hasPrefix("/") else {
            throw ServerError(.invalid, "A backup needs an absolute path.")
        }
        try await store.backup(to: path)
        var report = AdminReport("backup")
        report.backup = path
        return report
    }

    func status() async throws -> AdminReport {
        var report = AdminReport("status")
        report.status = AdminReport.Status(
            version: Server.version, address: address.description,
            fingerprint: fingerprint.description, running: rooms != nil,
            connections: accounts.access.connectionCount,
            documentsInMemory: await rooms?.count ?? 0,
            users: try await store.users().count, libraries: try await store.libraries().count)
        return report
    }
}

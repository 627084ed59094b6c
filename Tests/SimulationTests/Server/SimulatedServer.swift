import GlossCore
import GlossCrypto
import GlossProtocol
import GlossStorage
import GlossTransport
import Logging
import Synchronization
import TestSupport
import Testing

@testable import GlossClient
@testable import GlossServer

/// A whole server but for its sockets, its disk and its clock.
///
/// Libraries sync with it through the real sessions of both sides, over lines in memory.
struct SimulatedServer: Sendable {
    static let library = LibraryID(rawValue: 0x11)
    private static let address = Profile.Server(host: "desk", port: 7464, fingerprint: [])

    let store: any Store
    let rooms: Rooms
    let services: ConnectionServices
    /// What becomes of the lines of both sides on their way.
    var alteration: Wire.Alteration?

    /// A server with one library, called `main`, unless the store has one.
    ///
    /// - Parameters:
    ///   - signs: whether it gives receipts.
    ///   - documentBytes: how many bytes of changes a document may have.
    init(
        store: any Store = MemoryStore(lineage: 1, packing: HistoryPacking()),
        signs: Bool = false, documentBytes: Int = WireLimits.document,
        clock: @escaping @Sendable () -> Int
    ) async throws {
        if try await store.libraries().isEmpty {
            try await store.addLibrary(
                LibraryRecord(id: Self.library, name: "main", createdAt: clock()))
        }
        self.init(
            store: store, clock: ServerClock(wall: clock, steady: clock), tick: .zero,
            documentBytes: documentBytes,
            signer: signs ? try await ReceiptSigner(store) : nil, onFatal: { Issue.record("\($0)") }
        )
    }

    /// A server on a store that has its libraries, which compacts a document behind so many changes.
    init(
        store: any Store, clock: ServerClock, tick: Duration, compactedRows: Int = 512,
        documentBytes: Int = WireLimits.document, signer: ReceiptSigner? = nil,
        onFatal: @escaping @Sendable (StoreError) -> Void
    ) {
        self.store = store
        let access = Access()
        var limits = Rooms.Limits()
        limits.tick = tick
        limits.compactedRows = compactedRows
        limits.documentBytes = documentBytes
        rooms = Rooms(
            store: store, access: access, limits: limits, clock: clock, signer: signer,
            onFatal: onFatal)
        services = ConnectionServices(
            store: store, rooms: rooms,
            accounts: Accounts(store: store, access: access, clock: clock), access: access,
            clock: clock, log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            onFatal: onFatal,
            presence: PresenceBoard(clock: clock, random: SharedRandom(seed: 1).next))
    }

    /// Makes somebody new a member, or another device one of theirs, and downloads everything.
    @discardableResult
    func join(
        _ library: Library, as user: String, _ role: Role, isKnown: Bool = false
    ) async throws -> SyncReport {
        let secret = Array("invitation for \(user), \(try library.profile().device)".utf8)
        let now = services.clock.wall()
        try await store.addInvitation(
            InvitationRecord(
                secretHash: SHA256.hash(secret).bytes, library: Self.library, role: role,
                forUser: isKnown ? user : nil, createdAt: now, expiresAt: now + 1_000, usesLeft: 1))
        let profile = try library.profile()
        return try await exchange(
            library,
            .invitation(
                InvitationCredential(
                    secret: secret, user: user, label: profile.label, device: profile.device,
                    key: try key(of: library)))
        ).report
    }

    /// What `gloss sync` does.
    @discardableResult
    func sync(_ library: Library, lostWork: LostWork = .wait) async throws -> SyncReport {
        try await exchange(library, device(of: library), lostWork: lostWork).report
    }

    /// Syncs, and tells how many pushes that took.
    func pushCount(syncing library: Library) async throws -> Int {
        try await exchange(library, device(of: library)).pushCount
    }

    /// What `gloss sync --watch` does on one connection, until the task is cancelled.
    func watch(
        _ library: Library, onEvent: @escaping @Sendable (SyncEvent) -> Void
    ) async throws -> SyncReport {
        try await exchange(library, device(of: library), .watch, onEvent: onEvent).report
    }

    /// What `glossd user` does.
    func setRole(_ role: Role?, of user: String) async throws {
        try await store.setRole(role, of: user, in: Self.library)
        try await services.accounts.refreshRoles(of: user)
    }

    /// Gives a member another role on an article, or hides it from them.
    func setRole(_ role: Role?, of user: String, on article: DocumentID) async throws {
        try await setRole(named: role?.rawValue ?? DocumentRole.none, of: user, on: article)
    }

    /// What `glossd document role` does.
    ///
    /// - Parameter role: a role, `none`, or `default` for that in the library.
    func setRole(named role: String, of user: String, on article: DocumentID) async throws {
        var request = AdminRequest(.documentRole, name: "\(article)")
        (request.user, request.role) = (user, role == "default" ? nil : role)
        _ = try await Administrator(
            store: store, accounts: services.accounts,
            identity: ServerIdentity(
                of: DataDirectory(path: "/nowhere"),
                address: ListenAddress(host: "desk", port: 7464)),
            rooms: rooms, onFatal: { _ in }
        ).perform(request)
    }

    /// A document's log.
    func log(of document: DocumentID) async throws -> [LogRow] {
        try await store.rows(of: document, after: 0, maxBytes: .max, maxRows: .max)
    }

    private func device(of library: Library) throws -> Credential {
        .device(DeviceCredential(device: try library.profile().device, key: try key(of: library)))
    }

    private func key(of library: Library) throws -> [UInt8] {
        try #require(try library.read { try $0.meta(.deviceSecret) }.flatMap(Base64URL.decode))
    }

    private func exchange(
        _ library: Library, _ credential: Credential, _ mode: SyncMode = .once,
        lostWork: LostWork = .wait, onEvent: @escaping @Sendable (SyncEvent) -> Void = { _ in }
    ) async throws -> (report: SyncReport, pushCount: Int) {
        let wire = try await Wire(altering: alteration)
        let connection = Connection(wire.server, services)
        let serving = Task {
            await connection.run()
            await wire.server.close()
        }
        let driver = SyncDriver(
            library: library, server: Self.address, connection: wire.client,
            credential: credential, mode: mode, lostWork: lostWork, onEvent: onEvent)
        let result: Result<SyncReport, any Error>
        do { result = .success(try await driver.run()) } catch { result = .failure(error) }
        await serving.value
        return (try result.get(), await driver.nextPush)
    }
}

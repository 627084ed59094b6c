import GlossCore
import GlossCrypto
import GlossProtocol
import GlossStorage
import GlossTransport
import Logging
import Synchronization

@testable import GlossServer

/// One connection of a server that has nothing else: the test holds both ends of it, and its clock
/// stands still, unless the test turns it, so that nothing happens there because time has passed.
struct LoneConnection {
    let desk: Desk
    let client: TestClient
    let connection: Connection
    /// Gets a value when the connection has run to its end.
    let ended: Mailslot<Void>

    /// Runs `body` with a connection on which ana, an editor, has logged in.
    static func run(
        on desk: Desk, limits: SessionLimits = SessionLimits(),
        steady: @escaping @Sendable () -> Int = { 0 },
        _ body: (LoneConnection) async throws -> Void
    ) async throws {
        let clock = ServerClock(wall: { 1_000 }, steady: steady)
        let fatal = desk.fatal
        let keys = Mutex<UInt64>(0)
        let services = ConnectionServices(
            store: desk.store, rooms: desk.rooms,
            accounts: Accounts(store: desk.store, access: desk.access, clock: clock),
            access: desk.access, clock: clock,
            log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            onFatal: { fatal.put($0) }, limits: limits,
            presence: PresenceBoard(clock: clock) {
                keys.withLock { key in
                    key += 1
                    return key
                }
            })
        let started = Mailslot<Connection>()
        let ended = Mailslot<Void>()
        try await TestServer.withDirectory { path in
            let directory = DataDirectory(path: path)
            try directory.prepare()
            let listener = try await Listener.bind(unixPath: directory.socket)
            async let running: Void = listener.run { line in
                let connection = Connection(line, services)
                started.put(connection)
                await connection.run()
                ended.put(())
            }
            do {
                let client = TestClient(
                    line: try await Dialer().connect(unixPath: directory.socket))
                let lone = LoneConnection(
                    desk: desk, client: client, connection: await started.take(), ended: ended)
                try await lone.logIn()
                try await body(lone)
            } catch {
                await listener.stop()
                await running
                throw error
            }
            await listener.stop()
            await running
        }
    }

    private func logIn() async throws {
        let secret: [UInt8] = [1, 2, 3]
        try await desk.store.addInvitation(
            InvitationRecord(
                secretHash: SHA256.hash(secret).bytes, library: Sample.library, role: .editor,
                createdAt: 1, expiresAt: 2_000, usesLeft: 1))
        try await client.hello(.invitation(client.taking(secret)))
        guard case .welcome = try await client.receive() else {
            throw Unexpected(message: "no welcome")
        }
    }

    /// Asks for the article's whole log.
    func subscribe() async throws {
        try await client.send(
            .sub(
                SubscribeRequest(
                    id: 3, doc: Sample.article, at: 0, sum: Checksum(), vector: VersionVector())))
    }
}

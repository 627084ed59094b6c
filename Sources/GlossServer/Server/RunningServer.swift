import GlossCore
import GlossProtocol
import GlossStorage
import GlossTransport
import Logging
import ServiceLifecycle

/// The parts of a server that has opened its store and listens.
struct RunningServer {
    let store: any Store
    let rooms: Rooms
    let listener: Listener
    let adminListener: Listener
    let administrator: Administrator
    private let services: ConnectionServices
    private let connections = Connections()
    private let logger: Logger

    init(
        configuration: ServerConfiguration, directory: DataDirectory, key: ServerKey,
        store: any Store, logger: Logger, onFatal: @escaping @Sendable (StoreError) -> Void
    ) async throws {
        self.store = store
        self.logger = logger
        let access = Access()
        var limits = Rooms.Limits()
        limits.rooms = configuration.documentsInMemory
        limits.tick = .milliseconds(configuration.commitMilliseconds)
        rooms = Rooms(
            store: store, access: access, limits: limits,
            onCompaction: { Self.note($0, $1, logger) }, onFatal: onFatal)
        services = ConnectionServices(
            store: store, rooms: rooms,
            accounts: Accounts(store: store, access: access, clock: .system), access: access,
            clock: .system, log: logger, onFatal: onFatal, heartbeat: configuration.heartbeatSeconds
        )
        adminListener = try await Listener.bind(unixPath: directory.socket)
        var settings = Listener.Configuration()
        settings.maximumConnections = configuration.connections
        settings.onEvent = { event in Self.note(event, logger) }
        listener = try await Listener.bind(
            host: configuration.listen.host, port: configuration.listen.port, key: key,
            configuration: settings)
        let address = PublicAddress.choose(configuration, bound: listener.address)
        try DataDirectory.write("\(address)\n", to: directory.address)
        administrator = Administrator(
            store: store, accounts: services.accounts, fingerprint: key.fingerprint,
            address: address, rooms: rooms, onFatal: onFatal)
    }

    /// Serves until shut down.
    func run(drainTime: Duration) async {
        let admin = adminListener
        let administrator = administrator
        await withTaskGroup { group in
            group.addTask {
                await admin.run { line in await AdminConnection.run(line, administrator) }
            }
            await serveClients(drainTime: drainTime)
            await rooms.drain()
            await rooms.stopCompacting()
            await admin.stop(grace: .milliseconds(200))
        }
    }

    private func serveClients(drainTime: Duration) async {
        await withGracefulShutdownHandler {
            await listener.run { line in
                let connection = Connection(line, services)
                connections.add(connection)
                await connection.run()
                connections.remove(connection)
            }
        } onGracefulShutdown: {
            Task { await shutDown(drainTime: drainTime) }
        }
    }

    /// Accepts nobody any more and says goodbye to everybody; `run` returns when they are gone.
    func shutDown(drainTime: Duration) async {
        async let stopped: Void = listener.stop(grace: drainTime)
        connections.drain()
        await stopped
    }

    /// Closes the store, which writes everything into its one file.
    func close() async throws {
        do throws(StoreError) {
            try await store.close()
        } catch {
            throw ServerError(error)
        }
    }

    private static func note(
        _ document: DocumentID, _ result: Result<Compaction.Outcome, StoreError>, _ logger: Logger
    ) {
        switch result {
        case .success(let outcome):
            logger.info(
                "compacted",
                metadata: [
                    "document": "\(document)", "changes": "\(outcome.count)",
                    "before": "\(outcome.bytesBefore)", "after": "\(outcome.bytesAfter)",
                ])
        case .failure(let error):
            logger.error(
                "not compacted", metadata: ["document": "\(document)", "error": "\(error)"])
        }
    }

    private static func note(_ event: ListenerEvent, _ logger: Logger) {
        switch event {
        case .refused(let peer):
            logger.warning("too many connections", metadata: ["peer": "\(peer)"])
        case .handshakeFailed(let peer, let error):
            logger.info("handshake failed", metadata: ["peer": "\(peer)", "reason": "\(error)"])
        case .acceptFailed(let reason):
            logger.error("accepting failed", metadata: ["reason": "\(reason)"])
        case .accepted, .closed: break
        }
    }
}

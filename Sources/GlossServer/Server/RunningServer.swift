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
    let reloader: Reloader?
    private let services: ConnectionServices
    let pages: MonitoringPages
    let monitoring: MonitoringListener?
    let readiness: Readiness
    private let audit: AuditLog
    private let connections = Connections()
    private let logger: Logger

    init(
        configuration: ServerConfiguration, sources: ConfigurationSources? = nil,
        directory: DataDirectory, key: ServerKey,
        store: any Store, logger: Logger, log: LogSettings? = nil,
        onFatal: @escaping @Sendable (StoreError) -> Void
    ) async throws {
        self.store = store
        self.logger = logger
        let access = Access()
        let audit = try AuditLog(path: directory.audit, logger: logger)
        self.audit = audit
        var limits = Rooms.Limits()
        limits.rooms = configuration.documentsInMemory
        limits.tick = .milliseconds(configuration.commitMilliseconds)
        let metrics = ServerMetrics()
        let readiness = Readiness(store: store, directory: directory.path, onFatal: onFatal)
        self.readiness = readiness
        let onFatal: @Sendable (StoreError) -> Void = { error in
            readiness.fsyncFailed(error.message)
            onFatal(error)
        }
        rooms = Rooms(
            store: store, access: access, limits: limits, metrics: metrics,
            signer: try await ReceiptSigner(store),
            onCompaction: { Self.note($0, $1, logger) }, onFatal: onFatal)
        services = ConnectionServices(
            store: store, rooms: rooms,
            accounts: Accounts(store: store, access: access, clock: .system, audit: audit),
            access: access,
            clock: .system, log: logger, onFatal: onFatal,
            presence: PresenceBoard(clock: .system),
            heartbeat: configuration.heartbeatSeconds,
            metrics: metrics)
        adminListener = try await Listener.bind(unixPath: directory.socket)
        let presented = PresentedKey(key)
        var settings = Listener.Configuration()
        settings.maximumConnections = configuration.connections
        settings.onEvent = { event in
            metrics.noticed(event)
            Self.note(event, logger)
        }
        listener = try await Listener.bind(
            host: configuration.listen.host, port: configuration.listen.port,
            presenting: presented, configuration: settings)
        let address = PublicAddress.choose(configuration, bound: listener.address)
        try directory.note(
            address: address, fingerprint: key.fingerprint, of: configuration)
        let identity = ServerIdentity(presented: presented, address: address)
        let bound = listener.address
        reloader = sources.map { sources in
            Reloader(
                configuration, sources: sources, identity: identity, bound: bound, logger: logger,
                log: log, audit: audit)
        }
        pages = MonitoringPages(
            metrics: metrics, readiness: readiness, connections: connections, rooms: rooms)
        monitoring =
            if let http = configuration.http {
                try await MonitoringListener.start(at: http, pages, logger: logger)
            } else { nil }
        administrator = Administrator(
            store: store, accounts: services.accounts, identity: identity, rooms: rooms,
            reloader: reloader, audit: audit,
            vitals: Vitals(
                pages: pages, directory: directory, http: monitoring.map { "\($0.address)" }),
            onFatal: onFatal)
    }

    /// Serves until shut down.
    ///
    /// - Parameter onStop: called once when the shutdown begins.
    func run(
        onStop: @escaping @Sendable () -> Void = {},
        drainTime: @autoclosure @escaping @Sendable () -> Duration
    ) async {
        let admin = adminListener
        let administrator = administrator
        let sweep = AuditSweep(
            audit: audit, store: store, clock: .system, onFatal: services.onFatal)
        let sweeping = Task { await sweep.run() }
        await withTaskGroup { group in
            group.addTask {
                await admin.run { line in await AdminConnection.run(line, administrator) }
            }
            await serveClients(onStop: onStop, drainTime: drainTime)
            await rooms.drain()
            await rooms.stopCompacting()
            await admin.stop(grace: .milliseconds(200))
            await monitoring?.stop()
            sweeping.cancel()
            await sweeping.value
        }
    }

    private func serveClients(
        onStop: @escaping @Sendable () -> Void,
        drainTime: @escaping @Sendable () -> Duration
    ) async {
        await withGracefulShutdownHandler {
            await listener.run { line in
                let connection = Connection(line, currentServices)
                connections.add(connection)
                await connection.run()
                connections.remove(connection)
            }
        } onGracefulShutdown: {
            onStop()
            Task { await shutDown(drainTime: drainTime()) }
        }
    }

    /// What a new connection works with.
    private var currentServices: ConnectionServices {
        guard let reloader else { return services }
        var current = services
        current.heartbeat = reloader.configuration.heartbeatSeconds
        return current
    }

    /// Accepts nobody any more and says goodbye to everybody; `run` returns when they are gone.
    func shutDown(drainTime: Duration) async {
        async let stopped: Void = listener.stop(grace: drainTime)
        readiness.startDraining()
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
            logger.warning(
                "turned away: too many are open, or wait for their handshake",
                metadata: ["peer": "\(peer)"])
        case .handshakeFailed(let peer, let error):
            logger.info("handshake failed", metadata: ["peer": "\(peer)", "reason": "\(error)"])
        case .acceptFailed(let reason):
            logger.error("accepting failed", metadata: ["reason": "\(reason)"])
        case .accepted, .closed: break
        }
    }
}

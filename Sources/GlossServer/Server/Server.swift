import GlossCore
import GlossCrypto
import GlossProtocol
import GlossStorage
import GlossTransport
import Logging
public import ServiceLifecycle
import UnixSignals

/// A sync server: keeps the logs of documents, judges what is pushed to them, and passes it on.
///
/// Runs once. A graceful shutdown stops accepting, says goodbye, finishes the commits and closes
/// the store.
public struct Server: Service {
    /// What there is to say once the server listens.
    public struct Report: Sendable {
        /// Where it listens, with the actual port.
        public var address: String
        /// Where metrics are read, with the actual port; `nil` if nowhere.
        public var http: String?
        /// The fingerprint of its key, 64 hex digits.
        public var fingerprint: String
        /// Where everything is kept.
        public var dataDirectory: String
        /// Whether there was nothing yet.
        public var isNew: Bool
        /// Whether anybody has joined yet.
        public var hasUsers: Bool
        /// The invitation for the first owner, if there was nothing yet.
        public var firstInvitation: String?

        /// Writes the address to a file, whole or not at all.
        public func writeReadyFile(_ path: String) throws(ServerError) {
            try DataDirectory.write("\(address)\n", to: path)
        }

        /// Writes the first invitation to a file of mode 0600 in the data directory, and says
        /// where.
        public func writeFirstInvitation() throws(ServerError) -> String {
            let path = DataDirectory(path: dataDirectory).firstInvitation
            try DataDirectory.write("\(firstInvitation ?? "")\n", to: path)
            return path
        }
    }

    /// The server's version.
    public static let version = "0.1.0"

    private let configuration: ServerConfiguration
    private let sources: ConfigurationSources?
    private let log: LogSettings
    private let logger: Logger
    private let onReady: @Sendable (Report) throws -> Void
    private let onFatal: @Sendable (String) -> Void

    /// A server.
    ///
    /// - Parameters:
    ///   - sources: where the configuration came from, to be read again at SIGHUP and at
    ///     `glossd reload`; `nil` if it stays as it is.
    ///   - onReady: called once, when the server listens; what it throws stops the server.
    ///   - onFatal: called with a message for people if the disk did not confirm a write: what it
    ///     holds can no longer be known. Must end the process.
    public init(
        configuration: ServerConfiguration, sources: ConfigurationSources? = nil,
        onReady: @escaping @Sendable (Report) throws -> Void = { _ in },
        onFatal: @escaping @Sendable (String) -> Void
    ) {
        self.configuration = configuration
        self.sources = sources
        let log = LogSettings(configuration)
        self.log = log
        logger = Logger(label: "glossd") { _ in ServerLogHandler(settings: log) }
        self.onReady = onReady
        self.onFatal = onFatal
    }

    /// Runs the server until it is shut down, or throws ``ServerError`` if it cannot start.
    public func run() async throws {
        let directory = DataDirectory(path: configuration.dataDirectory)
        try directory.prepare()
        let lock = try directory.lock()
        defer { withExtendedLifetime(lock) {} }
        let isNew: Bool
        let key: ServerKey
        let running: RunningServer
        do {
            key = try ServerKey.configured(configuration)
            var random = SystemRandom()
            let store = try SQLiteStore(
                path: directory.store, lineage: random.next(), packing: HistoryPacking())
            isNew = try await store.libraries().isEmpty
            running = try await RunningServer(
                configuration: configuration, sources: sources, directory: directory, key: key,
                store: store, logger: logger, log: log,
                onFatal: { [onFatal] in onFatal($0.message) })
        } catch let error as StoreError {
            throw ServerError(error)
        } catch let error as TransportError {
            throw ServerError(error)
        }
        let invitation = isNew ? try await running.administrator.prepareFirstStart() : nil
        let hasUsers = try await !running.store.users().isEmpty
        // Before anybody hears that it is ready, and may send one.
        let signals = running.reloader == nil ? nil : await HangupSignal.trap()
        try onReady(
            Report(
                address: "\(running.listener.address)",
                http: running.monitoring.map { "\($0.address)" },
                fingerprint: key.fingerprint.description,
                dataDirectory: directory.path, isNew: isNew, hasUsers: hasUsers,
                firstInvitation: invitation))
        if log.format == .json {
            logger.notice(
                "listening",
                metadata: [
                    "address": "\(running.listener.address)", "version": "\(Self.version)",
                    "key": "\(key.fingerprint)", "data": "\(directory.path)",
                ])
        }
        let manager = ServiceManager.current()
        manager?.ready("serving at \(running.listener.address)")
        let rooms = running.rooms
        let signs = Task { await manager?.keepAlive(.system) { _ = await rooms.count } }
        defer { signs.cancel() }
        let hangups = Task {
            guard let signals, let reloader = running.reloader else { return }
            await HangupSignal.watch(signals, reloader, manager)
        }
        defer { hangups.cancel() }
        let atStart = configuration.drainSeconds
        await running.run(
            onStop: { manager?.stopping() },
            drainTime: .seconds(running.reloader?.configuration.drainSeconds ?? atStart))
        try await running.close()
    }

    /// Runs until the process gets SIGTERM or SIGINT; a second one ends it at once.
    public func runUntilSignalled() async throws {
        let watch = Task { await SecondSignal.watch() }
        defer { watch.cancel() }
        // Only what goes wrong in the life cycle is worth a line.
        var quiet = logger
        quiet.logLevel = .error
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [
                    .init(
                        service: self, successTerminationBehavior: .gracefullyShutdownGroup,
                        failureTerminationBehavior: .cancelGroup, serviceName: "glossd")
                ],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: quiet))
        try await group.run()
    }
}

extension ServerError {
    /// A store's error, for whoever starts or administers a server.
    init(_ error: StoreError) {
        let code: Code =
            switch error.code {
            case .notFound: .notFound
            case .exists: .exists
            case .invalid: .invalid
            case .locked: .inUse
            case .notADatabase, .newerSchema, .corrupt: .damaged
            default: .io
            }
        self.init(code, error.message)
    }

    /// A transport's error, for whoever starts or administers a server.
    init(_ error: TransportError) {
        let code: Code =
            switch error {
            case .addressInUse: .inUse
            case .unreachable, .timedOut, .connectionLost, .closed: .unreachable
            default: .io
            }
        self.init(code, "\(error)")
    }
}

import FoundationEssentials
import Glibc
import GlossCrypto
import GlossProtocol
import GlossStorage
import GlossTransport
import Logging

/// The administrator's end: asks the running server over its socket, or works on the files of one
/// that is stopped.
public enum Administration {
    /// The longest answer taken, in bytes.
    private static let answerLimit = 64 * 1_048_576

    /// Does what `request` asks for, with the server whose data is in `directory`.
    ///
    /// - Throws: ``ServerError``.
    public static func perform(
        _ request: AdminRequest, dataDirectory: String
    ) async throws(ServerError) -> AdminReport {
        let directory = DataDirectory(path: dataDirectory)
        guard directory.isInitialized else {
            throw absent(dataDirectory)
        }
        let connection: LineConnection
        do throws(TransportError) {
            connection = try await Dialer(lineLimit: answerLimit)
                .connect(unixPath: directory.socket, timeout: .seconds(2))
        } catch {
            return try await performOnFiles(request, directory)
        }
        let result = await ask(request, over: connection)
        await connection.close(timeout: .milliseconds(200))
        return try result.get()
    }

    /// What changed access, oldest first, from the file in a data directory.
    ///
    /// - Throws: ``ServerError``.
    public static func audit(dataDirectory: String) throws(ServerError) -> [AuditEntry] {
        let directory = DataDirectory(path: dataDirectory)
        guard directory.isInitialized else { throw absent(dataDirectory) }
        return try AuditLog.entries(of: directory.audit)
    }

    static func absent(_ path: String) -> ServerError {
        ServerError(.notFound, "There is no glossd data in \(path). Try: glossd serve")
    }

    private static func ask(
        _ request: AdminRequest, over connection: LineConnection
    ) async -> Result<AdminReport, ServerError> {
        do {
            try await connection.send([Array(try AdminCoding.encoder().encode(request))])
            var lines = connection.lines.makeAsyncIterator()
            guard let line = try await lines.next() else {
                return .failure(ServerError(.unreachable, "The server ended the conversation."))
            }
            let answer = try JSONDecoder().decode(AdminAnswer.self, from: Data(line))
            if let report = answer.report { return .success(report) }
            let failure = answer.failure
            return .failure(
                ServerError(failure?.code ?? .unreachable, failure?.message ?? "No answer."))
        } catch {
            return .failure(ServerError(.unreachable, "The server does not answer: \(error)"))
        }
    }

    /// No server runs, or the lock says otherwise.
    private static func performOnFiles(
        _ request: AdminRequest, _ directory: DataDirectory
    ) async throws(ServerError) -> AdminReport {
        let lock = try directory.lock()
        defer { withExtendedLifetime(lock) {} }
        do {
            if request.dry == true {
                let file = try StoreFile(path: directory.store, isThorough: false)
                guard file.schema == StoreFile.currentSchema else {
                    throw ServerError(
                        .invalid,
                        "The data in \(directory.path) is of another version, and -n may not bring "
                            + "it to this one. Run first: glossd migrate")
                }
            }
            var random = SystemRandom()
            let store = try SQLiteStore(
                path: directory.store, lineage: random.next(), packing: HistoryPacking())
            let administrator = Administrator(
                store: store,
                accounts: Accounts(store: store, access: Access(), clock: .system),
                identity: directory.identity, rooms: nil,
                audit: request.isReading
                    ? nil : try AuditLog(path: directory.audit, logger: Logger(label: "glossd")),
                onFatal: { _ in })
            let report = try await administrator.perform(request, by: .administrator(getuid()))
            try await store.close()
            return report
        } catch let error as StoreError {
            throw ServerError(error)
        } catch let error as TransportError {
            throw ServerError(error)
        } catch let error as ServerError {
            throw error
        } catch {
            throw ServerError(.io, "\(error)")
        }
    }
}

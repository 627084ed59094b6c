import GRDB

/// The file of one client library: what a device knows of the documents, what it has not sent yet,
/// and what its user did.
///
/// Several processes may have the file open at once. Whatever one call of ``write(_:)`` does is one
/// transaction: a process that dies in it leaves nothing of it behind, and when it returns all of
/// it is on disk.
///
/// Calls block the thread. They may come from any thread, but not from within one another.
public final class LibraryStore: Sendable {
    /// Where the file is.
    public let path: String
    private let queue: DatabaseQueue

    /// Opens the file, or makes it, readable by its owner only.
    ///
    /// - Parameter timeout: for how many seconds every call waits while another process writes.
    /// - Throws: ``StoreError``: `cannotOpen`, `readOnly`, `notADatabase`, `newerSchema`,
    ///   `corrupt`, `locked`, `diskFull` or `io`.
    public convenience init(path: String, timeout: Double = 5) throws(StoreError) {
        try self.init(path: path, timeout: timeout, pageLimit: nil)
    }

    init(path: String, timeout: Double, pageLimit: Int?) throws(StoreError) {
        self.path = path
        var configuration = Configuration()
        configuration.label = "gloss.library"
        configuration.busyMode = .timeout(timeout)
        configuration.prepareDatabase { database in
            try DatabaseFile.check(database, path: path, kind: .library)
            // A rollback journal is the default of new files; a file that came from elsewhere in
            // another mode is brought back, so that no two processes differ.
            guard try String.fetchOne(database, sql: "PRAGMA journal_mode = DELETE") == "delete"
            else { throw DatabaseError(resultCode: .SQLITE_BUSY) }
            // A transaction ends with the removal of the journal. FULL does not wait for the directory,
            // and a journal that is there again after a loss of power takes the transaction back.
            try database.execute(sql: "PRAGMA synchronous = EXTRA")
            guard try Int.fetchOne(database, sql: "PRAGMA synchronous") == 3 else {
                throw StoreError(.unsupported, "\(path): this SQLite does not wait for the disk.")
            }
            if let pageLimit {
                _ = try Int.fetchOne(database, sql: "PRAGMA max_page_count = \(pageLimit)")
            }
        }
        queue = try DatabaseFile.open(path, kind: .library, configuration: configuration)
    }

    private init(path: String, queue: DatabaseQueue) {
        self.path = path
        self.queue = queue
    }

    /// A copy of the library in memory, as of now: whatever is done with it, the file stays as it is.
    ///
    /// - Throws: ``StoreError``: `locked`, `corrupt` or `io`.
    public func copyInMemory() throws(StoreError) -> LibraryStore {
        do {
            let copy = try DatabaseQueue()
            try queue.backup(to: copy)
            return LibraryStore(path: path, queue: copy)
        } catch {
            throw StoreError(error, path: path)
        }
    }

    /// Reads; everything the closure sees is of one moment.
    ///
    /// - Throws: ``StoreError``, and what the closure throws.
    public func read<T>(_ body: (LibraryReader) throws -> T) throws -> T {
        try transaction(.deferred) { try body(LibraryReader($0)) }
    }

    /// Reads and writes in one transaction, which ends with the closure: on disk if that returns,
    /// undone if it throws.
    ///
    /// - Throws: ``StoreError``, and what the closure throws.
    public func write<T>(_ body: (LibraryWriter) throws -> T) throws -> T {
        try transaction(.immediate) { try body(LibraryWriter($0)) }
    }

    /// Closes the file. Closing again is harmless; every later call throws `closed`.
    public func close() throws(StoreError) {
        do { try queue.close() } catch { throw StoreError(error, path: path) }
    }

    private func transaction<T>(
        _ kind: Database.TransactionKind, _ body: (Connection) throws -> T
    ) throws -> T {
        do {
            return try queue.writeWithoutTransaction { database in
                var result: T?
                try database.inTransaction(kind) {
                    result = try body(Connection(database: database, path: path))
                    return .commit
                }
                guard let result else { preconditionFailure("the body has run") }
                return result
            }
        } catch let error as DatabaseError {
            throw StoreError(error, path: path)
        }
    }
}

/// What can be read of a library within one transaction. It must not outlive that.
public class LibraryReader {
    let connection: Connection

    init(_ connection: Connection) {
        self.connection = connection
    }
}

/// What can be read and written of a library within one transaction. It must not outlive that.
public final class LibraryWriter: LibraryReader {}

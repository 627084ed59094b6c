import Dispatch
import GRDB
import Synchronization

/// The ``Store`` in one SQLite file, which no other process may open meanwhile.
///
/// One connection reads, writes and checkpoints, so everything takes effect one after the other.
/// The log is a write-ahead log, and every commit waits for the disk. After the disk failed to
/// confirm a write once, every call throws `fsyncFailed`: what a later success would say is not
/// to be believed.
///
/// The lock is one that the operating system drops when the process closes any descriptor of the
/// file: nothing else in the process may open it. Copies are made with ``backup(to:)``.
public final class SQLiteStore: Store {
    /// Where the file is.
    public let path: String
    let packing: any ChangePacking
    let openBlocks = Mutex(OpenBlocks())
    let blockSums = BlockSums()
    private let queue: DatabaseQueue
    private let failure = Mutex<StoreError?>(nil)

    /// How the connection is set up. Anything but the default is for tests that show what the
    /// default prevents.
    struct Tuning: Sendable {
        /// `PRAGMA synchronous`: 2 is FULL.
        var synchronous = 2
        /// `PRAGMA max_page_count`, as if the disk were full there.
        var pageLimit: Int?
    }

    /// Opens the store at a path, or makes one there, readable by its owner only.
    ///
    /// Blocks the thread; meant for the start of a program.
    ///
    /// - Parameters:
    ///   - lineage: the id of the log if the store is new. Draw it from a random source.
    ///   - packing: how to read logs that were compacted.
    /// - Throws: ``StoreError``: `cannotOpen`, `readOnly`, `locked`, `notADatabase`,
    ///   `newerSchema`, `corrupt`, `diskFull` or `io`.
    public convenience init(
        path: String, lineage: UInt64, packing: any ChangePacking
    ) throws(StoreError) {
        try self.init(path: path, lineage: lineage, packing: packing, tuning: Tuning())
    }

    init(
        path: String, lineage: UInt64, packing: any ChangePacking, tuning: Tuning
    ) throws(StoreError) {
        self.path = path
        self.packing = packing
        var configuration = Configuration()
        configuration.label = "glossd.store"
        configuration.busyMode = .immediateError
        configuration.prepareDatabase { try Self.prepare($0, path: path, tuning: tuning) }
        queue = try DatabaseFile.open(path, kind: .store, configuration: configuration)
        do {
            try queue.writeWithoutTransaction { database in
                let connection = Connection(database: database, path: path)
                let known = "SELECT 1 FROM store"
                guard try !connection.exists(known) else { return }
                try connection.run("INSERT INTO store (id, lineage) VALUES (1, ?)", [lineage.sql])
            }
        } catch {
            throw StoreError(error, path: path)
        }
    }

    /// The order matters: with the exclusive mode before the first access the index of the
    /// write-ahead log stays out of shared memory and the lock is held until the end.
    private static func prepare(_ database: Database, path: String, tuning: Tuning) throws {
        try database.execute(sql: "PRAGMA locking_mode = EXCLUSIVE")
        try DatabaseFile.check(database, path: path, kind: .store)
        guard try String.fetchOne(database, sql: "PRAGMA journal_mode = WAL") == "wal" else {
            throw StoreError(
                .unsupported, "\(path): the file system cannot hold a write-ahead log.")
        }
        try database.execute(sql: "PRAGMA synchronous = \(tuning.synchronous)")
        try database.execute(sql: "PRAGMA journal_size_limit = 67108864")
        // 32 MiB: each checkpoint holds up who waits for a commit, and writes again only once what has
        // changed several times since the last.
        _ = try Int.fetchOne(database, sql: "PRAGMA wal_autocheckpoint = 8192")
        // What is removed is overwritten.
        _ = try Int.fetchOne(database, sql: "PRAGMA secure_delete = ON")
        guard try Int.fetchOne(database, sql: "PRAGMA synchronous") == tuning.synchronous else {
            throw StoreError(.unsupported, "\(path): this SQLite does not wait for the disk.")
        }
        if let limit = tuning.pageLimit {
            _ = try Int.fetchOne(database, sql: "PRAGMA max_page_count = \(limit)")
        }
    }

    /// The ``Store`` requirement.
    public func close() async throws(StoreError) {
        let queue = queue
        try await onThread { () throws(StoreError) in
            do { try queue.close() } catch { throw StoreError(error, path: self.path) }
        }
        failure.withLock { $0 = $0 ?? StoreError(.closed, "\(path) has been closed.") }
    }

    /// Runs a closure on the connection, outside Swift's cooperative threads. As there is one
    /// connection, what it reads is of one moment. Cancellation does not reach it.
    func read<T: Sendable>(
        _ body: @escaping @Sendable (Connection) throws(StoreError) -> T
    ) async throws(StoreError) -> T {
        try await perform { (database, path) throws(StoreError) in
            try body(Connection(database: database, path: path))
        }
    }

    /// Runs a closure as one transaction, which is on disk when this returns.
    func write<T: Sendable>(
        _ body: @escaping @Sendable (Connection) throws(StoreError) -> T
    ) async throws(StoreError) -> T {
        try await perform { (database, path) throws(StoreError) in
            do {
                var result: T?
                try database.inTransaction(.immediate) {
                    result = try body(Connection(database: database, path: path))
                    return .commit
                }
                guard let result else { preconditionFailure("the body has run") }
                return result
            } catch {
                throw StoreError(error, path: path)
            }
        }
    }

    private func perform<T: Sendable>(
        _ body: @escaping @Sendable (Database, String) throws(StoreError) -> T
    ) async throws(StoreError) -> T {
        let result: Result<T, StoreError> = await withCheckedContinuation { continuation in
            queue.asyncWriteWithoutTransaction { database in
                continuation.resume(returning: self.guarded(database, body))
            }
        }
        return try result.get()
    }

    private func guarded<T>(
        _ database: Database, _ body: (Database, String) throws(StoreError) -> T
    ) -> Result<T, StoreError> {
        do throws(StoreError) {
            try checkOpen()
            return .success(try body(database, path))
        } catch {
            if error.code == .fsyncFailed { failure.withLock { $0 = error } }
            return .failure(error)
        }
    }

    /// Throws what every call throws from now on, if anything.
    func checkOpen() throws(StoreError) {
        if let failure = failure.withLock({ $0 }) { throw failure }
    }

    /// Runs blocking work that does not use the connection on a thread of its own.
    func onThread<T: Sendable>(
        _ work: @escaping @Sendable () throws(StoreError) -> T
    ) async throws(StoreError) -> T {
        let result: Result<T, StoreError> = await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                do throws(StoreError) {
                    continuation.resume(returning: .success(try work()))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        return try result.get()
    }

    /// The ``Store`` requirement.
    public func info() async throws(StoreError) -> StoreInfo {
        let path = path
        return try await read { (store) throws(StoreError) in
            let info = try store.first("SELECT lineage, receipt_key FROM store") {
                (row: inout Columns) throws(StoreError) in
                StoreInfo(lineage: try row.bits(), receiptKey: try row.optionalBytes())
            }
            guard let info else { throw .damaged(path, "it has no lineage") }
            return info
        }
    }

    /// The ``Store`` requirement.
    public func setReceiptKey(_ key: [UInt8]) async throws(StoreError) {
        try LogRules.check(length: key)
        try await write { (store) throws(StoreError) in
            try store.run(
                "UPDATE store SET receipt_key = ? WHERE receipt_key IS NULL", [key])
            guard store.changed == 1 else { throw LogRules.keyExists }
        }
    }

    /// The ``Store`` requirement.
    public func setLineage(_ lineage: UInt64) async throws(StoreError) {
        try await write { (store) throws(StoreError) in
            try store.run("UPDATE store SET lineage = ?", [lineage.sql])
        }
    }
}

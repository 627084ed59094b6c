import GRDB
import GRDBSQLite

/// The hashes of the rows in a block, read where they lie: those beside them stay on disk.
struct BlockHashes: ~Copyable {
    private let blob: OpaquePointer
    private let connection: Connection

    fileprivate init(_ blob: OpaquePointer, _ connection: Connection) {
        self.blob = blob
        self.connection = connection
    }

    deinit { sqlite3_blob_close(blob) }

    /// How many there are.
    var count: Int { Int(sqlite3_blob_bytes(blob)) / LogRules.hashLength }

    /// Those behind so many rows, up to a position, one behind the other.
    func hashes(after start: Int, to end: Int) throws(StoreError) -> [UInt8] {
        precondition(0 <= start && start <= end && end <= count, "the rows are in the block")
        let count = (end - start) * LogRules.hashLength
        var code = SQLITE_OK
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            code = sqlite3_blob_read(
                blob, buffer.baseAddress, Int32(count), Int32(start * LogRules.hashLength))
            filled = code == SQLITE_OK ? count : 0
        }
        guard code == SQLITE_OK else { throw connection.failure(code) }
        return bytes
    }
}

extension Connection {
    /// Calls `body` with the hashes of a document's block; `nil` if it has none.
    func withBlockHashes<T>(
        _ number: Int64, _ body: (borrowing BlockHashes) throws(StoreError) -> T
    ) throws(StoreError) -> T? {
        guard try blockHead(number) > 0 else { return nil }
        var blob: OpaquePointer?
        let code = sqlite3_blob_open(
            database.sqliteConnection, "main", "blocks", "hashes", number, 0, &blob)
        guard code == SQLITE_OK, let blob else { throw failure(code) }
        return try body(BlockHashes(blob, self))
    }
}

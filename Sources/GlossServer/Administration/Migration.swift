import GlossCrypto
import GlossStorage

/// Bringing the data of a stopped server to this version's schema.
public struct Migration: Codable, Hashable, Sendable {
    /// `glossd.migration/1`.
    public var schema = "glossd.migration/1"
    /// The file's schema.
    public var from: Int
    /// The one that this version writes.
    public var to: Int
    /// Whether the file is there now.
    public var isDone: Bool

    /// Says what there is to do, and does it unless `isDryRun`.
    ///
    /// - Throws: ``ServerError``: `not_found` without data, `in_use` while a server runs, `damaged`
    ///   for a file of a newer version.
    public static func run(
        dataDirectory: String, isDryRun: Bool
    ) async throws(ServerError) -> Migration {
        let directory = DataDirectory(path: dataDirectory)
        guard directory.isInitialized else { throw Administration.absent(dataDirectory) }
        let lock = try directory.lock()
        defer { withExtendedLifetime(lock) {} }
        do throws(StoreError) {
            let file = try StoreFile(path: directory.store, isThorough: false)
            var migration = Migration(
                from: file.schema, to: StoreFile.currentSchema,
                isDone: file.schema == StoreFile.currentSchema)
            if migration.isDone || isDryRun { return migration }
            var random = SystemRandom()
            let store = try SQLiteStore(
                path: directory.store, lineage: random.next(), packing: HistoryPacking())
            try await store.close()
            migration.isDone = true
            return migration
        } catch {
            throw ServerError(error)
        }
    }

    /// The same as one line of JSON.
    public var json: String { AdminCoding.line(self) }
}

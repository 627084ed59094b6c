import FoundationEssentials
import GRDB

/// A server's database as a file, read without changing it. For files that no server has open.
public struct StoreFile: Sendable {
    /// The file's schema; 0 if it is empty.
    public let schema: Int
    /// What is wrong with the file by SQLite's own check; empty if nothing is.
    public let damage: [String]
    /// When the newest change was received, in milliseconds since 1970.
    public let lastChange: Int?

    /// The schema that this program writes.
    public static var currentSchema: Int { DatabaseKind.store.version }

    /// Which SQLite this program uses.
    public static func sqliteVersion() throws(StoreError) -> String {
        do {
            return try DatabaseQueue().inDatabase {
                try String.fetchOne($0, sql: "SELECT sqlite_version()") ?? "unknown"
            }
        } catch {
            throw StoreError(error, path: "SQLite")
        }
    }

    /// Reads the file at a path.
    ///
    /// - Parameter isThorough: whether to read and check every page.
    /// - Throws: ``StoreError``: `cannotOpen`, `locked`, `notADatabase`, `newerSchema`, `corrupt`
    ///   or `io`.
    /// - Complexity: O(size of the file) with `isThorough`.
    public init(path: String, isThorough: Bool) throws(StoreError) {
        do {
            var configuration = Configuration()
            configuration.readonly = true
            configuration.busyMode = .immediateError
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            (schema, damage, lastChange) = try queue.inDatabase { database in
                try DatabaseFile.check(database, path: path, kind: .store)
                let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
                var damage: [String] = []
                if isThorough {
                    damage = try String.fetchAll(database, sql: "PRAGMA integrity_check(20)")
                        .filter { $0 != "ok" }
                    damage += try Row.fetchAll(database, sql: "PRAGMA foreign_key_check")
                        .prefix(20).map { "a record of \($0[0] as String? ?? "?") refers to none" }
                    damage += try Self.strayPrivateSets(database, version: version)
                }
                return (version, damage, try Self.lastChange(database, version: version))
            }
            try queue.close()
        } catch {
            throw StoreError(error, path: path)
        }
    }

    /// The first version of the schema that has private sets.
    private static let privateSetVersion = 6

    /// Private sets of which it is lost whose they are, or whose article is: nobody may read them.
    private static func strayPrivateSets(_ database: Database, version: Int) throws -> [String] {
        guard version >= privateSetVersion else { return [] }
        let strays = try String.fetchAll(
            database,
            sql: """
                SELECT lower(hex(id)) FROM documents
                LEFT JOIN private_sets ON private_sets.document = documents.number
                WHERE hex(substr(id, 1, 4)) = 'FFFFFFFF'
                    AND ifnull(article NOT IN (SELECT id FROM documents), 1)
                ORDER BY id LIMIT 20
                """)
        return strays.map { "the private annotation set \($0) has lost its owner or its article" }
    }

    /// The first version of the schema that has blocks.
    private static let blockVersion = 3

    private static func lastChange(_ database: Database, version: Int) throws -> Int? {
        guard version > 0 else { return nil }
        var last = try Int.fetchOne(database, sql: "SELECT max(received_at) FROM log")
        guard version >= blockVersion else { return last }
        let blocks = try Row.fetchCursor(database, sql: "SELECT head, columns FROM blocks")
        while let row = try blocks.next() {
            guard let bytes = row[1] as Data?,
                let columns = BlockColumns([UInt8](bytes), count: row[0])
            else { continue }
            let times = columns.entries.map(\.receivedAt) + [last].compactMap { $0 }
            last = times.max()
        }
        return last
    }
}

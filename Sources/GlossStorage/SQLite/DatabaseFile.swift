import GRDB
import Glibc

/// What tells one kind of Gloss database from another, and its schema.
struct DatabaseKind: Sendable {
    /// What people call such a file.
    let noun: String
    /// The number in the file's header, `PRAGMA application_id`.
    let applicationID: Int64
    /// The schema, one step of SQL for each version from 1 on. Steps are never edited.
    let schema: [String]

    /// The version this program writes, `PRAGMA user_version`.
    var version: Int { schema.count }

    var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        for (index, sql) in schema.enumerated() {
            let version = index + 1
            migrator.registerMigration("v\(version)") { database in
                try database.execute(sql: sql)
                try database.execute(
                    sql: """
                        PRAGMA application_id = \(applicationID);
                        PRAGMA user_version = \(version);
                        """)
            }
        }
        return migrator
    }
}

/// Opening a database file: made with mode 0600 if there is none, its kind and version checked,
/// its schema brought up to date.
enum DatabaseFile {
    static func open(
        _ path: String, kind: DatabaseKind, configuration: Configuration
    ) throws(StoreError) -> DatabaseQueue {
        try prepare(path)
        do {
            // SQLite takes some relative names for URIs or for databases in memory.
            let name = path.hasPrefix("/") ? path : "./" + path
            let queue = try DatabaseQueue(path: name, configuration: configuration)
            try update(queue, path: path, kind: kind)
            return queue
        } catch {
            throw StoreError(error, path: path)
        }
    }

    /// Makes the file if there is none, and keeps it from other users' eyes.
    ///
    /// An existing file is not opened here: closing any descriptor of a file drops every lock this
    /// process has on it, those of SQLite among them.
    private static func prepare(_ path: String) throws(StoreError) {
        let descriptor = Glibc.open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
        if descriptor >= 0 {
            Glibc.close(descriptor)
            return
        }
        guard errno == EEXIST else { throw StoreError(errno: errno, path: path) }
        var status = stat()
        guard stat(path, &status) == 0 else { throw StoreError(errno: errno, path: path) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw StoreError(.notADatabase, "\(path) is not a file.")
        }
        if status.st_mode & 0o077 != 0 {
            _ = chmod(path, 0o600)  // on file systems without modes this fails, and cannot matter
        }
    }

    /// Brings the schema up to date. Two processes may do so at once on a new file: the one that
    /// comes second at a step fails, and finds that step done when it tries again.
    private static func update(
        _ queue: DatabaseQueue, path: String, kind: DatabaseKind
    ) throws {
        var failures = 0
        while try !isCurrent(queue, path: path, kind: kind) {
            do {
                return try kind.migrator.migrate(queue)
            } catch {
                failures += 1
                guard failures <= kind.version else { throw error }
            }
        }
    }

    /// Whether the file has the newest schema; an error if it is not one of ours.
    private static func isCurrent(
        _ queue: DatabaseQueue, path: String, kind: DatabaseKind
    ) throws -> Bool {
        try queue.inDatabase { try check($0, path: path, kind: kind) }
    }

    /// Whether a database has the newest schema; an error if it is not one of ours. Comes before
    /// any setting that is kept in the file, so that what is not ours stays as it is.
    @discardableResult
    static func check(_ database: Database, path: String, kind: DatabaseKind) throws -> Bool {
        var isCurrent = false
        // One transaction, or another process could make the schema between two of the questions.
        try database.inTransaction(.deferred) {
            let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
            let id = try Int64.fetchOne(database, sql: "PRAGMA application_id") ?? 0
            if version == kind.version, id == kind.applicationID {
                isCurrent = true
                return .commit
            }
            if id == kind.applicationID, version > kind.version {
                throw StoreError(
                    .newerSchema,
                    "\(path) was written by a newer version of Gloss (schema \(version), this one "
                        + "knows \(kind.version)). Install that version.")
            }
            let foreign = "name NOT LIKE 'sqlite%' AND name NOT LIKE 'grdb%'"
            let empty =
                try Int.fetchOne(
                    database, sql: "SELECT 1 FROM sqlite_master WHERE \(foreign) LIMIT 1") == nil
            guard id == kind.applicationID || id == 0 && version == 0 && empty else {
                throw StoreError(
                    .notADatabase,
                    "\(path) is a database, but not \(kind.noun). Check the path.")
            }
            return .commit
        }
        return isCurrent
    }

    /// Waits until a file or directory is on disk.
    static func sync(_ path: String) throws(StoreError) {
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw StoreError(errno: errno, path: path) }
        defer { Glibc.close(descriptor) }
        guard fsync(descriptor) == 0 else {
            throw StoreError(.fsyncFailed, "\(path): the disk did not confirm a write.")
        }
    }
}

import GRDB
import Glibc

extension SQLiteStore {
    /// The ``Store`` requirement. Other calls wait while the copy is written, not while it is
    /// checked. A backup that fails leaves nothing under its name. One whose process is killed may
    /// leave a file beside it, with `.partial` behind the name: it is in nobody's way, and may be
    /// removed.
    public func backup(to path: String) async throws(StoreError) {
        try checkOpen()
        let partial = try await onThread { () throws(StoreError) in
            try Self.checkFree(path)
            return try Self.createPartial(of: path)
        }
        do throws(StoreError) {
            try await copy(to: partial)
            try await onThread { () throws(StoreError) in
                try Self.check(partial)
                try DatabaseFile.sync(partial)
                // Looked at again: another backup to it may have ended meanwhile.
                try Self.checkFree(path)
                guard rename(partial, path) == 0 else { throw StoreError(errno: errno, path: path) }
            }
        } catch {
            unlink(partial)
            // Nobody has heard of the name it has meanwhile.
            throw StoreError(error.code, error.message.replacing(partial, with: path))
        }
        try await onThread { () throws(StoreError) in
            try DatabaseFile.sync(directory(of: path))
        }
    }

    private static func checkFree(_ path: String) throws(StoreError) {
        guard access(path, F_OK) != 0 else { throw StoreError(errno: EEXIST, path: path) }
    }

    /// Makes an empty file for a copy on its way to a path, under the first name that nobody has:
    /// others may be at work on the same path.
    private static func createPartial(of path: String) throws(StoreError) -> String {
        var count = 1
        while true {
            let partial = path + ".partial" + (count == 1 ? "" : "\(count)")
            let descriptor = open(partial, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
            if descriptor >= 0 {
                Glibc.close(descriptor)
                return partial
            }
            guard errno == EEXIST else { throw StoreError(errno: errno, path: path) }
            count += 1
        }
    }

    /// An error is of the copy's file, whose disk may be full when the store's is not.
    private func copy(to partial: String) async throws(StoreError) {
        let result = try await read { (store) throws(StoreError) -> StoreError? in
            do {
                try store.database.execute(sql: "VACUUM INTO ?", arguments: [partial])
                return nil
            } catch {
                return StoreError(error, path: partial)
            }
        }
        if let result { throw result }
    }

    private static func check(_ path: String) throws(StoreError) {
        do {
            var configuration = Configuration()
            configuration.readonly = true
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            let found = try queue.inDatabase {
                try String.fetchAll($0, sql: "PRAGMA integrity_check(1)")
            }
            try queue.close()
            guard found == ["ok"] else {
                throw StoreError.damaged(path, found.first ?? "the check said nothing")
            }
        } catch {
            throw StoreError(error, path: path)
        }
    }
}

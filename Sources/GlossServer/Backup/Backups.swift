import FoundationEssentials
import Glibc
import GlossCrypto
import GlossStorage
import GlossTransport
import Logging

/// What can be done with copies of a store, without a server.
public enum Backups {
    /// Reads a copy from end to end: SQLite's own check of the file, then every document replayed,
    /// every hash and checksum computed again. The file itself is only read.
    ///
    /// - Throws: ``ServerError`` if the file cannot be read at all. What is wrong inside is in the
    ///   report.
    public static func verify(_ path: String) async throws(ServerError) -> BackupReport {
        let draft = try Draft()
        defer { draft.remove() }
        return try await verify(path, in: draft)
    }

    /// Puts a copy that passes ``verify(_:)`` into a new or empty directory, as the data of a
    /// server with a log of its own: clients compare what they have and give back what it lacks.
    ///
    /// - Parameter isDryRun: whether only to say what would be done.
    /// - Throws: ``ServerError``: `exists` if the directory holds anything, `damaged` if the copy
    ///   is not whole.
    public static func restore(
        _ path: String, to directory: String, isDryRun: Bool
    ) async throws(ServerError) -> BackupReport {
        try checkEmpty(directory)
        let draft = try Draft()
        defer { draft.remove() }
        var report = try await verify(path, in: draft)
        guard report.problems.isEmpty else {
            throw ServerError(
                .damaged,
                "\(path) is not whole, and nothing was restored:\n"
                    + report.problems.joined(separator: "\n"))
        }
        (report.schema, report.directory) = ("glossd.restore/1", directory)
        if isDryRun { return report }
        let target = DataDirectory(path: directory)
        try target.prepare()
        let lock = try target.lock()
        defer { withExtendedLifetime(lock) {} }
        guard !target.isInitialized else {
            throw ServerError(.exists, "\(directory) is not empty any more. Nothing was restored.")
        }
        // Under another name until it is complete: a server must not start on half of it.
        let partial = "\(directory)/restoring.db"
        do {
            // The draft is what was verified; it has taken in a log that lay beside the copy.
            try copyFile(draft.file, to: partial)
            var random = SystemRandom()
            let store = try SQLiteStore(
                path: partial, lineage: random.next(), packing: HistoryPacking())
            try await store.setLineage(random.next())
            try await store.close()
            guard rename(partial, target.store) == 0 else {
                throw ServerError(errno: errno, path: target.store)
            }
            do throws(SystemFile.Failure) {
                try SystemFile.synchronizeDirectory(directory)
            } catch {
                throw ServerError(.io, "\(directory): \(error.reason).")
            }
        } catch {
            for suffix in ["", "-wal", "-shm"] { unlink(partial + suffix) }
            throw serverError(error)
        }
        var entry = AuditEntry(.restored)
        entry.file = path
        try AuditLog(path: target.audit, logger: Logger(label: "glossd"))
            .record(entry, by: .administrator(getuid()))
        return report
    }

    private static func verify(
        _ path: String, in draft: Draft
    ) async throws(ServerError) -> BackupReport {
        do {
            try copyFile(path, to: draft.file)
            // A database copied by hand may have its newest changes in a second file.
            if access(path + "-wal", F_OK) == 0 {
                try copyFile(path + "-wal", to: draft.file + "-wal")
            }
            let file = try StoreFile(path: draft.file, isThorough: true)
            guard file.schema > 0 else {
                throw ServerError(.damaged, "\(path) is an empty database, not a copy of a store.")
            }
            var found = BackupReport()
            if file.damage.isEmpty {
                let store = try SQLiteStore(
                    path: draft.file, lineage: 0, packing: HistoryPacking())
                var verifier = StoreVerifier(store)
                try await verifier.run()
                try await store.close()
                found = verifier.report
            } else {
                found.problems = file.damage
            }
            (found.file, found.storeSchema) = (path, file.schema)
            return found
        } catch {
            var failure = serverError(error)
            failure.message = failure.message.replacing(draft.file, with: path)
            throw failure
        }
    }

    private static func serverError(_ error: any Error) -> ServerError {
        switch error {
        case let error as ServerError: error
        case let error as StoreError: ServerError(error)
        default: ServerError(.io, "\(error)")
        }
    }

    private static func checkEmpty(_ directory: String) throws(ServerError) {
        guard access(directory, F_OK) == 0 else { return }
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: directory) else {
            throw ServerError(.io, "\(directory) cannot be read, or is no directory.")
        }
        guard names.isEmpty else {
            throw ServerError(
                .exists,
                "\(directory) is not empty. Restore into a new directory, then move it.")
        }
    }

    private static func copyFile(_ source: String, to target: String) throws {
        let input = open(source, O_RDONLY | O_CLOEXEC)
        guard input >= 0 else { throw ServerError(errno: errno, path: source) }
        defer { close(input) }
        let output = open(target, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
        guard output >= 0 else { throw ServerError(errno: errno, path: target) }
        defer { close(output) }
        var buffer = [UInt8](repeating: 0, count: 1_048_576)
        while true {
            let count = read(input, &buffer, buffer.count)
            if count == 0 { break }
            guard count > 0 else { throw ServerError(errno: errno, path: source) }
            guard write(output, buffer, count) == count else {
                throw ServerError(errno: errno, path: target)
            }
        }
        guard fsync(output) == 0 else { throw ServerError(errno: errno, path: target) }
    }
}

/// A directory of its own for one copy, removed afterwards.
private struct Draft {
    let path: String
    var file: String { "\(path)/copy.db" }

    init() throws(ServerError) {
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var name = Array("\(parent)/glossd-verify-XXXXXX".utf8CString)
        guard mkdtemp(&name) != nil else { throw ServerError(errno: errno, path: parent) }
        path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    func remove() {
        for suffix in ["", "-wal", "-shm", "-journal"] { unlink(file + suffix) }
        rmdir(path)
    }
}

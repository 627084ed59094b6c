import Glibc
import GlossStorage
import GlossTransport

/// The directory that holds everything a server keeps, for its owner only.
struct DataDirectory {
    let path: String

    /// The database.
    var store: String { "\(path)/glossd.db" }
    /// The socket for administrators.
    var socket: String { "\(path)/admin.sock" }
    /// The first invitation, where there is no terminal to print it on.
    var firstInvitation: String { "\(path)/first-invite" }
    /// Where the server was last reached, for invitations made while it is stopped.
    var address: String { "\(path)/address" }
    /// What changed access.
    var audit: String { "\(path)/audit.jsonl" }
    private var lockFile: String { "\(path)/lock" }

    init(path: String) {
        self.path = path
    }

    /// Whether there is a database already.
    var isInitialized: Bool { access(store, F_OK) == 0 }

    /// Whether the server's own key is there.
    var holdsKey: Bool { access("\(path)/\(ServerKey.fileName)", F_OK) == 0 }

    /// Makes the directory with mode 0700 if it is not there.
    func prepare() throws(ServerError) {
        var prefix = path.hasPrefix("/") ? "" : "."
        for component in path.split(separator: "/") {
            prefix += "/\(component)"
            if mkdir(prefix, 0o700) != 0, errno != EEXIST { throw failure(prefix) }
        }
        var status = stat()
        guard stat(path, &status) == 0 else { throw failure(path) }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw ServerError(.io, "\(path) is not a directory.")
        }
        if status.st_mode & 0o077 != 0, chmod(path, 0o700) != 0 { throw failure(path) }
    }

    /// Whether a process holds the directory. Makes no file, and keeps nothing from anybody for longer
    /// than the look takes.
    func isLocked() throws(ServerError) -> Bool {
        let file = open(lockFile, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            if errno == ENOENT { return false }
            throw failure(lockFile)
        }
        defer { close(file) }
        if flock(file, LOCK_SH | LOCK_NB) == 0 { return false }
        if errno == EWOULDBLOCK { return true }
        throw failure(lockFile)
    }

    /// Takes the directory for this process, for as long as the lock is kept.
    func lock() throws(ServerError) -> DirectoryLock {
        let file = open(lockFile, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw failure(lockFile) }
        var attempts = 1
        var isTaken = flock(file, LOCK_EX | LOCK_NB) == 0
        while !isTaken, errno == EWOULDBLOCK, attempts < 3 {
            // Somebody may only be looking.
            usleep(20_000)
            attempts += 1
            isTaken = flock(file, LOCK_EX | LOCK_NB) == 0
        }
        guard isTaken else {
            let error = errno
            close(file)
            if error == EWOULDBLOCK {
                throw ServerError(
                    .inUse, "Another glossd uses \(path). Stop it, or choose another --data.")
            }
            throw failure(lockFile)
        }
        return DirectoryLock(file: file)
    }

    /// Writes a small file of mode 0600, whole or not at all. It is on disk when this returns.
    static func write(_ text: String, to path: String) throws(ServerError) {
        do throws(SystemFile.Failure) {
            try SystemFile.replace(path, in: directory(of: path), bytes: Array(text.utf8))
        } catch {
            throw ServerError(.io, "\(path): \(error.reason).")
        }
    }

    /// The text of a small file; `nil` if it cannot be read.
    static func read(_ path: String) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = Glibc.read(file, &bytes, bytes.count)
        return count < 0 ? nil : String(decoding: bytes.prefix(count), as: UTF8.self)
    }

    private func failure(_ path: String) -> ServerError {
        ServerError(errno: errno, path: path)
    }
}

/// Keeps a data directory for this process until it is let go.
final class DirectoryLock: Sendable {
    private let file: Int32

    init(file: Int32) {
        self.file = file
    }

    deinit {
        close(file)
    }
}

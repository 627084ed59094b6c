import Glibc

/// The file system calls that small private files and socket files need, with the system's own reasons.
package enum SystemFile {
    static let addressInUse = EADDRINUSE
    static let connectionRefused = ECONNREFUSED

    package struct Failure: Error {
        package let reason: String
    }

    struct Status {
        let isRegularFile: Bool
        let isSocket: Bool
        /// Whether anyone but the owner may do anything with the file.
        let isOpenToOthers: Bool
        let size: Int
        let identity: Identity
    }

    /// Tells whether two paths are one file.
    struct Identity: Hashable {
        let device: UInt
        let node: UInt
    }

    static func reason(errorNumber: Int32) -> String {
        guard let text = strerror(errorNumber) else { return "error \(errorNumber)" }
        return String(cString: text)
    }

    /// The status of `path`, links not followed; nil if there is no such file.
    static func status(of path: String) throws(Failure) -> Status? {
        var information = stat()
        guard lstat(path, &information) == 0 else {
            if errno == ENOENT { return nil }
            throw lastFailure()
        }
        let kind = information.st_mode & S_IFMT
        return Status(
            isRegularFile: kind == S_IFREG, isSocket: kind == S_IFSOCK,
            isOpenToOthers: information.st_mode & 0o077 != 0, size: Int(information.st_size),
            identity: Identity(
                device: UInt(information.st_dev), node: UInt(information.st_ino)))
    }

    /// The permissions of the file that a path leads to.
    static func mode(following path: String) throws(Failure) -> UInt32 {
        var information = stat()
        guard stat(path, &information) == 0 else { throw lastFailure() }
        return information.st_mode & 0o777
    }

    static func read(
        _ path: String, limit: Int, followsLinks: Bool = false
    ) throws(Failure) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC | (followsLinks ? 0 : O_NOFOLLOW))
        guard file >= 0 else { throw lastFailure() }
        defer { _ = Glibc.close(file) }
        var bytes = [UInt8](repeating: 0, count: limit)
        var filled = 0
        while filled < limit {
            let count = bytes.withUnsafeMutableBytes { buffer in
                Glibc.read(file, buffer.baseAddress.map { $0 + filled }, limit - filled)
            }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw lastFailure() }
            if count == 0 { break }
            filled += count
        }
        bytes.removeSubrange(filled...)
        return bytes
    }

    /// Makes a file of mode 0600 that must not exist yet, and waits until it is on disk.
    static func create(_ path: String, bytes: [UInt8]) throws(Failure) {
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw lastFailure() }
        defer { _ = Glibc.close(file) }
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.write(file, buffer.baseAddress.map { $0 + written }, bytes.count - written)
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw lastFailure() }
            written += count
        }
        guard fchmod(file, 0o600) == 0, fsync(file) == 0 else { throw lastFailure() }
    }

    /// Writes a small file of mode 0600 into a directory, whole or not at all, over one that is there,
    /// and waits until it is on disk under its name.
    package static func replace(
        _ path: String, in directory: String, bytes: [UInt8]
    ) throws(Failure) {
        let draft = "\(path).new"
        remove(draft)
        do throws(Failure) {
            try create(draft, bytes: bytes)
            try rename(draft, to: path)
        } catch {
            remove(draft)
            throw error
        }
        try synchronizeDirectory(directory)
    }

    /// Gives a file a second name. False if the name is taken.
    static func link(_ path: String, as name: String) throws(Failure) -> Bool {
        guard Glibc.link(path, name) == 0 else {
            if errno == EEXIST { return false }
            throw lastFailure()
        }
        return true
    }

    static func rename(_ path: String, to name: String) throws(Failure) {
        guard Glibc.rename(path, name) == 0 else { throw lastFailure() }
    }

    static func restrictToOwner(_ path: String) throws(Failure) {
        guard chmod(path, 0o600) == 0 else { throw lastFailure() }
    }

    static func remove(_ path: String) {
        _ = unlink(path)
    }

    /// Waits until the names in a directory are on disk.
    package static func synchronizeDirectory(_ path: String) throws(Failure) {
        let directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { throw lastFailure() }
        defer { _ = Glibc.close(directory) }
        guard fsync(directory) == 0 else { throw lastFailure() }
    }

    private static func lastFailure() -> Failure {
        Failure(reason: reason(errorNumber: errno))
    }
}

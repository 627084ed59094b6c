import Foundation
import Glibc

/// Copies a database and the files beside it, as a kill at this moment would have left them.
func copyLive(_ path: String, to copy: String) throws {
    for suffix in ["", "-wal", "-journal"]
    where FileManager.default.fileExists(atPath: path + suffix) {
        try FileManager.default.copyItem(atPath: path + suffix, toPath: copy + suffix)
    }
}

/// The permission bits of a file.
func mode(_ path: String) throws -> mode_t {
    var status = stat()
    guard stat(path, &status) == 0 else { throw CocoaError(.fileNoSuchFile) }
    return status.st_mode & 0o777
}

/// Runs a closure with the rights of nobody on the calling thread, so that permissions count even
/// when tests are run by root; the closure must not leave the thread.
func asNobody<T>(_ body: () throws -> T) rethrows -> T {
    typealias SetUser = @convention(c) (uid_t) -> Int32
    guard geteuid() == 0, let symbol = dlsym(nil, "setfsuid") else { return try body() }
    let setUser = unsafeBitCast(symbol, to: SetUser.self)
    _ = setUser(65534)
    defer { _ = setUser(0) }
    return try body()
}

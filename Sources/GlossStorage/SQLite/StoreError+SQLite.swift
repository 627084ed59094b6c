import GRDB
import Glibc

extension StoreError {
    /// What an error of SQLite means, for the database file at a path.
    ///
    /// Neither SQL nor its arguments get into the message: they may hold text of a document.
    init(_ error: any Error, path: String) {
        switch error {
        case let error as StoreError: self = error
        case let error as DatabaseError: self.init(database: error, path: path)
        default: self.init(.io, "\(path): \(type(of: error)).")
        }
    }

    private init(database error: DatabaseError, path: String) {
        let detail = error.message ?? error.resultCode.description
        switch error.extendedResultCode {
        case .SQLITE_IOERR_FSYNC, .SQLITE_IOERR_DIR_FSYNC:
            self.init(
                .fsyncFailed,
                "\(path): the disk did not confirm a write. Check the disk, then start again.")
        case .SQLITE_IOERR_SHORT_READ:
            self = .damaged(path, detail)
        case .SQLITE_READONLY_DBMOVED:
            self.init(.io, "\(path) was moved or replaced while in use. Start again.")
        case .SQLITE_CONSTRAINT_UNIQUE, .SQLITE_CONSTRAINT_PRIMARYKEY:
            self.init(.exists, "\(path) holds such a record already (\(detail)).")
        case .SQLITE_CONSTRAINT_FOREIGNKEY:
            self.init(.notFound, "\(path) lacks a record that this one refers to (\(detail)).")
        default:
            self.init(primary: error.resultCode, detail: detail, path: path)
        }
    }

    private init(primary code: ResultCode, detail: String, path: String) {
        switch code {
        case .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_PROTOCOL:
            self.init(
                .locked,
                "\(path) is in use by another process. Wait for it or stop it, then try again.")
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
            self = .unwritable(path)
        case .SQLITE_MISUSE:
            self.init(.closed, "\(path) has been closed.")
        case .SQLITE_NOTADB:
            self.init(
                .notADatabase, "\(path) is not a database. Check the path, or restore a backup.")
        case .SQLITE_FULL:
            self.init(.diskFull, "\(path): no room is left on the disk. Make room, then try again.")
        case .SQLITE_CORRUPT:
            self = .damaged(path, detail)
        case .SQLITE_CANTOPEN:
            self =
                access(directory(of: path), F_OK) == 0 && access(directory(of: path), W_OK) != 0
                ? .unwritable(path)
                : StoreError(
                    .cannotOpen, "\(path) cannot be opened. Check that its directory exists.")
        case .SQLITE_CONSTRAINT, .SQLITE_TOOBIG, .SQLITE_MISMATCH:
            self.init(.invalid, "\(path) cannot hold such a record (\(detail)).")
        default:
            self.init(.io, "\(path): \(detail). Check the disk, then try again.")
        }
    }

    /// What a failed call of the operating system means.
    init(errno code: Int32, path: String) {
        switch code {
        case EACCES, EPERM, EROFS: self = .unwritable(path)
        case ENOSPC, EDQUOT:
            self.init(.diskFull, "\(path): no room is left on the disk. Make room, then try again.")
        case ENOENT, ENOTDIR:
            self.init(.cannotOpen, "\(path): its directory does not exist.")
        case EEXIST:
            self.init(.exists, "\(path) exists already. Choose another name.")
        default:
            self.init(.io, "\(path): \(String(cString: strerror(code))).")
        }
    }

    /// The file breaks a rule that it cannot break unless it is damaged.
    static func damaged(_ path: String, _ detail: String) -> StoreError {
        StoreError(.corrupt, "\(path) is damaged (\(detail)). Restore a backup.")
    }

    private static func unwritable(_ path: String) -> StoreError {
        StoreError(
            .readOnly,
            "\(path) cannot be written. Check the permissions of the file and of its directory.")
    }
}

/// The directory a path lies in; `.` for one without a slash.
package func directory(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
}

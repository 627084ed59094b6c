import GRDBSQLite
import Glibc
import Synchronization

/// What SQLite writes to files and when it waits for the disk, seen between SQLite and the
/// operating system; and a disk that fails on demand.
///
/// The watch replaces some functions of the file methods that SQLite's own file system layer hands
/// out and calls the original ones, so everything else is as in production. It watches the whole
/// process; ask by path.
enum DiskWatch {
    /// What happened to one file since it was last opened.
    struct Activity {
        /// How often SQLite waited for the disk.
        var syncs = 0
        /// How many writes there were since then.
        var unsyncedWrites = 0
        /// How many writes there were in all.
        var writes = 0
    }

    /// How a disk fails.
    enum Failure: Hashable {
        case sync
        case full
    }

    /// An open file and the address of the methods it came with.
    struct File {
        var path: String
        var methods: UInt

        var original: sqlite3_io_methods {
            guard let methods = UnsafePointer<sqlite3_io_methods>(bitPattern: methods) else {
                preconditionFailure("every open file has methods")
            }
            return methods.pointee
        }
    }

    struct State {
        var files: [UInt: File] = [:]
        var copies: [UInt: UInt] = [:]
        var activity: [String: Activity] = [:]
        var failures: [String: Failure] = [:]
        /// By directory, what happened in it.
        var recordings: [String: [DiskEvent]] = [:]
    }

    static let state = Mutex(State())

    /// Starts to watch the files that are opened from now on.
    static func start() { _ = installed }

    static func activity(at path: String) -> Activity {
        state.withLock { $0.activity[path] ?? Activity() }
    }

    /// Makes the file at a path fail from now on, or no longer.
    static func fail(_ failure: Failure?, at path: String) {
        state.withLock { $0.failures[path] = failure }
    }

    private static let installed: Bool = {
        guard let original = sqlite3_vfs_find(nil) else { return false }
        let watching = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
        watching.initialize(to: original.pointee)
        watching.pointee.pNext = nil
        watching.pointee.zName = UnsafePointer(strdup("watch"))
        watching.pointee.xOpen = { _, name, file, flags, outFlags in
            let code = DiskWatch.original.pointee.xOpen(
                DiskWatch.original, name, file, flags, outFlags)
            if code == SQLITE_OK, let name, let file {
                DiskWatch.watch(file, String(cString: name))
                DiskWatch.recordOpening(String(cString: name), flags)
            }
            return code
        }
        watching.pointee.xDelete = { _, name, syncsDirectory in
            let code = DiskWatch.original.pointee.xDelete(
                DiskWatch.original, name, syncsDirectory)
            if code == SQLITE_OK, let name {
                DiskWatch.record(
                    .delete(isOnDisk: syncsDirectory != 0), of: String(cString: name))
            }
            return code
        }
        return sqlite3_vfs_register(watching, 1) == SQLITE_OK
    }()

    nonisolated(unsafe) private static let original: UnsafeMutablePointer<sqlite3_vfs> =
        sqlite3_vfs_find("unix")

    /// SQLite's unix layer has a few tables of methods, one for each way of locking. Each is copied
    /// once, and each file keeps its original.
    private static func watch(_ file: UnsafeMutablePointer<sqlite3_file>, _ path: String) {
        state.withLock { state in
            guard let found = file.pointee.pMethods else { return }
            let original = UInt(bitPattern: found)
            let methods =
                state.copies[original]
                ?? {
                    let copy = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
                    copy.initialize(to: found.pointee)
                    copy.pointee.xWrite = { DiskWatch.write($0, $1, $2, $3) }
                    copy.pointee.xSync = { DiskWatch.sync($0, $1) }
                    copy.pointee.xTruncate = { DiskWatch.truncate($0, $1) }
                    copy.pointee.xClose = { DiskWatch.close($0) }
                    return UInt(bitPattern: copy)
                }()
            state.copies[original] = methods
            file.pointee.pMethods = UnsafePointer(bitPattern: methods)
            state.files[UInt(bitPattern: file)] = File(path: path, methods: original)
            state.activity[path] = Activity()
        }
    }

    private static func file(_ pointer: UnsafeMutablePointer<sqlite3_file>?) -> File {
        guard let file = state.withLock({ $0.files[UInt(bitPattern: pointer)] }) else {
            preconditionFailure("only watched files get here")
        }
        return file
    }

    private static func write(
        _ pointer: UnsafeMutablePointer<sqlite3_file>?, _ bytes: UnsafeRawPointer?, _ count: Int32,
        _ offset: sqlite3_int64
    ) -> Int32 {
        let file = file(pointer)
        let fails = state.withLock { state in
            state.activity[file.path, default: Activity()].writes += 1
            state.activity[file.path, default: Activity()].unsyncedWrites += 1
            return state.failures[file.path] == .full
        }
        if fails { return SQLITE_FULL }
        let code = file.original.xWrite(pointer, bytes, count, offset)
        if code == SQLITE_OK {
            let written = UnsafeRawBufferPointer(start: bytes, count: Int(count))
            record(.write(offset: Int(offset), bytes: Array(written)), of: file.path)
        }
        return code
    }

    private static func truncate(
        _ pointer: UnsafeMutablePointer<sqlite3_file>?, _ size: sqlite3_int64
    ) -> Int32 {
        let file = file(pointer)
        let code = file.original.xTruncate(pointer, size)
        if code == SQLITE_OK { record(.truncate(size: Int(size)), of: file.path) }
        return code
    }

    private static func sync(
        _ pointer: UnsafeMutablePointer<sqlite3_file>?, _ flags: Int32
    ) -> Int32 {
        let file = file(pointer)
        if state.withLock({ $0.failures[file.path] == .sync }) { return SQLITE_IOERR | 4 << 8 }
        let code = file.original.xSync(pointer, flags)
        state.withLock { state in
            state.activity[file.path, default: Activity()].syncs += 1
            state.activity[file.path, default: Activity()].unsyncedWrites = 0
        }
        if code == SQLITE_OK { record(.sync, of: file.path) }
        return code
    }

    private static func close(_ pointer: UnsafeMutablePointer<sqlite3_file>?) -> Int32 {
        let file = file(pointer)
        state.withLock { $0.files[UInt(bitPattern: pointer)] = nil }
        return file.original.xClose(pointer)
    }
}

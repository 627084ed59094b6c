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

    struct State {
        var paths: [UInt: String] = [:]
        var activity: [String: Activity] = [:]
        var failures: [String: Failure] = [:]
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
            }
            return code
        }
        return sqlite3_vfs_register(watching, 1) == SQLITE_OK
    }()

    nonisolated(unsafe) private static let original: UnsafeMutablePointer<sqlite3_vfs> =
        sqlite3_vfs_find("unix")

    /// The methods of SQLite's unix layer, taken from the first file, and the copy that watches.
    nonisolated(unsafe) private static var base: UnsafePointer<sqlite3_io_methods>?
    nonisolated(unsafe) private static var methods: UnsafeMutablePointer<sqlite3_io_methods>?

    private static func watch(_ file: UnsafeMutablePointer<sqlite3_file>, _ path: String) {
        state.withLock { state in
            guard let found = file.pointee.pMethods else { return }
            if base == nil {
                base = found
                let copy = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
                copy.initialize(to: found.pointee)
                copy.pointee.xWrite = { DiskWatch.write($0, $1, $2, $3) }
                copy.pointee.xSync = { DiskWatch.sync($0, $1) }
                copy.pointee.xClose = { DiskWatch.close($0) }
                methods = copy
            }
            guard found == base else { return }
            file.pointee.pMethods = UnsafePointer(methods)
            state.paths[UInt(bitPattern: file)] = path
            state.activity[path] = Activity()
        }
    }

    private static func write(
        _ file: UnsafeMutablePointer<sqlite3_file>?, _ bytes: UnsafeRawPointer?, _ count: Int32,
        _ offset: sqlite3_int64
    ) -> Int32 {
        let fails = state.withLock { state in
            let path = state.paths[UInt(bitPattern: file)] ?? ""
            state.activity[path, default: Activity()].writes += 1
            state.activity[path, default: Activity()].unsyncedWrites += 1
            return state.failures[path] == .full
        }
        return fails
            ? SQLITE_FULL : base?.pointee.xWrite(file, bytes, count, offset) ?? SQLITE_ERROR
    }

    private static func sync(_ file: UnsafeMutablePointer<sqlite3_file>?, _ flags: Int32) -> Int32 {
        let path = state.withLock { $0.paths[UInt(bitPattern: file)] ?? "" }
        if state.withLock({ $0.failures[path] == .sync }) { return SQLITE_IOERR | 4 << 8 }
        let code = base?.pointee.xSync(file, flags) ?? SQLITE_ERROR
        state.withLock { state in
            state.activity[path, default: Activity()].syncs += 1
            state.activity[path, default: Activity()].unsyncedWrites = 0
        }
        return code
    }

    private static func close(_ file: UnsafeMutablePointer<sqlite3_file>?) -> Int32 {
        state.withLock { $0.paths[UInt(bitPattern: file)] = nil }
        return base?.pointee.xClose(file) ?? SQLITE_ERROR
    }
}

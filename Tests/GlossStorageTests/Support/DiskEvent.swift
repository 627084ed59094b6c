import GRDBSQLite
import Synchronization

/// Something that SQLite asked of the operating system, or that a test noted in between.
struct DiskEvent {
    enum Kind {
        /// A file was opened. The first wait for one that `namesItself` waits for its directory, too.
        case open(namesItself: Bool)
        case write(offset: Int, bytes: [UInt8])
        case truncate(size: Int)
        /// The disk confirmed everything that was written to the file.
        case sync
        /// A file was removed; `isOnDisk` if its directory was waited for.
        case delete(isOnDisk: Bool)
        /// A test was told that its work of this number is done.
        case done(Int)
    }

    /// The file's name in its directory.
    var file: String
    var kind: Kind
}

extension DiskWatch {
    /// Starts to write down what happens to files of a directory.
    static func record(in directory: String) {
        start()
        state.withLock { $0.recordings[directory] = [] }
    }

    /// Notes that the work of a number was reported as done.
    static func noteDone(_ number: Int, in directory: String) {
        state.withLock {
            $0.recordings[directory]?.append(DiskEvent(file: "", kind: .done(number)))
        }
    }

    /// What has happened since ``record(in:)``; nothing more is written down.
    static func endRecording(in directory: String) -> [DiskEvent] {
        state.withLock { $0.recordings.removeValue(forKey: directory) ?? [] }
    }

    static func record(_ kind: DiskEvent.Kind, of path: String) {
        guard let slash = path.lastIndex(of: "/") else { return }
        let file = String(path[path.index(after: slash)...])
        state.withLock {
            $0.recordings[String(path[..<slash])]?.append(DiskEvent(file: file, kind: kind))
        }
    }

    static func recordOpening(_ path: String, _ flags: Int32) {
        let journals = SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL | SQLITE_OPEN_WAL
        let namesItself = flags & journals != 0 && flags & SQLITE_OPEN_CREATE != 0
        record(.open(namesItself: namesItself), of: path)
    }
}

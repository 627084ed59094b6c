import FoundationEssentials
import Glibc
import Logging
import Synchronization

/// The file of what changed access, one JSON object a line, only ever appended to.
///
/// A line is on disk when `record` returns. If that fails, what it was about has happened all the
/// same: the failure is in the server's log.
final class AuditLog: Sendable {
    private struct State {
        var file: Int32
        var refused: [String: RefusedLogins] = [:]
    }

    private let path: String
    private let clock: ServerClock
    private let logger: Logger
    private let state: Mutex<State>

    /// Opens the file, mode 0600, or makes it.
    init(path: String, clock: ServerClock = .system, logger: Logger) throws(ServerError) {
        self.path = path
        self.clock = clock
        self.logger = logger
        let file = open(path, O_CREAT | O_RDWR | O_APPEND | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw ServerError(errno: errno, path: path) }
        state = Mutex(State(file: file))
    }

    deinit {
        close(state.withLock { $0.file })
    }

    /// The invitations of which it is written that they ran out, by their names in entries.
    ///
    /// - Complexity: O(length of the file).
    func expiredInvitations() throws(ServerError) -> Set<String> {
        let event = AuditEntry.Event.invitationExpired
        let entries = try Self.entries(of: path, mentioning: event.rawValue)
        return Set(entries.filter { $0.event == event }.compactMap(\.invitation))
    }

    /// Appends an entry, with the time.
    func record(_ entry: AuditEntry, by actor: AuditEntry.Actor = .server) {
        var entry = entry
        entry.by = actor
        entry.time = Timestamp.text(clock.wall())
        let line = Array("\(AdminCoding.line(entry))\n".utf8)
        let failure = state.withLock { Self.append(line, to: $0.file) }
        if let failure {
            logger.error(
                "the audit log could not be written",
                metadata: [
                    "event": "\(entry.event.rawValue)",
                    "reason": "\(ServerError(errno: failure, path: path))",
                ])
        }
    }

    /// Writes a line and waits for the disk; gives what went wrong.
    ///
    /// A crash, or a disk that was full, may have left half a line: this one starts on its own.
    private static func append(_ line: [UInt8], to file: Int32) -> Int32? {
        var last: UInt8 = 0
        let length = lseek(file, 0, SEEK_END)
        let isOpen = length > 0 && pread(file, &last, 1, length - 1) == 1
        var rest = line[...]
        if isOpen, last != UInt8(ascii: "\n") { rest = [UInt8(ascii: "\n")] + rest }
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            if count <= 0 { return count < 0 ? errno : EIO }
            rest = rest.dropFirst(count)
        }
        return fsync(file) == 0 ? nil : errno
    }

    /// Counts a refused login; what has been counted is written by ``flush()``.
    func loginRefused(_ code: String, from host: String) {
        state.withLock { state in
            RefusedLogins.count(code, from: host, in: &state.refused)
        }
    }

    /// Writes what was counted, a line for each code.
    func flush() {
        let refused = state.withLock { state in
            defer { state.refused = [:] }
            return state.refused
        }
        for (code, logins) in refused.sorted(by: { $0.key < $1.key }) {
            var entry = AuditEntry(.loginsRefused)
            entry.code = code
            entry.count = logins.count
            entry.peers = logins.hosts.sorted()
            record(entry)
        }
    }

    /// The entries of a file, oldest first. A line that is none, as a crash may leave one, is
    /// passed over, and so are those without a word, if one is given.
    static func entries(
        of path: String, mentioning word: String? = nil
    ) throws(ServerError) -> [AuditEntry] {
        guard access(path, F_OK) == 0 else { return [] }
        guard let data = try? Data(contentsOf: URL(filePath: path)) else {
            throw ServerError(errno: errno, path: path)
        }
        let decoder = JSONDecoder()
        let bytes = word.map { Data($0.utf8) }
        return data.split(separator: UInt8(ascii: "\n"))
            .filter { line in bytes.map { line.firstRange(of: $0) != nil } ?? true }
            .compactMap { try? decoder.decode(AuditEntry.self, from: Data($0)) }
    }
}

/// Refused logins of one code.
struct RefusedLogins {
    /// Addresses named in one line.
    private static let hostLimit = 8

    var count = 0
    var hosts: Set<String> = []

    static func count(_ code: String, from host: String, in all: inout [String: RefusedLogins]) {
        var logins = all[code] ?? RefusedLogins()
        logins.count += 1
        if logins.hosts.count < hostLimit { logins.hosts.insert(host) }
        all[code] = logins
    }
}

import Glibc
import GlossStorage
import GlossTransport

/// Looks at everything a server needs, and says what to do about what is not right. Changes
/// nothing.
public struct Doctor {
    let configuration: ServerConfiguration
    let directory: DataDirectory
    private(set) var findings: [Finding] = []

    /// A doctor for a server with that configuration.
    public init(_ configuration: ServerConfiguration) {
        self.configuration = configuration
        directory = DataDirectory(path: configuration.dataDirectory)
    }

    /// Looks at everything; gives what was found, in a fixed order.
    public mutating func examine() async -> [Finding] {
        findings = []
        guard examineDirectory() else { return findings }
        examineFiles()
        let status = await status()
        examineKey(running: status)
        examineDatabase(isRunning: status != nil)
        examineDisk()
        examineClock()
        examineDescriptors()
        examineSQLite()
        await examineAddress(running: status)
        return findings
    }

    mutating func add(
        _ name: String, _ level: Finding.Level, _ message: String, advice: String? = nil
    ) {
        findings.append(Finding(name, level, message, advice: advice))
    }

    /// What the running server says of itself; `nil` if none runs.
    private mutating func status() async -> AdminReport.Status? {
        do throws(ServerError) {
            guard try directory.isLocked() else {
                add("server", .ok, "none runs on this data")
                return nil
            }
        } catch {
            add("server", .error, error.message, advice: "Make the directory this user's.")
            return nil
        }
        do throws(ServerError) {
            let path = directory.path
            let status = try await Administration.perform(
                AdminRequest(.status), dataDirectory: path
            ).status
            guard let status else { throw ServerError(.unreachable, "no status") }
            if let problem = status.problem {
                add("server", .error, "runs, and is not ready: \(problem)")
            } else {
                add("server", .ok, "runs, version \(status.version)")
            }
            return status
        } catch {
            add(
                "server", .error, "something holds the lock and does not answer: \(error)",
                advice: "See what holds \(directory.path)/lock (fuser), and end it.")
            return nil
        }
    }

    private mutating func examineDirectory() -> Bool {
        let path = directory.path
        var status = stat()
        guard stat(path, &status) == 0 else {
            add(
                "data directory", .error, "\(ServerError(errno: errno, path: path))",
                advice: "Start a server there (glossd serve), or name another (--data).")
            return false
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            add(
                "data directory", .error, "\(path) is no directory", advice: "Name another: --data."
            )
            return false
        }
        if access(path, R_OK | W_OK | X_OK) != 0 {
            add(
                "data directory", .error, "\(path) cannot be written by this user",
                advice: "Run as its owner (user \(status.st_uid)), or: chown -R USER \(path)")
        } else if status.st_mode & 0o077 != 0 {
            add(
                "data directory", .warning, "\(path) is open to others",
                advice: "chmod 700 \(path)")
        } else {
            add("data directory", .ok, path)
        }
        return true
    }

    private mutating func examineFiles() {
        let open = directory.privateFiles.filter { path in
            var status = stat()
            return stat(path, &status) == 0 && status.st_mode & 0o077 != 0
        }
        if open.isEmpty {
            add("files", .ok, "nobody else may read them")
        } else {
            add(
                "files", .error, "others may read \(open.joined(separator: ", "))",
                advice: "chmod 600 \(open.joined(separator: " "))")
        }
    }

    private mutating func examineKey(running status: AdminReport.Status?) {
        do throws(TransportError) {
            if configuration.certificate == nil,
                access("\(directory.path)/\(ServerKey.fileName)", F_OK) != 0
            {
                return add(
                    "key", .warning, "there is none yet",
                    advice: "The first start makes one. If clients have joined already, put back "
                        + "the old \(ServerKey.fileName): they trust no other.")
            }
            let key = try ServerKey.configured(configuration)
            if let shown = status?.fingerprint, shown != key.fingerprint.description {
                return add(
                    "key", .warning, "the running server shows another key than the one configured",
                    advice: "glossd reload")
            }
            add("key", .ok, "readable, and its certificate matches: \(key.fingerprint)")
        } catch {
            add(
                "key", .error, "\(error)",
                advice: "Give the file back to its owner (mode 0600), or put the right one there.")
        }
    }

    private mutating func examineDatabase(isRunning: Bool) {
        guard directory.isInitialized else {
            return add("database", .ok, "none yet; the first start makes it")
        }
        if isRunning {
            return add(
                "database", .skipped, "not checked while the server runs",
                advice: "glossd backup FILE, then glossd backup --verify FILE")
        }
        do throws(StoreError) {
            let file = try StoreFile(path: directory.store, isThorough: true)
            if let first = file.damage.first {
                add(
                    "database", .error, "damaged: \(first)",
                    advice: "Restore the newest copy: glossd restore FILE --to NEW-DIR")
            } else if file.schema < StoreFile.currentSchema {
                add(
                    "database", .warning,
                    "whole; schema \(file.schema), this version writes \(StoreFile.currentSchema)",
                    advice: "glossd backup FILE, then glossd migrate")
            } else {
                add("database", .ok, "whole; schema \(file.schema)")
            }
            let now = ServerClock.system.wall()
            if let last = file.lastChange, last > now + 300_000 {
                add(
                    "time of changes", .error,
                    "the newest change is from \(Timestamp.text(last)), which is to come",
                    advice: "Set the clock (timedatectl), and keep it set.")
            }
        } catch {
            add("database", .error, error.message)
        }
    }
}

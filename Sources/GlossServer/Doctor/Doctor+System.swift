import Glibc
import GlossStorage
import GlossTransport

extension Doctor {
    /// With less room than this something should be done.
    private static let comfortableSpace = 268_435_456
    /// The first moment the clock can show and be right: 2026-01-01.
    private static let earliest = 1_767_225_600_000
    /// Descriptors a server needs beside those of its connections.
    private static let ownDescriptors = 64

    mutating func examineDisk() {
        guard let space = DiskSpace.available(at: directory.path) else {
            return add("disk", .skipped, "the system does not say how much room there is")
        }
        let text = "\(space / 1_048_576) MiB free"
        let size = directory.size(of: directory.store) ?? 0
        if space < DiskSpace.least {
            add("disk", .error, text, advice: "Make room: pushes are refused until there is some.")
        } else if space < max(Self.comfortableSpace, size) {
            add("disk", .warning, text, advice: "Make room, also for a copy of the database.")
        } else {
            add("disk", .ok, text)
        }
        let log = directory.size(of: directory.store + "-wal") ?? 0
        if log > 134_217_728 {
            add(
                "write-ahead log", .warning, "\(log / 1_048_576) MiB",
                advice: "Stop the server in good order once (SIGTERM), which empties it.")
        } else {
            add("write-ahead log", .ok, "\(log / 1_024) KiB")
        }
    }

    mutating func examineClock() {
        let now = ServerClock.system.wall()
        if now < Self.earliest {
            add(
                "clock", .error, "it says \(Timestamp.text(now))",
                advice: "Set it (timedatectl set-ntp true): invitations expire by it.")
        } else {
            add("clock", .ok, Timestamp.text(now))
        }
    }

    mutating func examineDescriptors() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            return add("open files", .skipped, "the system does not say how many may be open")
        }
        let allowed = Int(clamping: limit.rlim_cur)
        let needed = configuration.connections + Self.ownDescriptors
        if allowed < needed {
            add(
                "open files", .warning,
                "\(allowed) may be open here, and \(configuration.connections) connections need "
                    + "\(needed)",
                advice: "LimitNOFILE=\(needed) in the unit (glossd unit), ulimit -n \(needed), or "
                    + "fewer connections in the configuration.")
        } else {
            add("open files", .ok, "\(allowed) may be open")
        }
    }

    mutating func examineSQLite() {
        do throws(StoreError) {
            add("SQLite", .ok, try StoreFile.sqliteVersion())
        } catch {
            add("SQLite", .error, error.message)
        }
    }

    /// Connects to where invitations say the server is.
    mutating func examineAddress(running status: AdminReport.Status?) async {
        guard let status, let address = ListenAddress(status.address) else {
            return add("address", .skipped, "no server runs that could be reached")
        }
        guard let fingerprint = KeyFingerprint(hex: status.fingerprint) else {
            return add("address", .error, "the server's fingerprint is malformed")
        }
        do throws(TransportError) {
            let line = try await Dialer().connect(
                host: address.host, port: address.port, fingerprint: fingerprint,
                timeout: .seconds(5))
            await line.close(timeout: .milliseconds(200))
            if configuration.listen.isLoopback {
                add("address", .ok, "\(address) answers; only this machine can reach it")
            } else {
                add("address", .ok, "\(address) answers, from here")
            }
        } catch {
            add(
                "address", .error, "\(address) is what invitations say, and: \(error)",
                advice: "Set public to a name that leads here, and open the port in the firewall.")
        }
    }
}

extension DataDirectory {
    /// The files that nobody else may read.
    var privateFiles: [String] {
        [store, store + "-wal", audit, socket, firstInvitation, "\(path)/\(ServerKey.fileName)"]
    }

    /// Bytes of a file; `nil` if there is none.
    func size(of file: String) -> Int? {
        var status = stat()
        return stat(file, &status) == 0 ? Int(status.st_size) : nil
    }
}

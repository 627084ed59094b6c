import Glibc

/// Tells the service manager how the server is, as sd_notify(3) has it: a datagram to the socket
/// that `NOTIFY_SOCKET` names.
struct ServiceManager: Sendable {
    /// The socket's name; an abstract one starts with `@`.
    let path: String
    /// How often a sign of life is expected, in microseconds; `nil` if none is.
    let watchdog: Int?

    /// The manager that started this process; `nil` if none did.
    init?(environment: (String) -> String?) {
        guard let path = environment("NOTIFY_SOCKET"), path.hasPrefix("/") || path.hasPrefix("@"),
            path.utf8.count > 1
        else { return nil }
        self.path = path
        let isOurs = environment("WATCHDOG_PID").map { $0 == "\(getpid())" } ?? true
        let interval = environment("WATCHDOG_USEC").flatMap { Int($0) }
        watchdog = isOurs ? interval.flatMap { $0 > 0 ? $0 : nil } : nil
    }

    /// The manager that started this process, by its environment.
    static func current() -> ServiceManager? {
        ServiceManager { name in getenv(name).map { String(cString: $0) } }
    }

    func ready(_ status: String) { send("READY=1\nSTATUS=\(status)") }

    func stopping() { send("STOPPING=1") }

    /// To be followed by `ready`.
    func reloading() {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        send("RELOADING=1\nMONOTONIC_USEC=\(time.tv_sec * 1_000_000 + time.tv_nsec / 1_000)")
    }

    /// Gives signs of life until cancelled, each after `isAlive` has returned.
    func keepAlive(_ clock: ServerClock, _ isAlive: @Sendable () async -> Void) async {
        guard let watchdog else { return }
        while !Task.isCancelled {
            await isAlive()
            send("WATCHDOG=1")
            try? await clock.sleep(.microseconds(watchdog / 2))
        }
    }

    /// Sends a message. That nobody takes it is no reason to stop.
    func send(_ message: String) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var name = Array(path.utf8)
        if name[0] == UInt8(ascii: "@") { name[0] = 0 }
        let capacity = MemoryLayout.size(ofValue: address.sun_path)
        guard name.count < capacity else { return }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
        let file = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard file >= 0 else { return }
        defer { close(file) }
        // An abstract name has no zero at its end: its length says where that is.
        let length = MemoryLayout.size(ofValue: address) - capacity + name.count
        let bytes = Array(message.utf8)
        _ = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(file, bytes, bytes.count, Int32(MSG_NOSIGNAL), $0, socklen_t(length))
            }
        }
    }
}

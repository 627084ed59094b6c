import Glibc

/// How much of a process is in memory, as the kernel counts it.
enum ResidentMemory {
    /// Bytes of this process; 0 where the system does not tell.
    static var bytes: Int { bytes(ofProcess: "self") }

    /// Bytes of a process of that number; 0 where the system does not tell.
    static func bytes(ofProcess process: String) -> Int {
        let file = open("/proc/\(process)/statm", O_RDONLY)
        guard file >= 0 else { return 0 }
        defer { close(file) }
        return withUnsafeTemporaryAllocation(byteCount: 128, alignment: 1) { buffer in
            let count = read(file, buffer.baseAddress, buffer.count)
            guard count > 0 else { return 0 }
            let fields = buffer[..<count].split(separator: UInt8(ascii: " "))
            guard fields.count > 1 else { return 0 }
            let pages = fields[1].reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
            return pages * sysconf(Int32(_SC_PAGESIZE))
        }
    }
}

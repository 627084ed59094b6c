import Glibc

/// Room on the disk that holds a path.
enum DiskSpace {
    /// Less than this is too little for one commit of the largest size.
    static let least = 1_048_576

    /// Bytes that this process may still write there; `nil` if the system does not say.
    static func available(at path: String) -> Int? {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return nil }
        return Int(clamping: UInt64(status.f_bavail) &* UInt64(status.f_frsize))
    }
}

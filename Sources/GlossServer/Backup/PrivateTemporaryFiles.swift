import FoundationEssentials

/// The directories for temporary files that systemd gives a service of its own (`PrivateTmp=yes`): what is
/// written there nobody else sees, and it goes with the service.
enum PrivateTemporaryFiles {
    /// The directory in which a file would be hidden from others; `nil` if they see it.
    static func hiding(
        _ path: String,
        mounts: String = (try? String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8))
            ?? ""
    ) -> String? {
        for line in mounts.split(separator: "\n") {
            // The root of the mount within its file system, then the place it is mounted at: proc(5).
            let fields = line.split(separator: " ")
            guard fields.count > 4, fields[3].contains("/systemd-private-") else { continue }
            if path.hasPrefix(fields[4] + "/") { return String(fields[4]) }
        }
        return nil
    }
}

import Foundation
import Testing

/// File systems that only the programs in one namespace see: a small disk, and read-only ones.
final class SmallDisk: Sendable {
    let desk: Desk
    /// Where it is mounted.
    let path: String
    private let keeper: Program

    /// Mounts a small disk at a new directory of the desk.
    init(_ desk: Desk, kilobytes: Int) async throws {
        self.desk = desk
        path = desk.path + "/disk"
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
        let mount = "mount -t tmpfs -o size=\(kilobytes)k none '\(path)'"
        keeper = try desk.start(
            ["unshare", "-m", "sh", "-c", "\(mount) && echo ready && exec sleep 600"], limit: 600)
        let progress = await keeper.wait { $0.outputText.contains("ready") }
        try #require(progress.ending == nil, "\(progress.errorText)")
    }

    /// What a command runs under to see the disk.
    var wrapper: [String] { ["nsenter", "-t", "\(keeper.id)", "-m", "env", "-C", desk.path] }

    func shell(_ command: String) async throws {
        let ran = try await desk.run(wrapper + ["sh", "-c", command])
        try #require(ran.status == 0, "\(ran)")
    }

    /// Leaves no room.
    func fill() async throws {
        _ = try await desk.run(
            wrapper + ["sh", "-c", "cat /dev/zero > '\(path)/filler'; echo full"])
    }

    /// Makes room again.
    func clear() async throws { try await shell("rm '\(path)/filler'") }

    /// Allows only reading from now on, or writing again.
    func setReadOnly(_ isReadOnly: Bool) async throws {
        try await shell("mount -o remount,\(isReadOnly ? "ro" : "rw") '\(path)'")
    }
}

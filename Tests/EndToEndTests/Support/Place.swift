import Foundation
import Glibc

/// Where the binaries under test are: beside the test bundle.
enum Binaries {
    static let directory: String = {
        let path =
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(fileURLWithPath: path).deletingLastPathComponent().path
    }()

    static let gloss = directory + "/gloss"
    static let glossd = directory + "/glossd"
}

/// The tools of the system that some tests need; where one is missing, those are skipped and say so.
enum Tool {
    static func path(_ name: String) -> String? {
        let directories = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")
            .split(separator: ":")
        return directories.map { "\($0)/\(name)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    static let openssl = path("openssl")
    static let script = path("script")

    /// Whether this process may mount file systems in a namespace of its own.
    static let mayMount =
        geteuid() == 0 && path("nsenter") != nil
        && succeeds("unshare", ["-m", "sh", "-c", "mount -t tmpfs none /mnt"])

    /// Whether processes may be traced here.
    static let mayTrace = succeeds("strace", ["-o", "/dev/null", "true"])

    private static func succeeds(_ name: String, _ arguments: [String]) -> Bool {
        guard let program = path(name) else { return false }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}

/// How much is tried: `GLOSS_ROUNDS=N` means N times as much of what is seeded.
enum Rounds {
    static let factor = max(
        1, ProcessInfo.processInfo.environment["GLOSS_ROUNDS"].flatMap { Int($0) } ?? 1)
}

/// SplitMix64: what a seed gives is the same on every machine.
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    init(_ seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return word ^ (word >> 31)
    }
}

import Foundation
import GlossProtocol

/// A `glossd` under load: a process of its own, with a data directory that goes with it.
actor BenchServer {
    private let program: URL
    nonisolated let directory: URL
    private let port: Int
    private var process: Process?
    private(set) var firstInvitation: JoinLink?

    /// A server that is not running yet, of the program at a path.
    init(program: String) throws {
        self.program = URL(fileURLWithPath: program)
        guard FileManager.default.isExecutableFile(atPath: program) else {
            throw BenchError("\(program) is no program; build it, or say --glossd PATH")
        }
        directory = FileManager.default.temporaryDirectory
            .appendingPathComponent("gloss-bench-\(UInt64.random(in: 0...UInt64.max))")
        port = Int.random(in: 20_000..<32_000)
        try FileManager.default.createDirectory(
            at: directory, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        try Data("connections = 60000\ndocuments_in_memory = 100000\n".utf8)
            .write(to: directory.appendingPathComponent("config"))
    }

    private var ready: URL { directory.appendingPathComponent("ready") }

    /// Starts it, waits until it listens, and says how many seconds that took.
    @discardableResult
    func start() async throws -> Double {
        try? FileManager.default.removeItem(at: ready)
        let output = Pipe()
        let process = Process()
        process.executableURL = program
        process.arguments = [
            "serve", "--data", directory.appendingPathComponent("data").path, "--listen",
            "127.0.0.1:\(port)", "--config", directory.appendingPathComponent("config").path,
            "--ready-file", ready.path, "--print-invite",
        ]
        process.standardOutput = output
        process.standardError = FileHandle(forWritingAtPath: "/dev/null")
        let watch = Stopwatch()
        try process.run()
        self.process = process
        while !FileManager.default.fileExists(atPath: ready.path) {
            guard process.isRunning else { throw BenchError("glossd did not start") }
            try await Task.sleep(for: .milliseconds(2))
        }
        let seconds = Double(watch.microseconds) / 1e6
        if firstInvitation == nil {
            let text = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
            firstInvitation = text.split(separator: "\n").first.flatMap { JoinLink($0) }
        }
        return seconds
    }

    /// Ends it as a power switch would.
    func kill() {
        guard let process else { return }
        Glibc.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        self.process = nil
    }

    /// Ends it and removes everything it has written.
    func remove() {
        kill()
        try? FileManager.default.removeItem(at: directory)
    }

    /// An invitation for so many devices.
    func invite(uses: Int) throws -> JoinLink {
        let process = Process()
        let output = Pipe()
        process.executableURL = program
        process.arguments = [
            "invite", "--role", "editor", "--uses", "\(uses)", "--data",
            directory.appendingPathComponent("data").path,
        ]
        process.standardOutput = output
        process.standardError = FileHandle(forWritingAtPath: "/dev/null")
        try process.run()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let lines = String(decoding: text, as: UTF8.self).split(separator: "\n")
        guard let link = lines.lazy.compactMap({ JoinLink($0) }).first else {
            throw BenchError("glossd made no invitation")
        }
        return link
    }

    /// Bytes of it that are in memory.
    var residentBytes: Int {
        process.map { ResidentMemory.bytes(ofProcess: "\($0.processIdentifier)") } ?? 0
    }

    /// Bytes that it has had written to the disk.
    var bytesWritten: Int {
        guard let process,
            let text = try? String(
                contentsOfFile: "/proc/\(process.processIdentifier)/io", encoding: .utf8),
            let line = text.split(separator: "\n").first(where: { $0.hasPrefix("write_bytes:") })
        else { return 0 }
        return line.split(separator: " ").last.flatMap { Int($0) } ?? 0
    }

    /// Seconds of processor time it has taken.
    var processorSeconds: Double {
        let ticks = (field("stat", 13) ?? 0) + (field("stat", 14) ?? 0)
        return Double(ticks) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// Waits until it has done next to nothing for some seconds; a minute at most.
    func rest() async throws {
        var idleSeconds = 0
        var before = processorSeconds
        for _ in 0..<60 where idleSeconds < 8 {
            try await Task.sleep(for: .seconds(1))
            let now = processorSeconds
            idleSeconds = now - before < 0.03 ? idleSeconds + 1 : 0
            before = now
        }
    }

    /// A number out of what the system tells of the process. Its name has no white space.
    private func field(_ file: String, _ index: Int) -> Int? {
        guard let process,
            let text = try? String(
                contentsOfFile: "/proc/\(process.processIdentifier)/\(file)", encoding: .utf8)
        else { return nil }
        let fields = text.split(separator: " ")
        return fields.indices.contains(index) ? Int(fields[index]) : nil
    }
}

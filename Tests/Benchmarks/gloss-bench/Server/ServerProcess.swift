import Foundation

/// A `glossd` in a process of its own, on a port of its own.
final class ServerProcess {
    private let program: String
    private let directory: URL
    private var process = Process()

    /// A server whose data is in a new directory.
    ///
    /// - Parameter program: the path of `glossd`.
    init(program: String) throws {
        self.program = program
        directory = FileManager.default.temporaryDirectory
            .appendingPathComponent("gloss-bench-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: directory, withIntermediateDirectories: true)
    }

    /// How much of it is in memory, in bytes.
    var residentBytes: Int { ResidentMemory.bytes(ofProcess: "\(process.processIdentifier)") }

    /// How long its database is, its log included, in bytes.
    var storedBytes: Int {
        ["glossd.db", "glossd.db-wal"].reduce(0) { sum, name in
            let path = directory.appendingPathComponent("data/\(name)").path
            let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
            return sum + (size ?? 0)
        }
    }

    /// Starts it; gives where it listens.
    func start() async throws -> (host: String, port: Int) {
        let ready = directory.appendingPathComponent("ready").path
        try? FileManager.default.removeItem(atPath: ready)
        process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = [
            "serve", "--data", directory.appendingPathComponent("data").path,
            "--listen", "127.0.0.1:0", "--ready-file", ready,
        ]
        process.environment = ["GLOSSD_DOCUMENTS_IN_MEMORY": "100000"]
        process.standardError = FileHandle.nullDevice
        try process.run()
        while true {
            if let address = try? String(contentsOfFile: ready, encoding: .utf8),
                let port = address.split(separator: ":").last.flatMap({ Int($0.dropLast()) })
            {
                return ("127.0.0.1", port)
            }
            guard process.isRunning else { throw BenchError("\(program) did not start") }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    /// The invitation for the first owner.
    func invitation() throws -> String {
        let path = directory.appendingPathComponent("data/first-invite").path
        return try String(contentsOfFile: path, encoding: .utf8)
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Runs `glossd` on its data, and gives what it prints.
    @discardableResult
    func run(_ arguments: String...) throws -> String {
        let command = Process()
        command.executableURL = URL(fileURLWithPath: program)
        command.arguments =
            arguments + ["--data", directory.appendingPathComponent("data").path]
        let pipe = Pipe()
        command.standardOutput = pipe
        try command.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        command.waitUntilExit()
        guard command.terminationStatus == 0 else {
            throw BenchError("glossd \(arguments.joined(separator: " ")) failed")
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// Stops it as an administrator would.
    func stop() {
        guard process.isRunning else { return }
        process.terminate()
        process.waitUntilExit()
    }

    /// Stops it and removes its data.
    func remove() {
        stop()
        try? FileManager.default.removeItem(at: directory)
    }
}

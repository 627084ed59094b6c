import Foundation

/// The second implementation in `Protocol/reference`, in Python, which was written from the prose.
public enum ReferencePrograms {
    /// Where its programs are.
    public static let folder: String = {
        var root = URL(filePath: #filePath)
        for _ in 0..<4 { root.deleteLastPathComponent() }
        return root.appending(path: "Protocol/reference").path
    }()

    /// A Python that runs it, of version 3.11 or later and with TLS; `nil` if there is none.
    public static let python: String? = {
        let paths = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")
            .split(separator: ":").map { "\($0)/python3" }
        return paths.first {
            FileManager.default.isExecutableFile(atPath: $0)
                && succeeds($0, ["-c", "import ssl, sys; sys.exit(sys.version_info < (3, 11))"])
        }
    }()

    /// Why a test is skipped where ``python`` is `nil`.
    public static let needs = "needs Python 3.11 or later with ssl"

    /// The variables that its programs need beside those of a test.
    ///
    /// The Python that was found may be one that looks for the real one along the path.
    public static let environment = [
        "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
        "PYTHONDONTWRITEBYTECODE": "1",
    ]

    /// Holds the reference against a folder of vectors, that of Protocol/ if there is none.
    ///
    /// - Returns: whether all is right, and what it said.
    public static func check(_ folder: String? = nil) throws -> (isRight: Bool, said: String) {
        let process = Process()
        process.executableURL = URL(filePath: python ?? "/usr/bin/python3")
        process.arguments = ["\(self.folder)/check.py"] + (folder.map { [$0] } ?? [])
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let said = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus == 0, String(decoding: said, as: UTF8.self))
    }

    private static func succeeds(_ program: String, _ arguments: [String]) -> Bool {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}

import Glibc
import GlossClient

/// Whole files and streams as bytes.
enum FileBytes {
    /// The largest file a command takes: 64 MiB.
    static let limit = 64 << 20

    /// Writes all bytes.
    ///
    /// - Returns: whether that worked; `errno` says why not.
    static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var offset = 0
        while offset < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.write(
                    descriptor, buffer.baseAddress.map { $0 + offset }, bytes.count - offset)
            }
            if count < 0 {
                if errno == EINTR { continue }
                return false
            }
            offset += count
        }
        return true
    }

    /// The text of a file, or of standard input for `-`.
    static func text(of path: String) throws(CommandError) -> String {
        if path == "-" { return try text(from: STDIN_FILENO, name: "standard input") }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path) }
        defer { close(descriptor) }
        return try text(from: descriptor, name: path)
    }

    /// Writes a file that only its owner may read, over one that is there.
    static func writePrivate(_ text: String, to path: String) throws(CommandError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure(path) }
        defer { close(descriptor) }
        guard write(Array(text.utf8), to: descriptor) else { throw failure(path) }
    }

    /// Makes a directory and those above it, for their owner alone.
    static func makeDirectory(_ path: String) throws(CommandError) {
        guard let failure = PrivateDirectory.make(path) else { return }
        throw CommandError(.failed, "file", "\(failure.path): \(failure.reason)")
    }

    private static func text(
        from descriptor: Int32, name: String
    ) throws(CommandError) -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw failure(name)
            }
            if count == 0 { break }
            bytes += buffer[..<count]
            guard bytes.count <= limit else {
                throw CommandError(.failed, "too_large", "\(name) has more than 64 MiB")
            }
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CommandError(.failed, "not_text", "\(name) is not UTF-8 text")
        }
        return text
    }

    private static func failure(_ name: String) -> CommandError {
        CommandError(.failed, "file", "\(name): \(String(cString: strerror(errno)))")
    }
}

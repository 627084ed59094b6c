import Glibc
import GlossClient

/// A directory of this process alone, which is gone when the process is, however that ends.
struct TemporaryDirectory {
    let path: String
    private let keeper: ChildProcess
    private let pipe: Int32

    /// Makes one, and starts what will remove it: a shell that waits for the end of this process.
    ///
    /// - Parameter parent: the directory it is made in.
    init(in parent: String, environment: [String: String]) throws(CommandError) {
        var ends: [Int32] = [0, 0]
        var name = Array("\(parent)/gloss-XXXXXX".utf8CString)
        guard Glibc.pipe(&ends) == 0 else { throw Self.failure(parent) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        guard mkdtemp(&name) != nil else { throw Self.failure(parent) }
        let path = String(
            decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let script = "exec >/dev/null 2>&1; read line; rm -rf -- \"$0\""
        let keeper = ChildProcess.start(
            ["/bin/sh", "-c", script, path], environment: environment, input: ends[0],
            closing: ends[1], isDetached: true)
        close(ends[0])
        guard let keeper else {
            close(ends[1])
            rmdir(path)
            throw Self.failure(parent)
        }
        self.path = path
        self.keeper = keeper
        pipe = ends[1]
    }

    /// Removes it with all that is in it, and waits until it is gone.
    func remove() {
        close(pipe)
        _ = keeper.wait()
    }

    private static func failure(_ parent: String) -> CommandError {
        CommandError(
            .failed, "file", "\(parent): \(String(cString: strerror(errno)))",
            tries: ["TMPDIR=… gloss …"])
    }
}

import Glibc
import GlossClient

/// Writes to standard output or standard error.
struct StandardStream {
    /// Results.
    static let output = StandardStream(descriptor: STDOUT_FILENO)
    /// Messages.
    static let error = StandardStream(descriptor: STDERR_FILENO)

    let descriptor: Int32

    /// Writes all of a text. If results cannot be written, the program ends: quietly where nobody reads
    /// any more, else with the reason.
    func write(_ text: String) {
        if FileBytes.write(Array(text.utf8), to: descriptor) || descriptor != STDOUT_FILENO {
            return
        }
        if errno == EPIPE { _exit(ExitStatus.brokenPipe.rawValue) }
        let reason = "error: the output could not be written: \(String(cString: strerror(errno)))\n"
        _ = FileBytes.write(Array(reason.utf8), to: STDERR_FILENO)
        _exit(ExitStatus.failed.rawValue)
    }
}

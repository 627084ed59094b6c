import Glibc
import GlossClient

/// Writes to standard output or standard error.
struct StandardStream {
    /// Results.
    static let output = StandardStream(descriptor: STDOUT_FILENO)
    /// Messages.
    static let error = StandardStream(descriptor: STDERR_FILENO)

    let descriptor: Int32

    /// Writes all of a text. If nobody reads any more, the program ends quietly.
    func write(_ text: String) {
        let isWritten = FileBytes.write(Array(text.utf8), to: descriptor)
        if !isWritten, errno == EPIPE, descriptor == STDOUT_FILENO {
            _exit(ExitStatus.brokenPipe.rawValue)
        }
    }
}

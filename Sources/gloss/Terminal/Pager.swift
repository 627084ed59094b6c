import Glibc

/// Shows long text a screen at a time.
struct Pager {
    let environment: [String: String]

    /// Shows a text and waits until its reader is done.
    ///
    /// - Returns: `false` if there is no pager and nothing was shown.
    func show(_ text: String) -> Bool {
        let named = ["GLOSS_PAGER", "PAGER"].lazy.compactMap { environment[$0] }.first ?? "less"
        guard !named.isEmpty, named != "cat" else { return false }
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { return false }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var variables = environment
        variables["LESS"] = variables["LESS"] ?? "FRX"
        let arguments = ["/bin/sh", "-c", named]
        let child = ChildProcess.start(
            arguments, environment: variables, input: ends[0], closing: ends[1])
        close(ends[0])
        guard let child else {
            close(ends[1])
            return false
        }
        let interrupt = signal(SIGINT, SIG_IGN)
        let isWritten = FileBytes.write(Array(text.utf8), to: ends[1])
        close(ends[1])
        let status = child.wait()
        signal(SIGINT, interrupt)
        return status != 127 || (isWritten && status == 0)
    }
}

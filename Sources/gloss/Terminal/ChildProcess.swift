import Glibc

/// A program run in this terminal.
struct ChildProcess {
    private let process: pid_t

    /// Starts a program that is looked for along `PATH`.
    ///
    /// - Parameters:
    ///   - input: what it reads as standard input; this program's own if `nil`.
    ///   - closing: a descriptor that it must not have.
    ///   - isDetached: whether it leads a process group of its own, which Ctrl-C does not reach.
    /// - Returns: `nil` if it could not be started.
    static func start(
        _ arguments: [String], environment: [String: String], input: Int32? = nil,
        closing: Int32? = nil, isDetached: Bool = false
    ) -> ChildProcess? {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let input { posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO) }
        if let closing { posix_spawn_file_actions_addclose(&actions, closing) }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        for signal in [SIGPIPE, SIGINT, SIGQUIT] { sigaddset(&signals, signal) }
        posix_spawnattr_setsigdefault(&attributes, &signals)
        let group = isDetached ? POSIX_SPAWN_SETPGROUP : 0
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | group))
        let names = arguments.map { strdup($0) } + [nil]
        let variables =
            environment.sorted { $0.key < $1.key }.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for pointer in names + variables { free(pointer) } }
        var process = pid_t()
        guard let program = arguments.first,
            posix_spawnp(&process, program, &actions, &attributes, names, variables) == 0
        else { return nil }
        return ChildProcess(process: process)
    }

    /// Waits for it to end.
    ///
    /// - Returns: its status; 128 and the signal if one ended it.
    func wait() -> Int32 {
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 {
            guard errno == EINTR else { return 127 }
        }
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
    }
}

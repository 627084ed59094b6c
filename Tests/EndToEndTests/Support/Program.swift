import Foundation
import Glibc
import Synchronization

/// A program under test, running: what it has printed so far, its input, its end.
///
/// It leads a process group of its own, so that whatever it starts can be killed with it.
final class Program: Sendable {
    /// How a program ended.
    enum Ending: Hashable, Sendable {
        case exited(Int32)
        case killed(signal: Int32)
        case ranTooLong
    }

    /// What can be waited for.
    struct Progress: Sendable {
        var output: [UInt8] = []
        var errors: [UInt8] = []
        var ending: Ending?
        fileprivate var waiters: [Waiter] = []

        /// Standard output as text.
        var outputText: String { String(decoding: output, as: UTF8.self) }
        /// Standard error as text.
        var errorText: String { String(decoding: errors, as: UTF8.self) }
    }

    fileprivate struct Waiter: Sendable {
        var isMet: @Sendable (Progress) -> Bool
        var continuation: CheckedContinuation<Progress, Never>
    }

    /// Its process id, and the id of its group.
    let id: pid_t
    private let input: Int32
    private let progress = Mutex(Progress())

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - arguments: the program, looked for along `PATH` unless it has a slash, and its words.
    ///   - environment: all of its environment.
    ///   - directory: where it runs.
    ///   - input: what it reads; with `keepsInputOpen` more may follow by ``send(_:)``.
    ///   - limit: seconds after which it is killed.
    init(
        _ arguments: [String], environment: [String: String], directory: String,
        input: String = "", keepsInputOpen: Bool = false, limit: Double = 60
    ) throws {
        let words = ["/usr/bin/env", "-C", directory] + arguments
        let (id, files) = try Self.spawning.withLock { _ in
            try Self.spawn(words, environment: environment)
        }
        self.id = id
        self.input = files[0]
        Glibc.signal(SIGPIPE, SIG_IGN)
        send(input)
        if !keepsInputOpen { close(self.input) }
        Thread { [self] in watch(files[1], files[2], limit: limit) }.start()
    }

    /// One at a time: a program started between a pipe's making and its marking would inherit it.
    private static let spawning = Mutex(())

    /// Starts a program; gives its id and this side's ends of its standard input, output and error.
    private static func spawn(
        _ arguments: [String], environment: [String: String]
    ) throws -> (pid_t, [Int32]) {
        let pipes = try (0..<3).map { _ in try PipeEnds.make() }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, pipes[0].reading, 0)
        posix_spawn_file_actions_adddup2(&actions, pipes[1].writing, 1)
        posix_spawn_file_actions_adddup2(&actions, pipes[2].writing, 2)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        posix_spawnattr_setflags(
            &attributes,
            Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
        let words = arguments.map { strdup($0) } + [nil]
        let variables =
            environment.sorted { $0.key < $1.key }.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for pointer in words + variables { free(pointer) } }
        var id = pid_t()
        let code = posix_spawn(&id, arguments[0], &actions, &attributes, words, variables)
        for file in [pipes[0].reading, pipes[1].writing, pipes[2].writing] { close(file) }
        let files = [pipes[0].writing, pipes[1].reading, pipes[2].reading]
        guard code == 0 else {
            for file in files { close(file) }
            throw Failure("\(arguments[0]): \(String(cString: strerror(code)))")
        }
        return (id, files)
    }

    /// Writes to its standard input; only where that is kept open.
    func send(_ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(input, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// Ends its standard input; only where that is kept open.
    func endInput() { close(input) }

    /// Sends a signal to it alone.
    func signal(_ number: Int32) {
        progress.withLock { if $0.ending == nil { kill(id, number) } }
    }

    /// Kills it and all it has started.
    func destroy() {
        progress.withLock { if $0.ending == nil { kill(-id, SIGKILL) } }
    }

    /// What it has done so far.
    var soFar: Progress { progress.withLock { $0 } }

    /// Waits until something holds of its progress, or it has ended.
    @discardableResult
    func wait(until isMet: @escaping @Sendable (Progress) -> Bool) async -> Progress {
        await withCheckedContinuation { continuation in
            let now: Progress? = progress.withLock { progress in
                if progress.ending != nil || isMet(progress) { return progress }
                progress.waiters.append(Waiter(isMet: isMet, continuation: continuation))
                return nil
            }
            if let now { continuation.resume(returning: now) }
        }
    }

    /// Waits for its end.
    func end() async -> Progress { await wait { _ in false } }

    // MARK: On a thread of its own

    private func watch(_ output: Int32, _ errors: Int32, limit: Double) {
        let handle = ProcessHandle.open(id)
        for file in [output, errors] { _ = fcntl(file, F_SETFL, O_NONBLOCK) }
        let deadline = Date(timeIntervalSinceNow: limit)
        var isLate = false
        var open = [output, errors]
        while true {
            var files = (open + [handle]).map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            let left = max(0, deadline.timeIntervalSinceNow) * 1_000
            let count = poll(&files, nfds_t(files.count), isLate ? -1 : Int32(min(left + 1, 1e9)))
            if count == 0, !isLate {
                isLate = true
                kill(-id, SIGKILL)
            }
            open.removeAll { file in !take(file, isOutput: file == output) }
            if files.last?.revents != 0 { break }
        }
        for file in open { _ = take(file, isOutput: file == output) }
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0, errno == EINTR {}
        for file in [output, errors, handle] { close(file) }
        let signal = status & 0x7F
        let ending: Ending =
            isLate
            ? .ranTooLong : signal == 0 ? .exited(status >> 8 & 0xFF) : .killed(signal: signal)
        update { $0.ending = ending }
    }

    /// Takes what there is to read; whether more may come.
    private func take(_ file: Int32, isOutput: Bool) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(file, &buffer, buffer.count)
            guard count > 0 else { return count < 0 }
            update { progress in
                if isOutput {
                    progress.output += buffer[..<count]
                } else {
                    progress.errors += buffer[..<count]
                }
            }
        }
    }

    private func update(_ change: (inout Progress) -> Void) {
        let (now, met) = progress.withLock { progress in
            change(&progress)
            let seen = progress
            let met = progress.waiters.filter { seen.ending != nil || $0.isMet(seen) }
            progress.waiters.removeAll { seen.ending != nil || $0.isMet(seen) }
            return (seen, met)
        }
        for waiter in met { waiter.continuation.resume(returning: now) }
    }
}

/// A descriptor that can be polled for the end of a process.
private enum ProcessHandle {
    static func open(_ id: pid_t) -> Int32 {
        typealias Open = @convention(c) (pid_t, UInt32) -> Int32
        guard let symbol = dlsym(nil, "pidfd_open") else { return -1 }
        return unsafeBitCast(symbol, to: Open.self)(id, 0)
    }
}

/// A pipe whose ends no other program inherits.
private struct PipeEnds {
    var reading: Int32
    var writing: Int32

    static func make() throws -> PipeEnds {
        var files: [Int32] = [0, 0]
        guard pipe(&files) == 0 else { throw Failure("there is no pipe left") }
        for file in files { _ = fcntl(file, F_SETFD, FD_CLOEXEC) }
        return PipeEnds(reading: files[0], writing: files[1])
    }
}

/// What keeps a test from being carried out.
struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

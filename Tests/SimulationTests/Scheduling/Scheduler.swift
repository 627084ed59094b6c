import TestSupport

/// Runs all tasks of one simulation on one thread, one job after the other, in an order and at times
/// that follow from a seed. Time passes only when nothing else is left to do.
///
/// Whatever Swift's runtime would hand to its threads comes here instead (``TaskHook``). A job, and
/// what comes of it, belongs to the process for which it was started, so that one can be halted or
/// die between any two jobs: at any `await`.
final class Scheduler: @unchecked Sendable {  // only ever used on the thread of its simulation
    private struct Job {
        var process: ProcessID
        var task: UInt64
        var number: Int
        var job: UnownedJob
    }

    private struct Timer {
        var due: Int
        var number: Int
        var process: ProcessID
        var action: () -> Void
    }

    /// Jobs at one moment after which a simulation counts as going round in circles.
    private static let jobLimit = 1_000_000

    /// Milliseconds since the simulation began.
    private(set) var now = 0
    /// For whom runs what runs now.
    private(set) var process = ProcessID.world
    /// Called before each job.
    var beforeJob: () -> Void = {}
    /// What has happened so far, as one number.
    private(set) var trace: UInt64 = 0xcbf2_9ce4_8422_2325
    private var random: SeededRandom
    private var ready: [Job] = []
    private var timers: [Timer] = []
    private var halted: [ProcessID: Int] = [:]
    private var count = 0
    private var jobsAtThisMoment = 0
    private var processes = 0
    private let executor = SimulationExecutor()

    init(seed: UInt64) {
        random = SeededRandom(seed: seed)
    }

    func newProcess() -> ProcessID {
        processes += 1
        return ProcessID(rawValue: processes)
    }

    /// Adds something to what has happened.
    func note(_ value: UInt64) {
        trace = (trace ^ value) &* 0x0000_0100_0000_01b3
    }

    // MARK: What is to run

    /// Takes a job that the runtime wants to be run.
    func enqueue(_ job: UnownedJob) {
        count += 1
        ready.append(
            Job(process: process, task: TaskHook.task(of: job), number: count, job: job))
    }

    /// Runs something for a process, now.
    func run<T>(as process: ProcessID, _ body: () throws -> T) rethrows -> T {
        let outer = self.process
        self.process = process
        defer { self.process = outer }
        return try body()
    }

    /// Runs something for a process in a while.
    func after(_ milliseconds: Int, as process: ProcessID, _ action: @escaping () -> Void) {
        _ = addTimer(milliseconds, as: process, action)
    }

    private func addTimer(
        _ milliseconds: Int, as process: ProcessID, _ action: @escaping () -> Void
    ) -> Int {
        count += 1
        let timer = Timer(
            due: now + max(0, milliseconds), number: count, process: process, action: action)
        insert(timer)
        return timer.number
    }

    private func insert(_ timer: Timer) {
        let index = timers.lastIndex { ($0.due, $0.number) < (timer.due, timer.number) }
        timers.insert(timer, at: index.map { $0 + 1 } ?? 0)
    }

    /// Waits, for whoever runs now; ends early when the task is cancelled.
    func sleep(_ duration: Duration) async throws {
        let milliseconds = Int((duration / .milliseconds(1)).rounded(.up))
        let sleeper = Sleeper()
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                guard sleeper.start(continuation) else { return }
                let number = addTimer(milliseconds, as: process) { sleeper.wake() }
                sleeper.timer = number
            }
        } onCancel: {
            if let number = sleeper.cancel() { timers.removeAll { $0.number == number } }
        }
    }

    /// Lets a process do nothing for a while, as one does that is stopped by a signal.
    func halt(_ process: ProcessID, for milliseconds: Int) {
        halted[process] = max(halted[process] ?? 0, now + milliseconds)
        after(milliseconds, as: .world) {}
    }

    /// Lets every process go on.
    func resumeAll() {
        halted = [:]
    }

    private func isHalted(_ process: ProcessID) -> Bool {
        (halted[process] ?? 0) > now
    }

    // MARK: Running

    /// Lets time pass.
    func run(for milliseconds: Int) {
        let end = now + milliseconds
        while step(until: end) {}
        now = max(now, end)
    }

    /// Runs until something is so; false if it is not so in time.
    func run(within milliseconds: Int, until isDone: () -> Bool) -> Bool {
        let end = now + milliseconds
        while !isDone() {
            guard step(until: end) else { return isDone() }
        }
        return true
    }

    /// Runs something of a process to its end; `nil` if that does not come within a minute.
    func perform<T: Sendable>(
        as process: ProcessID, _ body: @escaping @Sendable () async throws -> T
    ) throws -> T? {
        let end = Box<Result<T, any Error>>()
        run(as: process) {
            _ = Task {
                do { end.value = .success(try await body()) } catch { end.value = .failure(error) }
            }
        }
        _ = run(within: 60_000) { end.value != nil }
        return try end.value?.get()
    }

    private func step(until end: Int) -> Bool {
        beforeJob()
        if let job = takeJob() {
            jobsAtThisMoment += 1
            precondition(jobsAtThisMoment < Self.jobLimit, "the simulation goes round in circles")
            note(UInt64(job.process.rawValue))
            run(as: job.process) {
                job.job.runSynchronously(on: executor.asUnownedTaskExecutor())
            }
            return true
        }
        guard let timer = timers.first, timer.due <= end else { return false }
        timers.removeFirst()
        if timer.due > now {
            now = timer.due
            jobsAtThisMoment = 0
            note(UInt64(now))
        }
        if let end = halted[timer.process], end > now {
            var later = timer
            later.due = end
            insert(later)
        } else {
            run(as: timer.process, timer.action)
        }
        return true
    }

    /// One of the jobs that may run. Their order in the queue does not matter, since it may follow
    /// from that of a dictionary: it goes by process and task.
    private func takeJob() -> Job? {
        let able = ready.indices.filter { !isHalted(ready[$0].process) }
        if able.isEmpty { return nil }
        let order = able.sorted { left, right in
            let (one, other) = (ready[left], ready[right])
            return (one.process.rawValue, one.task, one.number)
                < (other.process.rawValue, other.task, other.number)
        }
        let index = order.count == 1 ? order[0] : order[random.below(order.count)]
        return ready.remove(at: index)
    }
}

/// A task that waits for its time.
private final class Sleeper: @unchecked Sendable {  // used on one thread
    private var continuation: CheckedContinuation<Void, any Error>?
    private var isCancelled = false
    var timer: Int?

    func start(_ continuation: CheckedContinuation<Void, any Error>) -> Bool {
        if isCancelled {
            continuation.resume(throwing: CancellationError())
            return false
        }
        self.continuation = continuation
        return true
    }

    func wake() {
        continuation.take()?.resume()
    }

    /// Ends it; gives its timer.
    func cancel() -> Int? {
        isCancelled = true
        continuation.take()?.resume(throwing: CancellationError())
        return timer
    }
}

/// A place for what a task comes to.
private final class Box<Value>: @unchecked Sendable {  // used on one thread
    var value: Value?
}

import Glibc

/// Where Swift's runtime asks what to do with a task's next job.
///
/// On a thread that runs a simulation, its ``Scheduler`` takes the job; everywhere else all is as
/// ever. Waiting does not come by here: whoever takes part waits with ``Scheduler/sleep(_:)``.
enum TaskHook {
    private typealias Original = @convention(c) (UnsafeMutableRawPointer) -> Void
    private typealias Hook = @convention(c) (UnsafeMutableRawPointer, Original) -> Void
    private typealias Name = @convention(c) (UnsafeMutableRawPointer) -> UInt64

    private static let key: pthread_key_t = {
        var key = pthread_key_t()
        precondition(pthread_key_create(&key, nil) == 0, "there are keys enough")
        return key
    }()

    private static let isInstalled: Bool = {
        let hook = symbol("swift_task_enqueueGlobal_hook").assumingMemoryBound(to: Hook?.self)
        hook.pointee = { job, original in
            if let scheduler = TaskHook.scheduler {
                scheduler.enqueue(unsafeBitCast(job, to: UnownedJob.self))
            } else {
                original(job)
            }
        }
        return true
    }()

    private static let name = unsafeBitCast(
        symbol("swift_task_getJobTaskId"), to: Name.self)

    private static func symbol(_ name: String) -> UnsafeMutableRawPointer {
        guard let symbol = dlsym(dlopen(nil, RTLD_NOW), name) else {
            preconditionFailure("this runtime has no \(name)")
        }
        return symbol
    }

    /// A number of the task that a job belongs to, higher for those made later; 0 for an actor's own
    /// jobs.
    static func task(of job: UnownedJob) -> UInt64 {
        name(unsafeBitCast(job, to: UnsafeMutableRawPointer.self))
    }

    /// The scheduler of the simulation on this thread.
    private static var scheduler: Scheduler? {
        pthread_getspecific(key).map {
            Unmanaged<Scheduler>.fromOpaque($0).takeUnretainedValue()
        }
    }

    /// Has a scheduler take this thread's jobs while `body` runs.
    static func with<T>(_ scheduler: Scheduler, _ body: () throws -> T) rethrows -> T {
        precondition(isInstalled && self.scheduler == nil, "one simulation on a thread")
        pthread_setspecific(key, Unmanaged.passUnretained(scheduler).toOpaque())
        defer { pthread_setspecific(key, nil) }
        return try withExtendedLifetime(scheduler) { try body() }
    }
}

/// What jobs are told they run on.
final class SimulationExecutor: TaskExecutor {
    func enqueue(_ job: UnownedJob) {
        preconditionFailure("no task prefers this executor")
    }
}

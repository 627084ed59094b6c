import NIOCore
import Synchronization

/// One result that a task waits for and that something outside the task's control delivers.
///
/// The wait ends early when the task is cancelled; what it waited for then goes on unobserved.
final class Outcome<Value: Sendable>: Sendable {
    typealias Completion = Result<Value, TransportError>

    private enum State {
        case open
        case waiting(CheckedContinuation<Completion, Never>)
        case done(Completion)
    }

    private let state = Mutex(State.open)

    /// Delivers the result. Only the first call counts.
    func complete(_ completion: Completion) {
        // Resumed without the lock: resuming a task takes locks of its own, which a cancellation
        // handler holds when it calls this.
        let waiting: CheckedContinuation<Completion, Never>? = state.withLock { state in
            switch state {
            case .open:
                state = .done(completion)
                return nil
            case .waiting(let continuation):
                state = .done(completion)
                return continuation
            case .done:
                return nil
            }
        }
        waiting?.resume(returning: completion)
    }

    /// Waits for the result. One task may wait, once.
    func wait() async -> Completion {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let ready: Completion? = state.withLock { state in
                    switch state {
                    case .open:
                        state = .waiting(continuation)
                        return nil
                    case .waiting:
                        preconditionFailure("two tasks wait for one outcome")
                    case .done(let completion):
                        return completion
                    }
                }
                if let ready { continuation.resume(returning: ready) }
            }
        } onCancel: {
            complete(.failure(.cancelled))
        }
    }
}

extension EventLoopFuture where Value == Void {
    /// Waits without regard to cancellation or failure: for what ends by itself.
    func settled() async {
        await withCheckedContinuation { continuation in
            whenComplete { _ in continuation.resume() }
        }
    }
}

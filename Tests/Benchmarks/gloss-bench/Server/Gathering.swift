import GlossProtocol
import GlossTransport
import Synchronization

/// What comes in on one connection, looked at on its event loop: a task that waits for each line would
/// take the processor from the server that is measured.
final class Gathering<Value: Sendable>: Sendable {
    private struct State {
        var value: Value
        var failure: (any Error)?
        var isReading = false
        var isOver = false

        mutating func fail(_ error: BenchError) {
            if !isOver, failure == nil { failure = error }
        }
    }

    private let guest: Guest
    private let empty: Value
    private let state: Mutex<State>
    private let take: @Sendable (inout Value, Answer) -> Void

    /// Adds answers of the server, pings aside, to a value.
    init(
        _ guest: Guest, into value: Value,
        _ take: @escaping @Sendable (inout Value, Answer) -> Void
    ) {
        self.guest = guest
        empty = value
        self.take = take
        state = Mutex(State(value: value))
    }

    /// Gathers until the task is cancelled, each time from nothing; throws if the server refused something
    /// or closed before. Between two times what comes is read and not kept.
    func untilCancelled() async throws -> Value {
        let isReading = state.withLock { state in
            (state.value, state.isOver) = (empty, false)
            defer { state.isReading = true }
            return state.isReading
        }
        if !isReading { readOn() }
        while !Task.isCancelled { try? await Task.sleep(for: .seconds(3_600)) }
        return try state.withLock { state in
            state.isOver = true
            if let failure = state.failure { throw failure }
            return state.value
        }
    }

    private func readOn() {
        guest.line.nextLine { [self] outcome in
            if take(outcome) { readOn() }
        }
    }

    /// Takes a line; false if it was the last one.
    private func take(_ outcome: Result<[UInt8]?, TransportError>) -> Bool {
        guard case .success(let line?) = outcome else {
            state.withLock { $0.fail(BenchError("the server closed")) }
            return false
        }
        switch Answer(line) {
        case .ping: guest.sendWithoutWaiting(.pong(Ping()))
        case .refusal(let text):
            state.withLock { $0.fail(BenchError("the server refused: \(text)")) }
        case let answer: state.withLock { take(&$0.value, answer) }
        }
        return true
    }
}

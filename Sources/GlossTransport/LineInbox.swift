import GlossProtocol
import NIOCore
import Synchronization

/// Where the event loop leaves received bytes and one consumer picks up lines.
///
/// Bytes are kept as they came and cut when the consumer asks, so a changed limit applies at
/// once. While the consumer is behind by `highWater` bytes, nothing is read from the socket.
final class LineInbox: Sendable {
    /// Reading stops at this many bytes, unless the consumer waits for the rest of a line.
    static let highWater = 65_536
    /// Reading goes on below this many.
    static let lowWater = 16_384

    typealias Outcome = Result<[UInt8]?, TransportError>
    typealias Waiter = @Sendable (Outcome) -> Void

    /// A result on its way to the consumer. Performed without the lock: resuming a task takes
    /// locks of its own, which a cancellation handler holds when it takes ours.
    fileprivate struct Delivery {
        let waiter: Waiter
        let outcome: Outcome

        func perform() {
            waiter(outcome)
        }
    }

    fileprivate struct State {
        var framer: LineFramer
        var waiter: Waiter?
        /// Set when no more bytes will come; how the stream ended.
        var end: Outcome?
        /// Whether the socket is not read because the consumer is behind.
        var isPaused = false
        /// Whether bytes are still read but dropped.
        var isDiscarding = false
        var receivedByteCount = 0
    }

    private let state: Mutex<State>

    init(limit: Int) {
        state = Mutex(State(framer: LineFramer(limit: limit)))
    }

    // MARK: The event loop's side

    /// Takes in received bytes.
    func receive(_ bytes: UnsafeRawBufferPointer) {
        let delivery: Delivery? = state.withLock { state in
            guard state.end == nil, !state.isDiscarding else { return nil }
            state.receivedByteCount &+= bytes.count
            state.framer.append(bytes)
            return state.delivery()
        }
        delivery?.perform()
    }

    /// Says whether to read from the socket again; if not, `next` will ask for it later.
    func wantsBytes() -> Bool {
        state.withLock { state in
            if state.isDiscarding { return true }
            if state.end != nil { return false }
            state.isPaused =
                state.waiter == nil && state.framer.bufferedByteCount >= Self.highWater
            return !state.isPaused
        }
    }

    /// No more bytes will come; `error` tells why if that is not the peer's wish. Lines received
    /// before are still given out. Only the first call counts.
    func finish(_ error: TransportError?) {
        let delivery: Delivery? = state.withLock { state in
            guard state.end == nil else { return nil }
            state.end = error.map { .failure($0) } ?? .success(nil)
            return state.delivery()
        }
        delivery?.perform()
    }

    // MARK: The consumer's side

    /// Drops what has come and what will come; the consumer gets the end of the stream.
    func discard() {
        let delivery = state.withLock { state in
            state.isDiscarding = true
            state.framer = LineFramer(limit: 0)
            state.end = .success(nil)
            return state.delivery()
        }
        delivery?.perform()
    }

    /// How many bytes have come, those of lines that are not whole yet among them.
    var receivedByteCount: Int { state.withLock { $0.receivedByteCount } }

    func setLimit(_ limit: Int) {
        state.withLock { $0.framer.limit = limit }
    }

    /// The next line. Calls `resume` if reading has to go on for it.
    func next(resume: () -> Void) async -> Outcome {
        let (ready, mustRead) = state.withLock { state in
            (state.nextOutcome(), state.unpause())
        }
        if mustRead { resume() }
        if let ready { return ready }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                wait({ continuation.resume(returning: $0) }, resume: resume)
            }
        } onCancel: {
            let waiter = state.withLock { $0.waiter.take() }
            waiter?(.failure(.cancelled))
        }
    }

    /// Gives the next line to `deliver`, once: at once, or on the event loop when it has come. Calls
    /// `resume` if reading has to go on for it.
    func next(resume: () -> Void, deliver: @escaping Waiter) {
        let (ready, mustRead): (Outcome?, Bool) = state.withLock { state in
            precondition(state.waiter == nil, "one at a time reads a connection's lines")
            let ready = state.nextOutcome()
            if ready == nil { state.waiter = deliver }
            return (ready, state.unpause())
        }
        if mustRead { resume() }
        if let ready { deliver(ready) }
    }

    private func wait(_ waiter: @escaping Waiter, resume: () -> Void) {
        let (delivery, mustRead): (Delivery?, Bool) = state.withLock { state in
            precondition(state.waiter == nil, "one task at a time reads a connection's lines")
            state.waiter = waiter
            if let delivery = state.delivery() { return (delivery, false) }
            guard Task.isCancelled else { return (nil, state.unpause()) }
            state.waiter = nil
            return (Delivery(waiter: waiter, outcome: .failure(.cancelled)), false)
        }
        delivery?.perform()
        if mustRead { resume() }
    }
}

extension LineInbox.State {
    /// What the waiting consumer gets now; nil if there is nothing or nobody waits.
    fileprivate mutating func delivery() -> LineInbox.Delivery? {
        guard let waiter, let outcome = nextOutcome() else { return nil }
        self.waiter = nil
        return LineInbox.Delivery(waiter: waiter, outcome: outcome)
    }

    /// A line, an error or the end of the stream; nil if more bytes are needed.
    fileprivate mutating func nextOutcome() -> LineInbox.Outcome? {
        do throws(FramingError) {
            if let line = try framer.next() { return .success(line) }
        } catch {
            switch error {
            case .lineTooLong(let limit):
                isDiscarding = true
                end = .success(nil)
                return .failure(.lineTooLong(limit: limit))
            }
        }
        guard let outcome = end else { return nil }
        end = .success(nil)
        return outcome
    }

    /// Whether a paused socket has to be read again.
    fileprivate mutating func unpause() -> Bool {
        guard isPaused,
            isDiscarding || waiter != nil || framer.bufferedByteCount < LineInbox.lowWater
        else { return false }
        isPaused = false
        return true
    }
}

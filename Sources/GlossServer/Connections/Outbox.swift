import GlossProtocol
import GlossTransport
import Synchronization

/// The lines on their way to one peer, sent in as few pieces as the peer's pace allows: what comes
/// while a piece is being sent goes with the next.
final class Outbox: Sendable {
    /// With more bytes than this waiting, the peer counts as stalled.
    static let highWater = WireLimits.waiting
    /// Below this it does no longer.
    static let lowWater = 65_536

    /// What those who fill it are told; called on any thread.
    enum Event {
        /// Fewer bytes than the low-water mark wait, after ``Outbox/reportProgress()``.
        case drained
        /// The connection broke.
        case lost
    }

    private struct State {
        var lines: [[UInt8]] = []
        /// Waiting and being sent.
        var byteCount = 0
        /// When some of it was taken last.
        var takenAt = 0
        var isSending = false
        var reportsProgress = false
        var isLost = false
        var emptied: CheckedContinuation<Void, Never>?

        /// Nothing waits, or what waits is never taken.
        var isEmpty: Bool { isLost || (!isSending && lines.isEmpty) }

        /// The lines to send now, if it is time for some.
        mutating func takeLines() -> [[UInt8]]? {
            guard !isSending, !isLost, !lines.isEmpty else { return nil }
            isSending = true
            defer { lines = [] }
            return lines
        }
    }

    private let line: LineConnection
    private let clock: ServerClock
    private let onEvent: @Sendable (Event) -> Void
    private let state = Mutex(State())

    init(
        _ line: LineConnection, clock: ServerClock, onEvent: @escaping @Sendable (Event) -> Void
    ) {
        self.line = line
        self.clock = clock
        self.onEvent = onEvent
    }

    /// Bytes not yet taken by the operating system.
    var byteCount: Int { state.withLock { $0.byteCount } }

    /// Whether nothing waits any more, or never will be taken.
    var isEmpty: Bool { state.withLock { $0.isEmpty } }

    /// When the operating system last took something, on the steady clock: while it takes nothing,
    /// the peer does not read.
    var takenAt: Int { state.withLock { $0.takenAt } }

    /// Adds lines.
    func append(_ lines: [[UInt8]]) {
        let piece = state.withLock { state in
            state.lines += lines
            for line in lines { state.byteCount += line.count + 1 }
            return state.takeLines()
        }
        if let piece { send(piece) }
    }

    /// Has an event come, once, when the peer has read enough.
    func reportProgress() {
        let isDrained = state.withLock { state in
            state.reportsProgress = state.byteCount >= Self.lowWater
            return !state.reportsProgress
        }
        if isDrained { onEvent(.drained) }
    }

    /// Waits until everything was sent, or the connection broke. No lines may be added any more. One
    /// task may wait.
    func finish() async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let isOver = state.withLock { state in
                if !state.isEmpty { state.emptied = continuation }
                return state.isEmpty
            }
            if isOver { continuation.resume() }
        }
    }

    private func send(_ lines: [[UInt8]]) {
        let count = lines.reduce(0) { $0 + $1.count + 1 }
        // Little is taken at once, and most of what is sent is little.
        var noteTaken: (@Sendable () -> Void)?
        if count > Self.lowWater {
            noteTaken = { [self] in
                let now = clock.steady()
                state.withLock { $0.takenAt = now }
            }
        }
        line.send(lines, progress: noteTaken) { [self] result in
            if case .failure = result { return lose() }
            let now = clock.steady()
            let (piece, isDrained, waiter) = state.withLock { state in
                state.takenAt = now
                state.isSending = false
                state.byteCount -= count
                let isDrained = state.reportsProgress && state.byteCount < Self.lowWater
                if isDrained { state.reportsProgress = false }
                return (state.takeLines(), isDrained, state.isEmpty ? state.emptied.take() : nil)
            }
            if let piece { send(piece) }
            if isDrained { onEvent(.drained) }
            waiter?.resume()
        }
    }

    private func lose() {
        let waiter = state.withLock { state in
            state.isLost = true
            return state.emptied.take()
        }
        onEvent(.lost)
        waiter?.resume()
    }
}

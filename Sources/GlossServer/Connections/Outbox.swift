import GlossTransport
import Synchronization

/// The lines on their way to one peer, sent by one task in as few pieces as the peer's pace allows.
final class Outbox: Sendable {
    /// With more bytes than this waiting, the peer counts as stalled.
    static let highWater = 262_144
    /// Below this it does no longer.
    static let lowWater = 65_536

    private struct State {
        var lines: [[UInt8]] = []
        /// Waiting and being sent.
        var byteCount = 0
        var isFinished = false
        var isStopped = false
        var writer: CheckedContinuation<Void, Never>?
        var drained: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    /// Bytes not yet taken by the operating system.
    var byteCount: Int { state.withLock { $0.byteCount } }

    /// Adds a line.
    func append(_ line: [UInt8]) {
        state.withLock { state in
            state.lines.append(line)
            state.byteCount += line.count + 1
            return state.writer.take()
        }?.resume()
    }

    /// No more lines will be added: `run` returns when all are sent.
    func finish() {
        state.withLock { state in
            state.isFinished = true
            return state.writer.take()
        }?.resume()
    }

    /// Nothing will be sent any more, whether everything was or not.
    func stop() {
        state.withLock { state in
            state.isStopped = true
            return state.drained.take()
        }?.resume()
    }

    /// Waits until `stop`. One task may.
    func drained() async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let isDone = state.withLock { state in
                if !state.isStopped { state.drained = continuation }
                return state.isStopped
            }
            if isDone { continuation.resume() }
        }
    }

    /// Sends what is added until finished, or until the connection breaks.
    ///
    /// - Parameter onProgress: called after each piece.
    func run(
        over connection: LineConnection, onProgress: @Sendable () -> Void
    ) async throws(TransportError) {
        while let lines = await next() {
            try await connection.send(lines)
            let count = lines.reduce(0) { $0 + $1.count + 1 }
            state.withLock { $0.byteCount -= count }
            onProgress()
        }
    }

    /// Everything that waits; `nil` at the end.
    private func next() async -> [[UInt8]]? {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let isReady = state.withLock { state in
                if !state.lines.isEmpty || state.isFinished { return true }
                state.writer = continuation
                return false
            }
            if isReady { continuation.resume() }
        }
        return state.withLock { state in
            guard !state.lines.isEmpty else { return nil }
            defer { state.lines = [] }
            return state.lines
        }
    }
}

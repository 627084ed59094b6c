@testable import GlossClient

/// What `gloss sync --watch` does in a library on one connection, and what it tells.
struct Watch {
    private let task: Task<SyncReport, any Error>
    private var events: AsyncStream<SyncEvent>.Iterator

    /// Connects, and goes on until ``end()``.
    ///
    /// - Parameter alteration: what becomes of the lines of both sides, if it is something else than on
    ///   other connections to the server.
    init(
        of library: Library, on server: SimulatedServer, altering alteration: Wire.Alteration? = nil
    ) {
        var server = server
        if let alteration { server.alteration = alteration }
        let (events, sink) = AsyncStream.makeStream(of: SyncEvent.self)
        self.events = events.makeAsyncIterator()
        task = Task { [server] in
            defer { sink.finish() }
            return try await server.watch(library, onEvent: { sink.yield($0) })
        }
    }

    /// Waits for an event, or for the end.
    ///
    /// - Returns: what was told until then, the event last.
    @discardableResult
    mutating func wait(for isAwaited: (SyncEvent) -> Bool) async -> [SyncEvent] {
        var told: [SyncEvent] = []
        while let event = await events.next() {
            told.append(event)
            if isAwaited(event) { break }
        }
        return told
    }

    /// Waits until all is in line.
    @discardableResult
    mutating func settle() async -> [SyncEvent] {
        await wait { if case .settled = $0 { true } else { false } }
    }

    /// Ends the connection; gives what was done on it.
    func end() async throws -> SyncReport {
        task.cancel()
        return try await task.value
    }
}

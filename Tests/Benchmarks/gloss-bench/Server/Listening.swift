import GlossTransport

/// Runs tasks side by side until time is up, and gives what each has counted. A task returns when
/// it is cancelled.
func run<Count: Sendable>(
    for duration: Duration, _ tasks: [@Sendable () async throws -> Count]
) async throws -> [Count] {
    try await withThrowingTaskGroup(of: Count.self) { group in
        for task in tasks { group.addTask(operation: task) }
        try await Task.sleep(for: duration)
        group.cancelAll()
        var counts: [Count] = []
        for try await count in group { counts.append(count) }
        return counts
    }
}

/// What came in on one connection.
struct Received: Sendable {
    /// From when a change was written until it came in.
    var latencies = Latencies()
    var bytes = 0

    /// All of several.
    static func all(_ parts: [Received]) -> Received {
        var all = Received()
        for part in parts {
            all.latencies.add(part.latencies)
            all.bytes += part.bytes
        }
        return all
    }
}

extension Guest {
    /// The next answer; `nil` when the task is cancelled.
    func nextUntilCancelled() async throws -> Answer? {
        do {
            return try await next()
        } catch {
            if Task.isCancelled { return nil }
            throw error
        }
    }

    /// Sends lines; false when the task is cancelled.
    private func sendUnlessCancelled(_ lines: [[UInt8]]) async throws -> Bool {
        do {
            try await line.send(lines)
            return true
        } catch {
            if Task.isCancelled { return false }
            throw error
        }
    }

    /// Times the changes that come in and were written at `start` or later, until cancelled.
    func listen(from start: Int, _ watch: Stopwatch) async throws -> Received {
        try await listening(from: start, watch).untilCancelled()
    }

    /// What times the changes that come in and were written at `start` or later.
    func listening(from start: Int = 0, _ watch: Stopwatch) -> Gathering<Received> {
        Gathering(self, into: Received()) { received, answer in
            guard case .changes(let sent, let bytes) = answer else { return }
            let now = watch.microseconds
            for time in sent where time >= start { received.latencies.add(now - time) }
            received.bytes += bytes
        }
    }

    /// Pushes with so many unanswered at most, until cancelled or until as many as wanted are answered;
    /// times those of `start` or later.
    ///
    /// A push is named by the time it was sent at.
    func push(
        with pen: Pen, outstanding: Int, from start: Int, count: Int = .max, _ watch: Stopwatch
    ) async throws -> Latencies {
        var pen = pen
        var latencies = Latencies()
        var unanswered = 0
        var lastID = 0
        while !Task.isCancelled, latencies.count < count {
            var lines: [[UInt8]] = []
            while unanswered < outstanding {
                lastID = max(lastID + 1, watch.microseconds)
                lines.append(pen.push(id: lastID, at: lastID))
                unanswered += 1
            }
            if !lines.isEmpty, try await !sendUnlessCancelled(lines) { break }
            guard let answer = try await nextUntilCancelled() else { break }
            guard case .acknowledged(let id) = answer else { continue }
            unanswered -= 1
            if id >= start { latencies.add(watch.microseconds - id) }
        }
        return latencies
    }

    /// Pushes at a steady pace whatever is answered, until cancelled.
    ///
    /// - Parameters:
    ///   - interval: microseconds between two pushes.
    ///   - first: when the first is due.
    /// - Returns: how late each was sent. The answers are for others.
    func push(
        with pen: Pen, every interval: Int, first: Int, _ watch: Stopwatch
    ) async throws -> Latencies {
        var pen = pen
        var lateness = Latencies()
        var due = first
        var lastID = 0
        while !Task.isCancelled {
            let wait = due - watch.microseconds
            if wait > 0 {
                guard (try? await Task.sleep(for: .microseconds(wait))) != nil else { break }
            }
            let now = watch.microseconds
            lateness.add(now - due)
            lastID = max(lastID + 1, now)
            let push = pen.push(id: lastID, at: lastID)
            line.send([push]) { _ in }
            due += interval
        }
        return lateness
    }

    /// Times the answers to pushes that were sent at `start` or later, until cancelled.
    func takeAnswers(from start: Int, _ watch: Stopwatch) async throws -> Latencies {
        try await Gathering(self, into: Latencies()) { latencies, answer in
            guard case .acknowledged(let id) = answer, id >= start else { return }
            latencies.add(watch.microseconds - id)
        }.untilCancelled()
    }
}

import GlossTransport

/// A store of a gigabyte, and the server on it started again after a kill.
struct RestartScenario {
    static let bytes = 1_000_000_000
    static let connections = 16

    let bench: ServerBench

    func run() async throws -> Figure {
        let articles = try await bench.articles(Self.connections)
        let guests = try await bench.guests(Self.connections)
        let watch = bench.watch
        let pens = articles.map { bench.pen($0, changeBytes: 16_000) }
        let share = Self.bytes / 16_000 / Self.connections
        try await withThrowingTaskGroup { group in
            for (guest, pen) in zip(guests, pens) {
                group.addTask { try await Self.fill(guest, pen, changes: share, watch) }
            }
            try await group.waitForAll()
        }
        await bench.server.kill()
        await bench.close(guests)
        let seconds = try await bench.server.start()
        let reader = try await bench.guests(1)[0]
        let asked = watch.microseconds
        _ = try await reader.follow(articles[0], from: Place())
        return Figure(
            what: "restart on a store of 1 GB", value: seconds, unit: "s", gate: 2, stretch: 0.5,
            details: [("first_document_s", Double(watch.microseconds - asked) / 1e6)])
    }

    private static func fill(
        _ guest: Guest, _ pen: Pen, changes: Int, _ watch: Stopwatch
    ) async throws {
        var pen = pen
        for id in 1...changes {
            try await guest.line.send([pen.push(id: id, at: watch.microseconds)])
            while true {
                if case .acknowledged = try await guest.next() { break }
            }
        }
    }
}

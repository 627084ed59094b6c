import GlossCore
import GlossProtocol
import GlossTransport

/// 1,000 readers of one document, and one who has stopped reading.
struct StalledScenario {
    static let readers = 1_000
    static let rounds = 5

    let bench: ServerBench

    func run() async throws -> [Figure] {
        let article = try await bench.articles(1)[0]
        let end = try await fill(article)
        // What the filling leads to, compacting above all, is no part of it.
        try await bench.server.rest()
        let readers = try await bench.guests(Self.readers) { _, guest in
            try await guest.follow(article, from: end)
        }
        var pen = bench.pen(article)
        let writer = try await bench.guests(1)[0]
        var alone: [Double] = []
        var beside: [Double] = []
        var grown: [Double] = []
        for _ in 0..<Self.rounds {
            alone.append(try await round(readers, writer, &pen))
            let before = await bench.server.residentBytes
            // Asks for all there is, and reads none of it.
            let stalled = try await bench.guests(1)[0]
            try await stalled.send(
                .sub(
                    SubscribeRequest(
                        id: 1, doc: article, at: 0, sum: Checksum(), vector: nil)))
            try await Task.sleep(for: .seconds(1))
            grown.append(Double(await bench.server.residentBytes - before) / 1_024)
            beside.append(try await round(readers, writer, &pen))
            await bench.close([stalled])
        }
        await bench.close(readers + [writer])
        let (usual, stalled) = (Self.median(alone), Self.median(beside))
        return [
            Figure(
                what: "memory that one stalled reader of \(Self.readers) takes",
                value: grown.max() ?? 0, unit: "KiB", gate: 512,
                details: [("median_KiB", Self.median(grown))]),
            Figure(
                what: "push to peer beside a stalled reader, p99", value: stalled, unit: "ms",
                gate: max(usual + 2, usual * 1.1), details: [("without_ms", usual)]),
        ]
    }

    /// Puts several MiB into the log: more than sockets hold.
    private func fill(_ article: DocumentID) async throws -> Place {
        let guest = try await bench.guests(1)[0]
        let watch = bench.watch
        let pen = bench.pen(article, changeBytes: 16_000)
        let filling = Task {
            try await guest.push(with: pen, outstanding: 8, from: 0, watch)
        }
        try await Task.sleep(for: .seconds(3))
        filling.cancel()
        guard try await filling.value.count > 1_000 else {
            throw BenchError("too slow to fill a log")
        }
        await bench.close([guest])
        let reader = try await bench.guests(1)[0]
        let end = try await reader.end(of: article)
        await bench.close([reader])
        return end
    }

    private func round(
        _ readers: [Guest], _ writer: Guest, _ pen: inout Pen
    ) async throws -> Double {
        let watch = bench.watch
        let first = watch.microseconds + 100_000
        let interval = 50_000
        async let received = gloss_bench.run(
            for: .seconds(bench.seconds),
            readers.map { reader in { try await reader.listen(from: first, watch) } })
        for number in 0..<(bench.seconds - 1) * 1_000_000 / interval {
            let wait = first + number * interval - watch.microseconds
            try await Task.sleep(for: .microseconds(max(0, wait)))
            let now = watch.microseconds
            try await writer.line.send([pen.push(id: now, at: now)])
        }
        return Received.all(try await received).latencies.milliseconds(at: [0.99])[0]
    }

    private static func median(_ values: [Double]) -> Double {
        values.sorted()[values.count / 2]
    }
}

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
        let guests = try await bench.guests(Self.readers) { _, guest in
            try await guest.follow(article, from: end)
        }
        let readers = guests.map { $0.listening(bench.watch) }
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
        await bench.close(guests + [writer])
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

    /// Puts 32 MB into the log: more than sockets hold, and half of what a document may have.
    private func fill(_ article: DocumentID) async throws -> Place {
        let guest = try await bench.guests(1)[0]
        let pen = bench.pen(article, changeBytes: 16_000)
        _ = try await guest.push(with: pen, outstanding: 8, from: 0, count: 2_000, bench.watch)
        await bench.close([guest])
        let reader = try await bench.guests(1)[0]
        let end = try await reader.end(of: article)
        await bench.close([reader])
        return end
    }

    private func round(
        _ readers: [Gathering<Received>], _ writer: Guest, _ pen: inout Pen
    ) async throws -> Double {
        let watch = bench.watch
        let first = watch.microseconds + 100_000
        let interval = 50_000
        async let received = gloss_bench.run(
            for: .seconds(bench.seconds),
            readers.map { reader in { try await reader.untilCancelled() } })
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

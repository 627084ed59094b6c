import GlossCore

/// From a push to the screens of those who follow.
struct FanOutScenario {
    let bench: ServerBench
    let what: String
    let documents: Int
    /// Followers of each document.
    let followers: Int
    /// Changes a second in each document.
    let rate: Int
    let gate: Double
    let stretch: Double

    /// 30,000 deliveries a second: 100 documents, 10 followers each.
    static func many(_ bench: ServerBench) -> FanOutScenario {
        FanOutScenario(
            bench: bench, what: "push to peer at 30,000 deliveries a second, p99", documents: 100,
            followers: 10, rate: 30, gate: 20, stretch: 10)
    }

    /// One document that everybody reads.
    static func one(_ bench: ServerBench) -> FanOutScenario {
        FanOutScenario(
            bench: bench, what: "push to peer, one document with 1,000 followers, p99",
            documents: 1, followers: 1_000, rate: 20, gate: 50, stretch: 25)
    }

    func run() async throws -> Figure {
        let articles = try await bench.articles(documents)
        let followers = followers
        let readers = try await bench.guests(documents * followers) { number, guest in
            try await guest.follow(articles[number / followers])
        }
        let writers = try await bench.guests(documents)
        let busyBefore = await bench.server.processorSeconds
        let received = try await load(readers, writers, articles)
        let busy = await bench.server.processorSeconds - busyBefore
        await bench.close(readers + writers)
        let times = received.latencies.milliseconds(at: [0.5, 0.99, 0.999])
        return Figure(
            what: what, value: times[1], unit: "ms", gate: gate, stretch: stretch,
            details: [
                (
                    "deliveries_per_s",
                    Double(received.latencies.count) / Double(bench.seconds)
                ), ("p50_ms", times[0]), ("p999_ms", times[2]), ("server_cpu_s", busy),
                ("seconds", Double(bench.seconds + PushScenario.warmUp)),
            ])
    }

    private func load(
        _ readers: [Guest], _ writers: [Guest], _ articles: [DocumentID]
    ) async throws -> Received {
        let watch = bench.watch
        let duration = Duration.seconds(bench.seconds + PushScenario.warmUp)
        let first = watch.microseconds + 100_000
        let start = first + PushScenario.warmUp * 1_000_000
        let interval = 1_000_000 / rate
        async let received = gloss_bench.run(
            for: duration,
            readers.map { reader in { try await reader.listen(from: start, watch) } })
        async let answers = gloss_bench.run(
            for: duration,
            writers.map { writer in { try await writer.takeAnswers(from: start, watch) } })
        _ = try await gloss_bench.run(
            for: duration,
            writers.enumerated().map { number, writer in
                let pen = bench.pen(articles[number])
                let due = first + interval * number / documents
                return { try await writer.push(with: pen, every: interval, first: due, watch) }
            })
        _ = try await answers
        return Received.all(try await received)
    }
}

/// Durable changes: how many a second, and how long one takes at half of what must be and of what is.
struct PushScenario {
    static let connections = 100
    static let outstanding = 8
    /// Changes a second that there must be.
    static let gate = 8_000.0
    /// Seconds that do not count, at the start of a load.
    static let warmUp = 1

    let bench: ServerBench

    func run() async throws -> [Figure] {
        let articles = try await bench.articles(Self.connections)
        let guests = try await bench.guests(Self.connections)
        let busyBefore = await bench.server.processorSeconds
        let most = try await asFastAsItGoes(guests, articles.map { bench.pen($0) })
        let busy = await bench.server.processorSeconds - busyBefore
        await bench.close(guests)
        let rate = Double(most.count) / Double(bench.seconds)
        let times = most.milliseconds(at: [0.5, 0.99])
        var figures = [
            Figure(
                what: "durable changes acknowledged", value: rate, unit: "1/s", gate: Self.gate,
                stretch: 15_000, isRate: true,
                details: [
                    ("connections", Double(Self.connections)),
                    ("outstanding", Double(Self.outstanding)), ("p50_ms", times[0]),
                    ("p99_ms", times[1]), ("server_cpu_s", busy),
                    ("seconds", Double(bench.seconds + Self.warmUp)),
                ])
        ]
        // Started again: else it would compact meanwhile what it has just been given.
        await bench.server.kill()
        try await bench.server.start()
        figures.append(try await atPace(Self.gate / 2, "half the gate"))
        figures.append(try await atPace(rate / 2, "half of what was reached"))
        return figures
    }

    private func asFastAsItGoes(_ guests: [Guest], _ pens: [Pen]) async throws -> Latencies {
        let watch = bench.watch
        let start = watch.microseconds + Self.warmUp * 1_000_000
        let counts = try await gloss_bench.run(
            for: .seconds(bench.seconds + Self.warmUp),
            zip(guests, pens).map { guest, pen in
                {
                    try await guest.push(
                        with: pen, outstanding: Self.outstanding, from: start, watch)
                }
            })
        return counts.reduce(into: Latencies()) { $0.add($1) }
    }

    private func atPace(_ rate: Double, _ name: String) async throws -> Figure {
        let watch = bench.watch
        let articles = try await bench.articles(Self.connections)
        let guests = try await bench.guests(Self.connections)
        let first = watch.microseconds + 100_000
        let start = first + Self.warmUp * 1_000_000
        let interval = Int(1e6 * Double(Self.connections) / rate)
        async let answers = gloss_bench.run(
            for: .seconds(bench.seconds + Self.warmUp),
            guests.map { guest in { try await guest.takeAnswers(from: start, watch) } })
        let lateness = try await gloss_bench.run(
            for: .seconds(bench.seconds + Self.warmUp),
            guests.enumerated().map { number, guest in
                let pen = bench.pen(articles[number])
                let due = first + interval * number / Self.connections
                return { try await guest.push(with: pen, every: interval, first: due, watch) }
            })
        let latencies = try await answers.reduce(into: Latencies()) { $0.add($1) }
        await bench.close(guests)
        let times = latencies.milliseconds(at: [0.5, 0.99, 0.999])
        let late = lateness.reduce(into: Latencies()) { $0.add($1) }
        return Figure(
            what: "acknowledgement at \(name), p99", value: times[1], unit: "ms", gate: 10,
            stretch: 5,
            details: [
                ("rate", Double(latencies.count) / Double(bench.seconds)), ("p50_ms", times[0]),
                ("p999_ms", times[2]), ("sent_late_p99_ms", late.milliseconds(at: [0.99])[0]),
            ])
    }
}

import GlossCore
import GlossTransport
import NIOPosix

/// Many connections that follow a document each and say nothing; then the server is killed, and all
/// of them come back; then all are cut at once, while one goes on writing.
struct IdleScenario {
    /// The thread of whoever writes while the others are cut: those of the load are busy with that.
    private static let writing = MultiThreadedEventLoopGroup(numberOfThreads: 1)

    let bench: ServerBench
    let connections: Int

    func run() async throws -> [Figure] {
        let articles = try await bench.articles(connections)
        let accounts = try await bench.accounts(for: connections)
        let before = await bench.server.residentBytes
        let opening = bench.watch.microseconds
        let guests = try await bench.guests(connections) { number, guest in
            try await guest.follow(articles[number])
        }
        let opened = bench.watch.microseconds
        let after = await bench.server.residentBytes
        let busy = try await idle(guests)
        let perConnection = Double(after - before) / Double(guests.count) / 1_024
        let memory = Figure(
            what: "resident memory per idle connection, \(guests.count) of them",
            value: perConnection,
            unit: "KiB", gate: 40, stretch: 24,
            details: [
                ("connections", Double(guests.count)),
                ("handshakes_per_s", Double(guests.count) * 1e6 / Double(opened - opening)),
                ("idle_cpu_percent", busy),
            ])
        await bench.server.kill()
        for guest in guests { guest.line.abort() }
        let (back, returned) = try await comeBack(accounts, articles)
        return [memory, back, try await cut(returned)]
    }

    /// Answers pings for a while, and says what share of a core the server took.
    private func idle(_ guests: [Guest]) async throws -> Double {
        let watch = bench.watch
        let before = await bench.server.processorSeconds
        _ = try await gloss_bench.run(
            for: .seconds(bench.seconds),
            guests.map { guest in { try await guest.listen(from: 0, watch) } })
        return (await bench.server.processorSeconds - before) / Double(bench.seconds) * 100
    }

    private func comeBack(
        _ accounts: [GuestAccount], _ articles: [DocumentID]
    ) async throws -> (Figure, [Guest]) {
        let watch = bench.watch
        let start = watch.microseconds
        // Started first: who comes too early has to come again.
        async let restart = bench.server.start()
        let (times, attempts, guests) = try await withThrowingTaskGroup(
            of: (Int, Int, Guest).self
        ) { group in
            for (account, article) in zip(accounts, articles) {
                group.addTask { try await Self.comeBack(account, article, watch) }
            }
            var times = Latencies()
            var attempts = 0
            var guests: [Guest] = []
            for try await (time, tries, guest) in group {
                times.add(time - start)
                attempts += tries
                guests.append(guest)
            }
            return (times, attempts, guests)
        }
        let seconds = times.milliseconds(at: [0.5, 1]).map { $0 / 1_000 }
        let figure = Figure(
            what: "\(accounts.count) clients live again after kill -9", value: seconds[1],
            unit: "s",
            gate: 20, stretch: 8,
            details: [
                ("half_of_them_s", seconds[0]), ("restart_s", try await restart),
                ("attempts", Double(attempts)),
            ])
        return (figure, guests)
    }

    /// What somebody who writes fifty times a second notices when all others vanish.
    private func cut(_ guests: [Guest]) async throws -> Figure {
        let watch = bench.watch
        let article = try await bench.articles(1)[0]
        var account = try await bench.accounts(for: 1)[0]
        account.dialer = Dialer(group: Self.writing)
        let writer = try await account.connect()
        let pen = bench.pen(article)
        let duration = Duration.seconds(bench.seconds)
        let first = watch.microseconds
        async let answers = gloss_bench.run(
            for: duration,
            [writer].map { writer in { try await writer.takeAnswers(from: first, watch) } })
        async let pushing = gloss_bench.run(
            for: duration,
            [writer].map { writer in
                { try await writer.push(with: pen, every: 20_000, first: first, watch) }
            })
        try await Task.sleep(for: duration / 3)
        for guest in guests { guest.line.abort() }
        let received = try await answers
        _ = try await pushing
        let times = received.reduce(into: Latencies()) { $0.add($1) }
        await bench.close([writer])
        let milliseconds = times.milliseconds(at: [0.5, 1])
        return Figure(
            what: "slowest acknowledgement while \(guests.count) connections are cut at once",
            value: milliseconds[1], unit: "ms",
            details: [("p50_ms", milliseconds[0]), ("pushes", Double(times.count))])
    }

    /// Tries until it is live again, as Protocol/messages.md wants clients to.
    private static func comeBack(
        _ account: GuestAccount, _ article: DocumentID, _ watch: Stopwatch
    ) async throws -> (time: Int, tries: Int, guest: Guest) {
        var longest = 200.0
        for attempt in 1... {
            try await Task.sleep(for: .milliseconds(Double.random(in: 0..<longest)))
            do {
                let guest = try await account.connect()
                try await guest.follow(article)
                return (watch.microseconds, attempt, guest)
            } catch {
                longest = min(longest * 2, 30_000)
            }
        }
        throw BenchError("it never came back")
    }
}

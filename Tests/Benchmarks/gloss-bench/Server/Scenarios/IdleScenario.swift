import GlossCore
import GlossTransport

/// Many connections that follow a document each and say nothing; then the server is killed, and all
/// of them come back.
struct IdleScenario {
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
        return [memory, try await comeBack(accounts, articles)]
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
    ) async throws -> Figure {
        let watch = bench.watch
        let start = watch.microseconds
        // Started first: who comes too early has to come again.
        async let restart = bench.server.start()
        let times = try await withThrowingTaskGroup(of: (Int, Int, Guest).self) { group in
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
            await bench.close(guests)
            return (times, attempts)
        }
        let seconds = times.0.milliseconds(at: [0.5, 1]).map { $0 / 1_000 }
        return Figure(
            what: "\(accounts.count) clients live again after kill -9", value: seconds[1],
            unit: "s",
            gate: 20, stretch: 8,
            details: [
                ("half_of_them_s", seconds[0]), ("restart_s", try await restart),
                ("attempts", Double(times.1)),
            ])
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

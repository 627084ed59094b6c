import Foundation
import GlossCore
import GlossProtocol
import GlossTransport

/// Many people in one document, who all move ten times a second.
struct PresenceScenario {
    let bench: ServerBench
    static let users = 200
    /// Microseconds between two moves of one of them.
    private static let pause = 100_000

    /// What one of them heard.
    private struct Heard: Sendable {
        var messages = 0
        var bytes = 0
        /// From when somebody moved until this one knew; the first of each message.
        var latencies = Latencies()
    }

    func run() async throws -> [Figure] {
        let article = try await bench.articles(1)[0]
        let guests = try await bench.guests(Self.users) { _, guest in
            try await guest.follow(article)
        }
        try await Task.sleep(for: .seconds(1))
        let before = (
            busy: await bench.server.processorSeconds, written: await bench.server.bytesWritten
        )
        let heard = try await load(guests, article)
        let busy = await bench.server.processorSeconds - before.busy
        let written = await bench.server.bytesWritten - before.written
        await bench.close(guests)
        var latencies = Latencies()
        for each in heard { latencies.add(each.latencies) }
        let times = latencies.milliseconds(at: [0.5, 0.99])
        let seconds = Double(bench.seconds)
        let most = Double(heard.map(\.messages).max() ?? 0) / seconds
        let bytes = Double(heard.reduce(0) { $0 + $1.bytes }) / seconds / Double(Self.users)
        return [
            Figure(
                what: "presence, \(Self.users) users moving 10 times a second, messages to each",
                value: most, unit: "1/s", gate: 10,
                details: [
                    ("p50_ms", times[0]), ("p99_ms", times[1]), ("bytes_per_s", bytes),
                    ("server_cpu_s", busy), ("seconds", seconds + Double(PushScenario.warmUp)),
                ]),
            Figure(
                what: "presence, bytes written to disk meanwhile", value: Double(written),
                unit: "B", gate: 0),
        ]
    }

    private func load(_ guests: [Guest], _ article: DocumentID) async throws -> [Heard] {
        let watch = bench.watch
        let first = watch.microseconds + 100_000
        let start = first + PushScenario.warmUp * 1_000_000
        let end = start + bench.seconds * 1_000_000
        let duration = Duration.seconds(bench.seconds + PushScenario.warmUp + 1)
        async let heard = gloss_bench.run(
            for: duration,
            guests.map { guest in { try await Self.listen(guest, start..<end, watch) } })
        _ = try await gloss_bench.run(
            for: duration,
            guests.enumerated().map { number, guest in
                let due = first + Self.pause * number / Self.users
                return { try await Self.move(guest, in: article, from: due, watch) }
            })
        return try await heard
    }

    /// Moves until cancelled; what is shown says when.
    private static func move(
        _ guest: Guest, in article: DocumentID, from first: Int, _ watch: Stopwatch
    ) async throws {
        var due = first
        while !Task.isCancelled {
            let wait = due - watch.microseconds
            if wait > 0 {
                guard (try? await Task.sleep(for: .microseconds(wait))) != nil else { return }
            }
            let now = watch.microseconds
            let state = #"{"at":"00000000000000a1:\#(now % 1_000_000)","x":"@\#(now)"}"#
            let report = PresenceReport(
                doc: article, state: PresenceState(bytes: Array(state.utf8)))
            do {
                try await guest.send(.pres(report))
            } catch {
                if Task.isCancelled { return }
                throw error
            }
            due += pause
        }
    }

    /// Counts what comes in within some microseconds, until cancelled.
    private static func listen(
        _ guest: Guest, _ period: Range<Int>, _ watch: Stopwatch
    ) async throws -> Heard {
        var heard = Heard()
        var lines = guest.line.lines.makeAsyncIterator()
        do {
            while let line = try await lines.next() {
                let now = watch.microseconds
                guard period.contains(now), line.starts(with: Self.opening) else { continue }
                heard.messages += 1
                heard.bytes += line.count + 1
                guard let mark = line.firstIndex(of: Pen.mark) else { continue }
                let time = line[(mark + 1)...].prefix { (0x30...0x39).contains($0) }
                if let sent = Int(String(decoding: time, as: UTF8.self)) {
                    heard.latencies.add(now - sent)
                }
            }
        } catch {
            if !Task.isCancelled { throw error }
        }
        return heard
    }

    private static let opening = Array(#"{"t":"pres""#.utf8)
}

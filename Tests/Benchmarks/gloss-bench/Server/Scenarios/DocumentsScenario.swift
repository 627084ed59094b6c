import GlossCore
import GlossProtocol

/// What documents cost a server: some that are only followed, some that are in memory because
/// somebody has just written to them.
struct DocumentsScenario {
    static let followed = 2_000
    static let loaded = 100
    static let notes = 200
    static let corrections = 100

    let bench: ServerBench

    func run() async throws -> [Figure] {
        let small = try await bench.articles(Self.followed)
        let large = try await bench.articles(Self.loaded)
        let sample = try AnnotatedSample(
            name: "large", corrections: Self.corrections, notes: Self.notes + 2)
        try await fill(small, large, sample)
        // From here on nothing is in memory that was not asked for.
        await bench.server.kill()
        try await bench.server.start()
        let guest = try await bench.guests(1)[0]
        try await guest.follow(large[0].annotations)
        let before = try await settled()
        for article in small {
            try await guest.follow(article)
            try await guest.follow(article.annotations)
        }
        let following = try await settled()
        let first = try await annotate(large, sample.notes[Self.notes], guest)
        let next = try await annotate(large, sample.notes[Self.notes + 1], guest)
        let loading = try await settled()
        await bench.close([guest])
        return [
            Figure(
                what: "followed document that is not loaded",
                value: Double(following - before) / Double(2 * small.count) / 1_024, unit: "KiB",
                gate: 2, stretch: 1),
            Figure(
                what: "loaded article of 20 kB with \(Self.notes) notes",
                value: Double(loading - following) / Double(large.count) / 1_024, unit: "KiB",
                gate: 150, stretch: 80,
                details: [
                    ("first_push_ms", first.milliseconds(at: [0.5])[0]),
                    ("next_push_ms", next.milliseconds(at: [0.5])[0]),
                ]),
        ]
    }

    private func fill(
        _ small: [DocumentID], _ large: [DocumentID], _ sample: AnnotatedSample
    ) async throws {
        let guest = try await bench.guests(1)[0]
        let brief = try AnnotatedSample(name: "small", corrections: 0, notes: 0)
        for article in small { try await guest.push([(article, [brief.article[0]])]) }
        for article in large {
            try await guest.push([
                (article, sample.article),
                (article.annotations, Array(sample.notes.prefix(Self.notes))),
            ])
        }
        await bench.close([guest])
    }

    /// Pushes a note on each article, and says how long each took.
    private func annotate(
        _ articles: [DocumentID], _ note: Change, _ guest: Guest
    ) async throws -> Latencies {
        var latencies = Latencies()
        for article in articles {
            let start = bench.watch.microseconds
            try await guest.push([(article.annotations, [note])])
            latencies.add(bench.watch.microseconds - start)
        }
        return latencies
    }

    /// The server's memory, once it has stopped changing.
    private func settled() async throws -> Int {
        try await Task.sleep(for: .milliseconds(500))
        return await bench.server.residentBytes
    }
}

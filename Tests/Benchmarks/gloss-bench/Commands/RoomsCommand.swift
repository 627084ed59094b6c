import ArgumentParser
import GlossCore
import GlossProtocol

/// `gloss-bench rooms`
struct RoomsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rooms",
        abstract: "Measures what documents cost a server, followed and loaded.",
        discussion: """
            Runs glossd in a process of its own. Small articles are followed on a server that has \
            just started; then a note is pushed to each of some articles of 20 kB with 200 notes, \
            which loads them. Memory is resident memory by the kernel's count.
            """)

    @Option(help: "The glossd to measure.")
    var glossd: String

    @Option(help: "How many documents are followed; two to an article.")
    var followed = 4_000

    @Option(help: "How many articles of 20 kB are loaded.")
    var loaded = 100

    @Option(help: "How many notes each of these has.")
    var notes = 200

    @Option(help: "How many corrections each of these has.")
    var corrections = 100

    @Flag(help: "Have the server compact everything before it is measured.")
    var compact = false

    func run() async throws {
        let server = try ServerProcess(program: glossd)
        defer { server.remove() }
        var (host, port) = try await server.start()
        guard let link = JoinLink(try server.invitation()) else {
            throw BenchError("there is no invitation")
        }
        let small = (0..<followed / 2).map { DocumentID(high: 1, low: UInt64($0) << 1) }
        let large = (0..<loaded).map { DocumentID(high: 2, low: UInt64($0) << 1) }
        let sample = try AnnotatedSample(
            name: "large", corrections: corrections, notes: notes + 2)
        let stored = try await fill(
            server, host, port, link, small: small, large: large, sample: sample)
        if compact { try server.run("compact") }
        print("stored_bytes \(stored) -> \(server.storedBytes)")

        // From here on nothing is in memory that was not asked for.
        server.stop()
        (host, port) = try await server.start()
        var client = try await BenchClient(host: host, port: port, link: link, isNew: false)
        try await client.follow(large[0].annotations)
        let before = try await settled(server)
        for article in small {
            try await client.follow(article)
            try await client.follow(article.annotations)
        }
        let following = try await settled(server)
        print("followed_bytes \((following - before) / (2 * small.count))")

        var first: [Duration] = []
        var second: [Duration] = []
        let clock = ContinuousClock()
        for article in large {
            for index in [0, 1] {
                let note = sample.notes[notes + index]
                let time = try await clock.measure {
                    try await client.push([(article.annotations, [note])])
                }
                if index == 0 { first.append(time) } else { second.append(time) }
            }
        }
        let loading = try await settled(server)
        print("loaded_bytes \((loading - following) / large.count)")
        print("first_push_us \(microseconds(first)), next_push_us \(microseconds(second))")
    }

    /// Puts everything into the server; gives how long its database is then.
    private func fill(
        _ server: ServerProcess, _ host: String, _ port: Int, _ link: JoinLink,
        small: [DocumentID], large: [DocumentID], sample: AnnotatedSample
    ) async throws -> Int {
        var client = try await BenchClient(host: host, port: port, link: link, isNew: true)
        let all = small + large
        for start in stride(from: 0, to: all.count, by: 1_000) {
            try await client.create(Array(all[start..<min(start + 1_000, all.count)]))
        }
        let brief = try AnnotatedSample(name: "small", corrections: 0, notes: 1)
        let parts = [Array(brief.article.prefix(1)), []]
        for article in small { try await client.push([(article, parts[0])]) }
        for article in large {
            try await client.push([
                (article, sample.article),
                (article.annotations, Array(sample.notes.prefix(notes))),
            ])
        }
        return server.storedBytes
    }

    /// Its memory, once it has stopped changing.
    private func settled(_ server: ServerProcess) async throws -> Int {
        try await Task.sleep(for: .milliseconds(500))
        return server.residentBytes
    }

    /// The median.
    private func microseconds(_ times: [Duration]) -> Int {
        let sorted = times.sorted()
        guard !sorted.isEmpty else { return 0 }
        return Int(sorted[sorted.count / 2] / .microseconds(1))
    }
}

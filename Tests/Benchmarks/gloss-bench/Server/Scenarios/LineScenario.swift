import GlossProtocol
import GlossTransport

/// How many bytes tell a follower that somebody has typed a letter.
struct LineScenario {
    let bench: ServerBench

    func run() async throws -> Figure {
        let article = try await bench.articles(1)[0]
        let guests = try await bench.guests(2)
        var pen = bench.pen(article, changeBytes: 0)
        try await guests[0].line.send([pen.push(id: 1, at: 1)])
        while true {
            if case .acknowledged = try await guests[0].next() { break }
        }
        try await guests[1].follow(article)
        let letter = pen.letter()
        try await guests[0].send(
            .push(Push(id: 2, parts: [PushPart(doc: article, changes: [letter])])))
        var lines = guests[1].line.lines.makeAsyncIterator()
        var change = 0
        while let line = try await lines.next() {
            switch try ServerMessage.decode(line) {
            case .ops: change = line.count + 1
            case .live:
                await bench.close(guests)
                return Figure(
                    what: "a live one-letter change, its line whole", value: Double(change),
                    unit: "bytes", gate: 140, stretch: 100,
                    details: [
                        ("change", Double(letter.bytes.count)), ("live", Double(line.count + 1)),
                    ])
            default: continue
            }
        }
        throw BenchError("the server closed")
    }
}

import GlossCore
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
        let first = try await deliver(pen.letter(), as: 2, to: article, guests)
        let letter = pen.letter()
        let next = try await deliver(letter, as: 3, to: article, guests)
        await bench.close(guests)
        return Figure(
            what: "a live one-letter change, its line whole", value: Double(next), unit: "bytes",
            gate: 140, stretch: 100,
            details: [
                ("change", Double(letter.bytes.count)), ("first_of_its_author", Double(first)),
            ]
        )
    }

    /// Pushes a change, and gives the length of the line that a follower gets it in.
    private func deliver(
        _ change: RawChange, as id: Int, to article: DocumentID, _ guests: [Guest]
    ) async throws -> Int {
        try await guests[0].send(
            .push(Push(id: id, parts: [PushPart(doc: article, changes: [change])])))
        var lines = guests[1].line.lines.makeAsyncIterator()
        while let line = try await lines.next() {
            if case .row(let row) = try ServerMessage.decode(line), row.change == change {
                return line.count + 1
            }
        }
        throw BenchError("the server closed")
    }
}

import CBenchmark
import GlossCore
import GlossProtocol

/// What an article and its annotation set take of the heap once they are loaded, as a server loads
/// them: change by change, from bytes.
struct LoadedDocuments {
    /// How many words of the article were corrected.
    static let corrections = 100
    /// How many notes the set has.
    static let notes = 200

    func run() throws -> [Figure] {
        let sample = try AnnotatedSample(
            name: "loaded", corrections: Self.corrections, notes: 2 * Self.notes)
        let article = try heapBytes(of: sample.article, .bench)
        let set = try heapBytes(of: Array(sample.notes.prefix(Self.notes)), .bench.annotations)
        let twice = try heapBytes(of: sample.notes, .bench.annotations)
        return [
            Figure(what: "heap of an article of 20 kB", value: kibibytes(article), unit: "KiB"),
            Figure(
                what: "heap of a set of \(Self.notes) notes", value: kibibytes(set), unit: "KiB",
                details: [("bytes_a_note_more", Double(twice - set) / Double(Self.notes))]),
        ]
    }

    private func kibibytes(_ bytes: Int) -> Double { Double(bytes) / 1_024 }

    private func heapBytes(of changes: [Change], _ document: DocumentID) throws -> Int {
        let rows = changes.map { ChangeCodec.encode($0) }
        bench_heap_start()
        let replica = Result {
            var replica = Replica(id: document)
            for row in rows { try replica.integrate(ChangeCodec.decode(row)) }
            replica.shrink()
            return replica
        }
        // What was there before must not be given back while memory is counted.
        let counts = withExtendedLifetime(rows) { bench_heap_stop() }
        guard try replica.get().log.entries.count == changes.count else {
            throw BenchError("memory: not every change was taken in")
        }
        return Int(counts.live_bytes)
    }
}

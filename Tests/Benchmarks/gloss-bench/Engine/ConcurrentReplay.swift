import GlossCore

/// Plays a concurrent trace as its writers did: one document for each, which takes in what its
/// writer had seen before each transaction.
///
/// A writer's transactions follow from each other, so a document never has more than it should.
struct ConcurrentReplay {
    private let trace: Trace
    private var writers: [Int: Writer] = [:]
    /// The changes of each transaction.
    private var made: [[Change]] = []

    /// One writer's document, and which transactions are in it.
    private final class Writer {
        var document: Document
        var known: [Bool]
        /// The transaction after which it has nothing new.
        var head: Int?

        init(transactions: Int) {
            document = Document(id: .bench)
            known = Array(repeating: false, count: transactions)
        }

        init(copying other: Writer) {
            document = other.document.copy()
            known = other.known
            head = other.head
        }
    }

    init(_ trace: Trace) {
        self.trace = trace
        made.reserveCapacity(trace.transactions.count)
    }

    /// Every change in the order of the trace, which is a causal one.
    var changes: [Change] { made.flatMap { $0 } }

    mutating func run() throws {
        for (place, transaction) in trace.transactions.enumerated() {
            let writer = writer(of: transaction)
            try receive(transaction.parents, into: writer)
            let before = writer.document.versionVector
            let patches = transaction.patches.map {
                TextPatch(position: $0.position, deleted: $0.deleted, inserted: $0.inserted)
            }
            try writer.document.edit(patches, by: Recording.writer(transaction.agent))
            made.append(try writer.document.changes(since: before))
            writer.known[place] = true
            writer.head = place
        }
    }

    /// The document that everything ends in: the last transaction follows from all others.
    func merged() throws -> Document {
        guard let last = trace.transactions.last, let writer = writers[last.agent],
            writer.known.allSatisfy({ $0 })
        else { throw BenchError("\(trace.name): the last transaction does not follow from all") }
        return writer.document.copy()
    }

    /// The writer of a transaction; a new one starts from a copy where somebody is at its parent.
    private mutating func writer(of transaction: Transaction) -> Writer {
        if let writer = writers[transaction.agent] { return writer }
        let writer: Writer
        if transaction.parents.count == 1, let parent = transaction.parents.first,
            let other = writers[trace.transactions[parent].agent], other.head == parent
        {
            writer = Writer(copying: other)
        } else {
            writer = Writer(transactions: trace.transactions.count)
        }
        writers[transaction.agent] = writer
        return writer
    }

    /// Takes in whatever the parents follow from and the writer does not know.
    private func receive(_ parents: [Int], into writer: Writer) throws {
        var missing: [Int] = []
        var open = parents
        while let place = open.popLast() {
            if writer.known[place] { continue }
            writer.known[place] = true
            missing.append(place)
            open += trace.transactions[place].parents
        }
        for place in missing.sorted() {
            for change in made[place] { _ = try writer.document.integrate(change) }
        }
    }
}

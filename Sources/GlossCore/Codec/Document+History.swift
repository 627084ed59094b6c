/// The whole history as bytes.
///
/// Local versions stay, and with them the order in which this replica learned of the changes. Text
/// that follows the state before it by position is stored so: a run of operations is its kind, its
/// length and how far it begins from where the last one ended. The origins come back by replaying.
/// What does not (where concurrent changes hid a left origin or came between two) is stored by local
/// versions and goes its way through the rules of integration.
///
/// In an ``Envelope``: the head (``writeHead(to:)``); the length of all scalars ever inserted in
/// UTF-8, and these in the order of local versions; the columns of ``HistoryWriter``.
extension Document {
    /// The whole history as bytes; the document read from them gives the same bytes again, though
    /// others may be read as the same document.
    ///
    /// Replicas that learned of the same changes in another way give others.
    ///
    /// - Throws: ``CodecError`` if the log is needed and not to be had: see ``needsLog``.
    /// - Complexity: O(log n) for each run of operations, as for a merge, and O(n) in text.
    public func encodeHistory() throws(CodecError) -> [UInt8] {
        if burst.count > 0 || needsLog {
            var ready = settledCopy()
            try ready.loadLog()
            return ready.historyBytes()
        }
        return historyBytes()
    }

    private func historyBytes() -> [UInt8] {
        var body = Envelope.begin(.history)
        body.reserve(ops.scalars.count + ops.scalars.count / 4 + 1024)
        writeHead(to: &body)
        body.append(ops.scalars)
        var writer = HistoryWriter(expecting: ops.runs.count)
        writeOperations(to: &writer)
        writer.write(to: &body)
        return Envelope.seal(&body, weight: codecWeight)
    }

    /// A document from its whole history.
    ///
    /// - Throws: ``CodecError`` if the bytes cannot be the history of a document that was made by its
    ///   changes. They may come from anywhere: memory stays within a multiple of their length.
    /// - Complexity: O(log n) for each run of operations, as for a merge, and O(n) in bytes.
    public init(history bytes: [UInt8]) throws(CodecError) {
        // A noncopyable value cannot come to be on some ways through an initializer only.
        self.init(id: DocumentID(high: 0, low: 0))
        try read(history: bytes)
    }

    private mutating func read(history bytes: [UInt8]) throws(CodecError) {
        self = try Document.read(history: bytes)
    }

    private static func read(history bytes: [UInt8]) throws(CodecError) -> Document {
        var reader = try Envelope.open(bytes, kind: .history)
        var others = Others(ops: [], details: [], agents: [])
        var document = try Document.readHead(&reader, &others)
        let text = try reader.part(try reader.count(upTo: reader.remaining))
        guard document.ops.scalars.append(utf8: bytes.span.extracting(text)) != nil else {
            throw .damaged("the text is not UTF-8")
        }
        for detail in others.details { document.ops.append(detail) }
        try document.replay(&reader, others: others.ops)
        try document.checkDetails()
        return document
    }

    /// Whether some operations are insertions that the author of the one at a version knew.
    private mutating func isText(
        _ range: Range<LocalVersion>, before version: LocalVersion
    ) -> Bool {
        guard range.upperBound <= version else { return false }
        var isText = true
        ops.forEachRun(in: range) { index, _ in
            if ops.runs[index].kind != .insertion { isText = false }
        }
        let entry = graph.entryIndex(of: version)
        return isText && graph.contains(range.upperBound - 1, inRecalledHistoryOfEntry: entry)
    }

    /// Throws if what insertions and deletions say beside their text is not about such.
    private mutating func checkDetails() throws(CodecError) {
        for index in 0..<ops.replacements.count {
            let version = Int(ops.replacements[index])
            let change = changes.versions(of: changes.index(of: version))
            guard version > change.lowerBound, ops.kind(of: version) == .insertion,
                ops.kind(of: version - 1) == .deletion
            else { throw .damaged("an insertion replaces nothing") }
        }
        for detail in ops.details {
            let index = ops.index(of: detail.version)
            let run = ops.runs[index]
            let isPlain = detail.replaces.isEmpty && detail.from.isEmpty
            guard run.kind == .insertion || (run.kind == .deletion && isPlain) else {
                throw .damaged("a detail belongs to no insertion or deletion")
            }
            let change = changes.versions(of: changes.index(of: detail.version))
            let operation = ops.versions(ofRun: index).clamped(to: change)
            guard operation.lowerBound == detail.version else {
                throw .damaged("a detail is of the middle of an operation")
            }
            guard detail.from.isEmpty || detail.from.reduce(0, { $0 + $1.count }) == operation.count
            else { throw .damaged("text was moved from another number of characters") }
            for span in detail.replaces + detail.from {
                guard let ranges = versions(of: span),
                    ranges.allSatisfy({ isText($0, before: detail.version) })
                else { throw .damaged("what was replaced was no text") }
            }
        }
    }
}

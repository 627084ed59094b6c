/// The first changes of a document's log in one piece, each to be had again byte for byte.
///
/// Most come back by writing down what the history holds. The bytes of a change that do not (one with
/// fields or operations that are not known here) are kept as they are.
///
/// In an ``Envelope``: how many changes are kept so; for each how many changes lie between it and the
/// one before, its length and its bytes; then the length of the history and this
/// (``Document/encodeHistory()``).
public struct PackedLog: Sendable {
    /// The document as the changes left it. The index of a change in its log is the one here.
    public let replica: Replica
    /// The changes that are kept as they are, by index.
    public let verbatim: [Int: [UInt8]]

    /// The log of a replica.
    ///
    /// - Parameter verbatim: by index the bytes of changes that must not be written down anew.
    public init(_ replica: Replica, verbatim: [Int: [UInt8]]) {
        self.replica = replica
        self.verbatim = verbatim
    }

    /// The log that some bytes stand for.
    ///
    /// - Throws: ``CodecError``. The bytes may come from anywhere: memory stays within a multiple of
    ///   their length.
    /// - Complexity: as ``Document/init(history:)``.
    public init(decoding bytes: [UInt8]) throws(CodecError) {
        var reader = try Envelope.open(bytes, kind: .log)
        var verbatim: [Int: [UInt8]] = [:]
        var next = 0
        for _ in 0..<(try reader.listCount()) {
            let index = next + (try reader.count(upTo: CausalGraph.limit))
            let part = try reader.part(try reader.listCount())
            verbatim[index] = Array(bytes[part])
            next = index + 1
        }
        let history = try reader.part(try reader.listCount())
        try reader.finish()
        replica = try Replica(Document(history: Array(bytes[history])))
        self.verbatim = verbatim
        guard next <= count else { throw .damaged("a change is none of the history") }
    }

    /// How many changes there are.
    public var count: Int { replica.log.entries.count }

    /// The log as bytes.
    ///
    /// - Throws: ``CodecError`` if the replica lacks its log.
    /// - Complexity: as ``Document/encodeHistory()``.
    public func encode() throws(CodecError) -> [UInt8] {
        let history = try replica.document.encodeHistory()
        var body = Envelope.begin(.log)
        body.append(count: verbatim.count)
        var next = 0
        for (index, bytes) in verbatim.sorted(by: { $0.key < $1.key }) {
            body.append(count: index - next)
            body.append(count: bytes.count)
            body.append(contentsOf: bytes)
            next = index + 1
        }
        body.append(count: history.count)
        body.append(contentsOf: history)
        return Envelope.seal(&body, weight: 0)
    }
}

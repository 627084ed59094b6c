import GlossCore

/// The blocks that were read last, opened, and those that are being opened: each once, however many
/// read in it.
struct OpenBlocks {
    /// Bytes that the blocks kept may have together where they are stored. One alone may have more, as
    /// it is likely that somebody reads on in it.
    static let byteLimit = 4 * 1_048_576

    /// The block of a document.
    enum Block {
        case opened(OpenBlock)
        case opening(Task<OpenBlock?, any Error>)
    }

    private let byteLimit: Int
    /// The one used last stands at the end.
    private var blocks: [OpenBlock] = []
    private var underWay: [DocumentID: (head: Int, task: Task<OpenBlock?, any Error>)] = [:]

    init(byteLimit: Int = Self.byteLimit) {
        self.byteLimit = byteLimit
    }

    /// The block of a document that reaches to a position: what is kept of it, or else what `open` opens.
    mutating func block(
        of document: DocumentID, head: Int, open: () -> Task<OpenBlock?, any Error>
    ) -> Block {
        if let index = blocks.firstIndex(where: { $0.document == document && $0.head == head }) {
            let block = blocks.remove(at: index)
            blocks.append(block)
            return .opened(block)
        }
        if let known = underWay[document], known.head == head { return .opening(known.task) }
        let task = open()
        underWay[document] = (head, task)
        return .opening(task)
    }

    /// Notes what became of opening a block, and keeps it, in place of those used longest ago.
    mutating func finish(_ document: DocumentID, head: Int, _ block: OpenBlock?) {
        // Of a block that was replaced or purged meanwhile nothing stays.
        guard underWay[document]?.head == head else { return }
        drop(document)
        guard let block else { return }
        blocks.append(block)
        var count = blocks.reduce(0) { $0 + $1.byteCount }
        while count > byteLimit, blocks.count > 1 { count -= blocks.removeFirst().byteCount }
    }

    /// Forgets the block of a document.
    mutating func drop(_ document: DocumentID) {
        blocks.removeAll { $0.document == document }
        underWay[document] = nil
    }
}

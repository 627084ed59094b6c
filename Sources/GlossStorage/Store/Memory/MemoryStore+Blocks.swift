public import GlossCore

extension MemoryStore {
    /// The ``Store`` requirement.
    public func size(of document: DocumentID) throws(StoreError) -> LogSize? {
        try checkOpen()
        guard let log = logs[document] else { return nil }
        let blockHead = log.block?.head ?? 0
        return LogSize(
            head: log.rows.count, blockHead: blockHead,
            blockBytes: log.block.map { $0.changes.count + $0.head * LogRules.hashLength } ?? 0,
            tailBytes: log.rows.dropFirst(blockHead).reduce(0) {
                $0 + LogSize.bytes(of: $1)
            })
    }

    /// The ``Store`` requirement.
    public func block(of document: DocumentID) throws(StoreError) -> LogBlock? {
        try checkOpen()
        return logs[document]?.block
    }

    /// The ``Store`` requirement.
    public func compact(
        _ document: DocumentID, to position: Int, from blockHead: Int, changes: [UInt8]
    ) throws(StoreError) {
        try checkOpen()
        let unpacked = try packing.unpack(changes, of: document)
        guard unpacked.count == position, position > blockHead else {
            throw LogRules.notTheSame(document, position)
        }
        guard var log = logs[document] else { throw LogRules.unknown(document) }
        guard (log.block?.head ?? 0) == blockHead else { throw LogRules.otherBlock(document) }
        guard position <= log.rows.count else {
            throw LogRules.tooShort(document, log.rows.count)
        }
        for row in try rows(of: document, after: 0, maxBytes: .max, maxRows: position)
        where try unpacked.bytes(at: row.position - 1) != row.bytes {
            throw LogRules.notTheSame(document, row.position)
        }
        for index in blockHead..<position { log.rows[index].bytes = [] }
        log.block = LogBlock(head: position, changes: changes)
        logs[document] = log
    }
}

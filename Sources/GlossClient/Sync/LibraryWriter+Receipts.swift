import GlossCore
import GlossCrypto
import GlossProtocol
import GlossStorage

extension LibraryReader {
    /// The chain of a document's log up to a position, continued from where it is known; `nil` unless
    /// all rows up to there are here.
    private func chain(
        of document: DocumentID, to position: Int, from start: LogChain
    ) throws(StoreError) -> LogChain? {
        var chain: LogChain? = start
        try eachRow(of: document, after: start.position, upTo: position) { row in
            chain = chain?.adding(row)
        }
        return chain?.position == position ? chain : nil
    }

    /// Whether the rows here lead to the chain of a receipt.
    func agrees(
        with receipt: LogReceipt, of document: DocumentID, lineage: UInt64
    ) throws(StoreError) -> Bool {
        var start = LogChain(of: document)
        if let kept = try self.receipt(for: document), kept.lineage == lineage,
            kept.position <= receipt.chain.position, let digest = SHA256Digest(kept.chain)
        {
            start = LogChain(position: kept.position, digest: digest)
        }
        return try chain(of: document, to: receipt.chain.position, from: start) == receipt.chain
    }

    /// What of a document was acknowledged and waits to be given back by a receipt.
    func promised(of document: DocumentID) throws(StoreError) -> Set<OpID> {
        var ids: Set<OpID> = []
        for log in try formerLogs(of: document) {
            for row in try rows(of: log) { ids.insert(OpID(agent: row.agent, seq: row.seq)) }
        }
        return ids
    }
}

extension LibraryWriter {
    /// Sets apart what a receipt covers and the server, by what it says it has, has lost: to be given
    /// back, whatever comes in meanwhile. Without a receipt, or where its rows are not all here,
    /// nothing is.
    func keepFormerLog(
        of document: DocumentID, beyond vector: VersionVector
    ) throws(StoreError) {
        guard try isAcknowledged(beyond: vector, in: document),
            let receipt = try receipt(for: document)
        else { return }
        var chain: LogChain? = LogChain(of: document)
        var start: LogChain?
        var rows: [LogOutline] = []
        try eachRow(of: document, after: 0, upTo: receipt.position) { row in
            if start == nil, vector[row.agent] < row.seq + row.count { start = chain }
            if start != nil { rows.append(row) }
            chain = chain?.adding(row)
        }
        guard let start, chain?.position == receipt.position,
            chain?.digest.bytes == receipt.chain
        else { return }
        try add(
            FormerLog(
                document: document, lineage: receipt.lineage, start: start.position,
                startChain: start.digest.bytes, position: receipt.position,
                signature: receipt.signature), rows)
        try keepReceipt(nil, for: document)
    }
}

extension LogChain {
    /// The chain with the next row; `nil` if the row is not the next.
    func adding(_ row: LogOutline) -> LogChain? {
        guard row.position == position + 1, let hash = SHA256Digest(row.hash) else { return nil }
        var chain = self
        chain.append(
            user: row.user, device: row.deviceLabel, time: row.receivedAt, hash: hash)
        return chain
    }
}

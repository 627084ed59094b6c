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
            for row in try rows(of: log) { ids.insert(row.id) }
        }
        return ids.subtracting(try refusedRows(of: document).map(\.row.id))
    }

    /// What others made, the server does not take back of a document, and nobody has brought since, each
    /// change once.
    func unreturned(of document: DocumentID) throws(StoreError) -> [RefusedRow] {
        var seen: Set<OpID> = []
        var found: [RefusedRow] = []
        for refused in try refusedRows(of: document) where seen.insert(refused.row.id).inserted {
            if let change = try change(of: document, holding: refused.row.id), change.isLost,
                !change.isOwn
            {
                found.append(refused)
            }
        }
        return found
    }

    /// Of what the server left out of a former log, what it will never take: what it says so of, and
    /// what builds on that, or on what is refused or left out here.
    func unreturnable(
        _ leftOut: [LeftOut], of log: FormerLog, _ rows: [LogOutline]
    ) throws -> [(row: LogOutline, code: ErrorCode, message: String)] {
        let document = log.document
        let article = try article(of: document)
        var refused = Set(
            try (refusedRows(of: document) + refusedRows(of: article)).map(\.row.lastID))
        let byID = Dictionary(rows.map { ($0.id, $0) }) { first, _ in first }
        var found: [(row: LogOutline, code: ErrorCode, message: String)] = []
        for left in leftOut {
            guard let row = byID[left.change] else { continue }
            var isFinal = left.retry == .never
            if !isFinal, left.code == .missingDependency,
                let stored = try change(of: document, holding: row.id)
            {
                let change = try ChangeCodec.decode(stored.bytes)
                isFinal =
                    try change.causes.contains {
                        try refused.contains($0) || isGone($0, in: document)
                    }
                    || change.seenText.contains {
                        try refused.contains($0) || isGone($0, in: article)
                    }
            }
            if !isFinal { continue }
            refused.insert(row.lastID)
            found.append((row, left.code, left.message))
        }
        return found
    }

    /// Whether what a server will not take of a set, as what it stands on is gone, was made here.
    func isStranded(
        _ row: LogOutline, _ code: ErrorCode, in log: FormerLog
    ) throws(StoreError) -> Bool {
        guard code == .missingDependency, log.document.kind != .article else { return false }
        return try change(of: log.document, holding: row.id)?.isOwn == true
    }
}

extension LibraryWriter {
    /// Notes that the server does not take rows of a former log back, and why. What this device made
    /// of them goes into the outbox, if the server lacks it and it is not there, or refused, already.
    ///
    /// - Returns: how many changes went there, and how many more of others are not taken back.
    func refuse(
        _ rows: [(row: LogOutline, code: ErrorCode, message: String)], of log: FormerLog,
        beyond vector: VersionVector
    ) throws(StoreError) -> (returned: Int, unreturned: Int) {
        let known = Set(try unreturned(of: log.document).map(\.row.id))
        var returned = 0
        for (row, code, message) in rows {
            try refuseRow(of: log, at: row.position, code: code.rawValue, message: message)
            guard let change = try change(of: log.document, holding: row.id), change.isOwn,
                change.state == .acknowledged, row.isBeyond(vector)
            else { continue }
            try returnToOutbox(log.document, change.index)
            returned += 1
        }
        let unreturned = try unreturned(of: log.document).count { !known.contains($0.row.id) }
        return (returned, unreturned)
    }

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

extension LogOutline {
    /// The id of the first operation of its change.
    var id: OpID { OpID(agent: agent, seq: seq) }

    /// The id of the last one.
    var lastID: OpID { OpID(agent: agent, seq: seq + count - 1) }

    /// Whether a server that has a vector lacks some of it.
    func isBeyond(_ vector: VersionVector) -> Bool { vector[agent] < seq + count }
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

import GRDB
public import GlossCore

extension LibraryReader {
    /// The server's last receipt for a document, or `nil`.
    public func receipt(for document: DocumentID) throws(StoreError) -> KeptReceipt? {
        try connection.first(
            """
            SELECT lineage, receipts.position, chain, signature
            FROM receipts JOIN replicas ON number = document WHERE replicas.id = ?
            """, [document.sql]
        ) { (row: inout Columns) throws(StoreError) in
            KeptReceipt(
                lineage: try row.bits(), position: try row.position(), chain: try row.hash(),
                signature: try row.bytes())
        }
    }

    /// Visits what is here of the server's log behind one position and up to another, in order. There
    /// may be holes.
    public func eachRow(
        of document: DocumentID, after start: Int, upTo end: Int,
        _ visit: (LogOutline) throws(StoreError) -> Void
    ) throws(StoreError) {
        guard let number = try existingNumber(of: document) else { return }
        try connection.each(
            """
            SELECT position, agent, seq, count, user, device_label, received_at, hash,
                length(bytes)
            FROM changes WHERE document = ? AND position > ? AND position <= ? ORDER BY position
            """, [number, start, end]
        ) { (row: inout Columns) throws(StoreError) in
            try visit(try LogOutline(row: &row))
            return true
        }
    }

    /// Whether a change of a document that the server has acknowledged has numbers beyond a vector.
    public func isAcknowledged(
        beyond vector: VersionVector, in document: DocumentID
    ) throws(StoreError) -> Bool {
        guard let number = try existingNumber(of: document) else { return false }
        var isBeyond = false
        try connection.each(
            """
            SELECT agent, max(seq + count) FROM changes WHERE document = ? AND state = 2
            GROUP BY agent
            """, [number]
        ) { (row: inout Columns) throws(StoreError) in
            isBeyond = vector[try row.agent()] < (try row.count())
            return !isBeyond
        }
        return isBeyond
    }

    /// Whether it is known of any change of a document where it stands in the server's log.
    public func hasPositions(of document: DocumentID) throws(StoreError) -> Bool {
        guard let number = try existingNumber(of: document) else { return false }
        return try connection.exists(
            "SELECT 1 FROM changes WHERE document = ? AND position > 0", [number])
    }

    /// The ends of a document's logs that are to be given back, the oldest first.
    public func formerLogs(of document: DocumentID) throws(StoreError) -> [FormerLog] {
        try connection.all(
            """
            SELECT former_logs.id, lineage, start, start_chain, former_logs.position, signature
            FROM former_logs JOIN replicas ON number = document
            WHERE replicas.id = ? ORDER BY former_logs.id
            """, [document.sql]
        ) { (row: inout Columns) throws(StoreError) in
            FormerLog(
                id: try row.int64(), document: document, lineage: try row.bits(),
                start: try row.position(), startChain: try row.hash(),
                position: try row.position(), signature: try row.bytes())
        }
    }

    /// The rows of such an end, in order. One whose change is no longer here is missing.
    public func rows(of log: FormerLog) throws(StoreError) -> [LogOutline] {
        guard let number = try existingNumber(of: log.document) else { return [] }
        return try connection.all(
            """
            SELECT former_rows.position, former_rows.agent, former_rows.seq, count,
                former_rows.user, former_rows.device_label, former_rows.received_at, hash,
                length(bytes)
            FROM former_rows JOIN changes ON changes.document = ?
                AND changes.agent = former_rows.agent AND changes.seq = former_rows.seq
            WHERE log = ? ORDER BY former_rows.position
            """, [number, log.id], LogOutline.init(row:))
    }

    /// What of a document's former logs the server does not take back, in the order of the logs.
    public func refusedRows(of document: DocumentID) throws(StoreError) -> [RefusedRow] {
        guard let number = try existingNumber(of: document) else { return [] }
        return try connection.all(
            """
            SELECT former_rows.position, former_rows.agent, former_rows.seq, count,
                former_rows.user, former_rows.device_label, former_rows.received_at, hash,
                length(bytes), log, former_rows.code, former_rows.reason
            FROM former_logs JOIN former_rows ON log = former_logs.id
            JOIN changes ON changes.document = former_logs.document
                AND changes.agent = former_rows.agent AND changes.seq = former_rows.seq
            WHERE former_logs.document = ? AND former_rows.code IS NOT NULL
            ORDER BY log, former_rows.position
            """, [number]
        ) { (row: inout Columns) throws(StoreError) in
            let outline = try LogOutline(row: &row)
            return RefusedRow(
                log: try row.int64(), row: outline, code: try row.text(),
                message: try row.optionalText() ?? "")
        }
    }
}

extension LibraryWriter {
    /// Keeps a receipt in place of the one there; `nil` removes it. `notFound` if there is no replica.
    public func keepReceipt(
        _ receipt: KeptReceipt?, for document: DocumentID
    ) throws(StoreError) {
        let number = try number(of: document)
        guard let receipt else {
            return try connection.run("DELETE FROM receipts WHERE document = ?", [number])
        }
        try connection.run(
            """
            INSERT OR REPLACE INTO receipts (document, lineage, position, chain, signature)
            VALUES (?, ?, ?, ?, ?)
            """,
            [
                number, receipt.lineage.sql, receipt.position, receipt.chain,
                receipt.signature,
            ])
    }

    /// Keeps the end of a log that is to be given back; `notFound` if there is no replica.
    public func add(_ log: FormerLog, _ rows: [LogOutline]) throws(StoreError) {
        let number = try number(of: log.document)
        try connection.run(
            """
            INSERT INTO former_logs (document, lineage, start, start_chain, position, signature)
            VALUES (?, ?, ?, ?, ?, ?)
            """,
            [
                number, log.lineage.sql, log.start, log.startChain, log.position,
                log.signature,
            ])
        let id = connection.insertedRowID
        for row in rows {
            try connection.run(
                """
                INSERT INTO former_rows
                    (log, position, agent, seq, user, device_label, received_at)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    id, row.position, row.agent.sql, row.seq, row.user, row.deviceLabel,
                    row.receivedAt,
                ])
        }
    }

    /// Notes that the server does not take a row of a former log back; nothing if there is none.
    public func refuseRow(
        of log: FormerLog, at position: Int, code: String, message: String
    ) throws(StoreError) {
        try connection.run(
            "UPDATE former_rows SET code = ?, reason = ? WHERE log = ? AND position = ?",
            [code, message, log.id, position])
    }

    /// Removes the end of a log: it has been given back, or never will be.
    public func remove(_ log: FormerLog) throws(StoreError) {
        try connection.run("DELETE FROM former_logs WHERE id = ?", [log.id])
    }

    /// Forgets where the changes of a document stand in the server's log, which will be read from its
    /// start, and the receipt for it.
    public func forgetPositions(of document: DocumentID) throws(StoreError) {
        try connection.run(
            """
            UPDATE changes SET position = 0
            WHERE document = (SELECT number FROM replicas WHERE id = ?) AND position > 0
            """, [document.sql])
        try keepReceipt(nil, for: document)
    }
}

extension LogOutline {
    init(row: inout Columns) throws(StoreError) {
        self.init(
            position: try row.position(), agent: try row.agent(), seq: try row.seq(),
            count: try row.count(), user: try row.text(), deviceLabel: try row.text(),
            receivedAt: try row.int(), hash: try row.hash(), byteCount: try row.position())
    }
}

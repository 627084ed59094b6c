public import GlossCore

extension LibraryWriter {
    /// Appends a change made here, unsent, and says at which place of the local order.
    ///
    /// `notFound` if there is no replica of its document or no such history entry, `exists` if
    /// operations of the same numbers are stored, `invalid` if it is malformed.
    @discardableResult
    public func append(_ change: LocalChange) throws(StoreError) -> Int {
        let row = NewChange(
            document: change.document, agent: change.agent, seq: change.seq, count: change.count,
            bytes: change.bytes, hash: change.hash)
        return try append(row, receipt: nil, entry: change.entry)
    }

    /// Appends a change that came from the server, and says at which place of the local order.
    ///
    /// Errors as for a local one. A change of this device that comes back is not appended but
    /// acknowledged.
    @discardableResult
    public func append(_ change: ReceivedChange) throws(StoreError) -> Int {
        let row = NewChange(
            document: change.document, agent: change.agent, seq: change.seq, count: change.count,
            bytes: change.bytes, hash: change.hash)
        let receipt = Receipt(
            position: change.position, user: change.user, deviceLabel: change.deviceLabel,
            receivedAt: change.receivedAt)
        return try append(row, receipt: receipt, entry: nil)
    }

    /// Notes that the bytes of a change may reach a server from now on. It must be on disk before
    /// they go to a socket. A refused change goes back into the outbox that way, an acknowledged
    /// one stays as it is. `notFound` if there is no such change.
    public func markOffered(_ document: DocumentID, _ index: Int) throws(StoreError) {
        try update(
            document, index,
            set: "state = CASE state WHEN 2 THEN 2 ELSE 1 END, code = NULL, reason = NULL", [])
    }

    /// Notes that a change is in the server's log; `notFound` if there is no such change.
    public func markAcknowledged(
        _ document: DocumentID, _ index: Int, _ receipt: Receipt
    ) throws(StoreError) {
        try update(
            document, index,
            set: """
                state = 2, position = ?, user = ?, device_label = ?, received_at = ?,
                    code = NULL, reason = NULL
                """,
            [receipt.position, receipt.user, receipt.deviceLabel, receipt.receivedAt])
    }

    /// Notes that the server does not have a change after all, so that it is offered again;
    /// `notFound` if there is no such change.
    public func returnToOutbox(_ document: DocumentID, _ index: Int) throws(StoreError) {
        try update(
            document, index,
            set: """
                state = 1, position = NULL, code = NULL, reason = NULL, added = ifnull(added, ?)
                """, [try lastAdded() + 1])
    }

    /// Notes that the server will not have a change; `notFound` if there is no such change.
    public func markRefused(
        _ document: DocumentID, _ index: Int, code: String, message: String
    ) throws(StoreError) {
        try update(
            document, index, set: "state = 3, position = NULL, code = ?, reason = ?",
            [code, message])
    }

    /// Moves a change behind all others of its document in the local order, and says to which place;
    /// `notFound` if there is no such change. In the order in which things were made here, it stays
    /// where it is.
    public func moveToEnd(_ document: DocumentID, _ index: Int) throws(StoreError) -> Int {
        let place = try nextPlace(in: number(of: document))
        try update(document, index, set: "place = ?", [place])
        return place
    }

    /// Puts a change in the place of another, in the same history entry: its author's new agent made
    /// it anew. It is refused if the other was, and unsent otherwise. Under another name no server has
    /// ever received it, so it has no time of that.
    ///
    /// `notFound` if there is no change at that place, `exists` if operations of the same numbers
    /// are stored elsewhere, `invalid` if the one there is acknowledged or the new one malformed.
    public func replace(at index: Int, with change: LocalChange) throws(StoreError) {
        let number = try number(of: change.document)
        try requireUnacknowledged(change.document, number, index)
        try check(
            NewChange(
                document: change.document, agent: change.agent, seq: change.seq,
                count: change.count, bytes: change.bytes, hash: change.hash),
            inReplica: number, besides: index, isLocal: true)
        try update(
            change.document, index,
            set: """
                agent = ?, seq = ?, count = ?, bytes = ?, hash = ?,
                    state = CASE state WHEN 3 THEN 3 ELSE 0 END,
                    received_at = CASE WHEN agent = ? AND seq = ? THEN received_at END
                """,
            [
                change.agent.sql, change.seq, change.count, change.bytes, change.hash,
                change.agent.sql, change.seq,
            ])
    }

    /// Removes a change that the server does not have, leaving a hole in the local order.
    ///
    /// `notFound` if there is no such change, `invalid` if it is acknowledged.
    public func drop(_ document: DocumentID, _ index: Int) throws(StoreError) {
        let number = try number(of: document)
        try requireUnacknowledged(document, number, index)
        try connection.run(
            "DELETE FROM changes WHERE document = ? AND place = ?", [number, index])
    }

    private func append(
        _ change: NewChange, receipt: Receipt?, entry: Int64?
    ) throws(StoreError) -> Int {
        let number = try number(of: change.document)
        try check(change, inReplica: number, besides: nil, isLocal: receipt == nil)
        let place = try nextPlace(in: number)
        let added: Int? = receipt == nil ? try lastAdded() + 1 : nil
        try connection.run(
            """
            INSERT INTO changes (document, place, added, agent, seq, count, hash, state, position,
                user, device_label, received_at, entry, bytes)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                number, place, added, change.agent.sql, change.seq, change.count,
                change.hash,
                receipt == nil ? 0 : 2, receipt?.position, receipt?.user, receipt?.deviceLabel,
                receipt?.receivedAt, entry, change.bytes,
            ])
        return place
    }

    /// The place behind all that a document has or had in the local order.
    private func nextPlace(in number: Int64) throws(StoreError) -> Int {
        let last = try connection.first(
            """
            SELECT max(
                ifnull((SELECT max(place) FROM changes WHERE document = ?1), 0),
                ifnull((SELECT max(place) FROM recalled WHERE document = ?1), 0))
            """, [number]
        ) { (row: inout Columns) throws(StoreError) in try row.optionalInt() ?? 0 }
        return (last ?? 0) + 1
    }

    private func lastAdded() throws(StoreError) -> Int {
        try connection.first(
            """
            SELECT max(ifnull((SELECT max(added) FROM changes WHERE added IS NOT NULL), 0),
                ifnull((SELECT max(added) FROM recalled), 0))
            """
        ) {
            (row: inout Columns) throws(StoreError) in try row.optionalInt() ?? 0
        } ?? 0
    }

    private func update(
        _ document: DocumentID, _ index: Int, set: String, _ arguments: Connection.Arguments
    ) throws(StoreError) {
        let number = try number(of: document)
        try connection.run(
            "UPDATE changes SET \(set) WHERE document = ? AND place = ?",
            arguments + [number, index])
        guard connection.changed == 1 else { throw noChange(document, index) }
    }

    private func requireUnacknowledged(
        _ document: DocumentID, _ number: Int64, _ index: Int
    ) throws(StoreError) {
        let state = try connection.first(
            "SELECT state FROM changes WHERE document = ? AND place = ?", [number, index]
        ) { (row: inout Columns) throws(StoreError) in try row.int() }
        guard let state else { throw noChange(document, index) }
        guard state != 2 else {
            throw StoreError(
                .invalid, "Change \(index) of document \(document) is in the server's log.")
        }
    }

    private func check(
        _ change: NewChange, inReplica number: Int64, besides index: Int?, isLocal: Bool
    ) throws(StoreError) {
        guard change.count >= 1, change.seq >= 0, change.seq < OpID.limit,
            change.count <= OpID.limit - change.seq, change.hash.count == LogRules.hashLength
        else {
            throw StoreError(
                .invalid,
                "The change \(change.agent):\(change.seq) has a malformed number, count or hash.")
        }
        // Stored changes of an agent never overlap, so only the last one that begins before the
        // end of the new one can reach into it. What was recalled keeps its
        // numbers, so that nothing else is made under them here.
        let end = try connection.first(
            """
            SELECT max(seq + count) FROM (
                SELECT * FROM (
                    SELECT seq, count FROM changes
                    WHERE document = ?1 AND agent = ?2 AND seq < ?3 AND place IS NOT ?4
                    ORDER BY seq DESC LIMIT 1)
                UNION ALL SELECT * FROM (
                    SELECT seq, count FROM recalled
                    WHERE ?5 AND document = ?1 AND agent = ?2 AND seq < ?3
                    ORDER BY seq DESC LIMIT 1))
            """, [number, change.agent.sql, change.seq + change.count, index, isLocal]
        ) { (row: inout Columns) throws(StoreError) in try row.optionalInt() ?? 0 }
        guard end ?? 0 <= change.seq else {
            throw StoreError(
                .exists,
                "Document \(change.document) holds \(change.agent):\(change.seq) already.")
        }
    }

    func noChange(_ document: DocumentID, _ index: Int) -> StoreError {
        StoreError(.notFound, "Document \(document) has no change at place \(index).")
    }
}

/// What local and received changes have in common.
private struct NewChange {
    var document: DocumentID
    var agent: AgentID
    var seq: Int
    var count: Int
    var bytes: [UInt8]
    var hash: [UInt8]
}

public import GlossCore

extension LibraryReader {
    /// What was made here in any document after a change and is not acknowledged, refused changes
    /// included, in the order in which it was made.
    public func unacknowledged(
        madeAfter change: StoredChange
    ) throws(StoreError) -> [StoredChange] {
        guard let number = try existingNumber(of: change.document) else { return [] }
        return try stored(
            """
            WHERE state != 2 AND added > (
                SELECT added FROM changes WHERE document = ? AND place = ?
            ) ORDER BY added
            """, [number, change.index])
    }

    /// The changes of a history entry that were recalled, in the order in which they were made.
    public func recalled(ofEntry entry: Int64) throws(StoreError) -> [StoredChange] {
        try recalled("WHERE entry = ? ORDER BY added", [entry])
    }

    /// All changes that were recalled, in the order in which they were made.
    public func recalled() throws(StoreError) -> [StoredChange] {
        try recalled("ORDER BY added", [])
    }

    private func recalled(
        _ condition: String, _ arguments: Connection.Arguments
    ) throws(StoreError) -> [StoredChange] {
        try connection.all(
            """
            SELECT replicas.id, place, recalled.agent, seq, count, bytes, hash, NULL, NULL, NULL,
                NULL, entry, 0, NULL, NULL
            FROM recalled JOIN replicas ON replicas.number = recalled.document \(condition)
            """, arguments, StoredChange.init(row:))
    }
}

extension LibraryWriter {
    /// Takes a change of a history entry out of the log that no server can have, and keeps it aside.
    /// Nothing else ever gets its place or its operations' numbers.
    ///
    /// `notFound` if there is no such change, `invalid` if it was ever offered, or belongs to no
    /// entry.
    public func recall(_ document: DocumentID, _ index: Int) throws(StoreError) {
        let number = try number(of: document)
        guard let change = try change(of: document, at: index) else {
            throw StoreError(.notFound, "Document \(document) has no change at place \(index).")
        }
        guard change.state == .unsent, change.entry != nil else {
            throw StoreError(
                .invalid, "Change \(index) of document \(document) may have left this device.")
        }
        try connection.run(
            """
            INSERT INTO recalled (document, place, added, agent, seq, count, hash, entry, bytes)
            SELECT document, place, added, agent, seq, count, hash, entry, bytes FROM changes
            WHERE document = ? AND place = ?
            """, [number, index])
        try connection.run(
            "DELETE FROM changes WHERE document = ? AND place = ?", [number, index])
    }

    /// Puts a change in the place of one that was recalled: it goes by other names from now on.
    /// `notFound` if none was recalled from there.
    public func replaceRecalled(at index: Int, with change: LocalChange) throws(StoreError) {
        let number = try number(of: change.document)
        try connection.run(
            """
            UPDATE recalled SET agent = ?, seq = ?, count = ?, bytes = ?, hash = ?
            WHERE document = ? AND place = ?
            """,
            [
                change.agent.sql, change.seq, change.count, change.bytes, change.hash, number,
                index,
            ])
        guard connection.changed == 1 else { throw noChange(change.document, index) }
    }

    /// Puts the changes of a history entry that were recalled back where they were, unsent. What they build
    /// on may have another place by now: see ``moveToEnd(_:_:)``.
    public func reinstate(_ entry: Int64) throws(StoreError) {
        try connection.run(
            """
            INSERT INTO changes (document, place, added, agent, seq, count, hash, state, entry, bytes)
            SELECT document, place, added, agent, seq, count, hash, 0, entry, bytes FROM recalled
            WHERE entry = ?
            """, [entry])
        try connection.run("DELETE FROM recalled WHERE entry = ?", [entry])
    }
}

public import GlossCore

extension LibraryWriter {
    /// Removes some documents with all that is here of them: changes, names, drafts, receipts, and the
    /// history entries that were about nothing else. What is not here is no error.
    public func forget(_ documents: [DocumentID]) throws(StoreError) {
        var entries: Set<Int64> = []
        for document in documents {
            for table in ["names", "drafts", "articles"] {
                try connection.run("DELETE FROM \(table) WHERE document = ?", [document.sql])
            }
            guard let number = try existingNumber(of: document) else { continue }
            entries.formUnion(
                try connection.all(
                    """
                    SELECT entry FROM changes WHERE document = ?1 AND entry IS NOT NULL
                    UNION SELECT entry FROM recalled WHERE document = ?1
                    """, [number]
                ) { (row: inout Columns) throws(StoreError) in try row.int64() })
            for table in ["changes", "recalled", "receipts", "former_logs"] {
                try connection.run("DELETE FROM \(table) WHERE document = ?", [number])
            }
            try connection.run("DELETE FROM replicas WHERE number = ?", [number])
        }
        for entry in entries.sorted() { try forgetEntry(entry) }
    }

    /// Removes a history entry, with those that undo it, if none of its changes is left.
    private func forgetEntry(_ entry: Int64) throws(StoreError) {
        guard try changes(ofEntry: entry).isEmpty, try recalled(ofEntry: entry).isEmpty else {
            return
        }
        try connection.run(
            """
            WITH RECURSIVE gone (id) AS (
                VALUES (?) UNION SELECT history.id FROM history JOIN gone ON undoes = gone.id)
            DELETE FROM history WHERE id IN (SELECT id FROM gone)
            """, [entry])
    }
}
